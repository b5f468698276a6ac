'use strict';

// Runs programs that the emulator generates for calls, without changes.

const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { describe, it } = require('node:test');
const { promisify } = require('node:util');

const { CLIENTS } = require('./clients');
const { address, control, withTenant } = require('./emulator');
const { TENCENT_CLIENTS } = require('./tencent_clients');

const SERVER = address('KMS_EMULATOR_STRICT');
const CLOUDS = ['alibaba', 'tencent'];
// The product whose operations are steps of the life cycle.
const PRODUCT = { alibaba: 'Kms', tencent: 'ssm' };
const VALUE = { alibaba: 'SecretData', tencent: 'SecretString' };
const read = (file) => fs.readFileSync(path.join(__dirname, '..', file), 'utf8');
// Characters with a special meaning in the language, in JSON or in a query string.
const SPECIAL =
  '-it\'s "quoted" `${tick}` \\n \\u0041 \\ $HOME ${HOME} %s {} «a» <&+%20> </script>\n\ttabbed\r\nend: 密码 🔑\u2028\u200d\x7f';

/** The generated program for a call, which has cloud, action and parameters. */
async function program(call) {
  const generated = JSON.parse(await control(SERVER, 'POST', 'call', { ...call, send: false }));
  assert.equal(generated.reply, null);
  const [code, ...others] = generated.code.filter(({ language }) => language === 'node');
  assert.deepEqual(others, []);
  return code;
}

/** Runs the program for a call. The result has `reply`, or `refusal` with code and message. */
async function run(own, call) {
  const { text } = await program({ ...call, account: own.account });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'generated-'));
  try {
    const file = path.join(folder, 'program.js');
    fs.writeFileSync(file, text);
    const env = {
      ...process.env,
      NODE_PATH: path.join(__dirname, 'node_modules'),
      ALIBABA_CLOUD_ACCESS_KEY_ID: own.keyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: own.secret,
      TENCENTCLOUD_SECRET_ID: own.keyId,
      TENCENTCLOUD_SECRET_KEY: own.secret,
    };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { env, timeout: 120_000 });
    assert.equal(stderr, '', text);
    return { text, reply: JSON.parse(stdout) };
  } catch (error) {
    if (error.stderr === undefined) {
      throw error;
    }
    assert.equal(error.code, 1, `${text}\n${error.stderr}`);
    assert.equal(error.stdout, '', text);
    // The SDKs of Alibaba Cloud wrap the server's message, and the older one appends "Error" to the code.
    const wrapped = /^(\S+): (?:.*?\bcode: \d+, )?(.*?)(?: request ?id: \S+)?\n$/s;
    const [, code, message] = error.stderr.match(wrapped) ?? assert.fail(`${text}\n${error.stderr}`);
    const isOld = text.includes('@alicloud/kms20160120');
    return { text, refusal: { code: isOld ? code.replace(/Error$/, '') : code, message } };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** The reply to a call with an SDK directly, without a program. */
function send(own, { cloud, action, parameters }) {
  if (cloud === 'alibaba') {
    return CLIENTS.find(({ name }) => name.endsWith('ACS3, POST, form body')).wireCall(own, action, parameters);
  }
  return TENCENT_CLIENTS.find(({ name }) => name.includes('common, TC3-HMAC-SHA256, POST')).call(own, action, parameters);
}

/** Runs the program for a call that must succeed, and returns the reply. */
async function reply(own, call) {
  const { text, reply, refusal } = await run(own, call);
  assert.equal(refusal, undefined, text);
  return reply;
}

describe('generated programs run the life cycle, one per operation and set of parameters,', () => {
  for (const cloud of CLOUDS) {
    it(`on ${cloud}`, () => withTenant(SERVER, (own) => goThrough(cloud, own)));
  }
});

async function goThrough(cloud, own) {
  const scenario = read(cloud === 'alibaba' ? 'life_cycle.json' : 'tencent_life_cycle.json')
    .replaceAll('{run}', 'node')
    .replaceAll('"{account as a number}"', own.account)
    .replaceAll('{account}', own.account);
  const signatures = new Set();
  const actions = new Set();
  const steps = JSON.parse(scenario);
  // The next steps use what this one saves. Their operations are in earlier steps, too.
  const saving = steps.findIndex(({ save }) => save !== undefined);
  for (const { name, action, parameters, reply: wanted, more, error } of saving < 0 ? steps : steps.slice(0, saving)) {
    const signature = JSON.stringify([action, Object.keys(parameters).sort()]);
    if (signatures.has(signature)) {
      const refused = await send(own, { cloud, action, parameters }).then(() => undefined, (thrown) => thrown);
      assert.equal(refused === undefined, error === undefined, `${name}: ${refused}`);
      continue;
    }
    signatures.add(signature);
    actions.add(action);
    const result = await run(own, { cloud, action, parameters });
    if (error !== undefined) {
      assert.deepEqual(result.refusal, { code: error.code, message: error.message }, name);
    } else {
      assert.equal(result.refusal, undefined, `${name}: ${result.text}`);
      const kms = CLIENTS.find((client) => client.known);
      const isOld = result.text.includes('@alicloud/kms20160120');
      assertContains(result.reply, isOld ? kms.known(action, wanted) : wanted, more, name);
    }
  }
  const described = await fetch(`http://${SERVER}/_emulator/operations?cloud=${cloud}`);
  const supported = (await described.json()).operations
    .filter(({ product }) => product === PRODUCT[cloud])
    .map(({ action }) => action);
  assert.ok(supported.length > 0);
  assert.deepEqual(supported.filter((action) => !actions.has(action)), []);
}

function assertContains(got, want, more, name) {
  if (Array.isArray(want)) {
    const items = got ?? [];
    assert.ok(items.length === want.length || (more && items.length > want.length), `${name}: ${JSON.stringify(got)}`);
    want.forEach((item, index) => assertContains(items[index], item, more, name));
  } else if (typeof want === 'object') {
    for (const [member, value] of Object.entries(want)) {
      assertContains(got?.[member], value, more, `${name}: ${member}`);
    }
  } else {
    assert.equal(String(got), String(want), name);
  }
}

describe('values reach the server unchanged', () => {
  for (const cloud of CLOUDS) {
    it(`special characters on ${cloud}`, () =>
      withTenant(SERVER, async (own) => {
        const id = { SecretName: 'special', VersionId: '1' };
        await reply(own, { cloud, action: 'CreateSecret', parameters: { ...id, [VALUE[cloud]]: SPECIAL } });
        const get = { cloud, action: 'GetSecretValue', parameters: id };
        assert.equal((await send(own, get))[VALUE[cloud]], SPECIAL);
        assert.equal((await reply(own, get))[VALUE[cloud]], SPECIAL);
      }));

    it(`binary values on ${cloud}`, () =>
      withTenant(SERVER, async (own) => {
        const id = { SecretName: 'binary', VersionId: '1' };
        const value =
          cloud === 'alibaba' ? { SecretData: 'AAEC//4n', SecretDataType: 'binary' } : { SecretBinary: 'AAEC//4n' };
        await reply(own, { cloud, action: 'CreateSecret', parameters: { ...id, ...value } });
        const held = await send(own, { cloud, action: 'GetSecretValue', parameters: id });
        assert.deepEqual({ ...held, ...value }, held);
      }));
  }

  it('documents and lists on alibaba', () =>
    withTenant(SERVER, async (own) => {
      const cloud = 'alibaba';
      const id = { SecretName: 'a', VersionId: '1', SecretData: 'x' };
      await reply(own, { cloud, action: 'CreateSecret', parameters: { ...id, Tags: '[{"TagKey":"k","TagValue":"v"}]' } });
      await send(own, { cloud, action: 'CreateSecret', parameters: { ...id, SecretName: 'b' } });
      const Filters = [{ Key: 'TagKey', Values: ['k', 'other'] }];
      for (const written of [Filters, JSON.stringify(Filters)]) {
        const call = { cloud, action: 'ListSecrets', parameters: { PageSize: 5, Filters: written } };
        assert.deepEqual((await reply(own, call)).SecretList.Secret.map(({ SecretName }) => SecretName), ['a']);
      }
      const resources = { RegionId: 'cn-hangzhou', ResourceType: 'secret', ResourceId: ['a', 'b'] };
      const Tag = [{ Key: 'new\\', Value: '+v' }, { Key: 'empty', Value: '' }];
      await reply(own, { cloud, action: 'TagResources', parameters: { ...resources, Tag } });
      const listed = await send(own, { cloud, action: 'ListTagResources', parameters: resources });
      const tags = listed.TagResources.TagResource.map((row) => [row.ResourceId, row.TagKey, row.TagValue].join(' '));
      assert.deepEqual(tags.sort(), ['a empty ', 'a k v', 'a new\\ +v', 'b empty ', 'b new\\ +v']);
    }));

  it('tags and filters on tencent', () =>
    withTenant(SERVER, async (own) => {
      const cloud = 'tencent';
      const id = { SecretName: 'a', VersionId: '1', SecretString: 'x' };
      const Tags = [{ TagKey: 'k 密', TagValue: 'it\'s "v" ${x}' }, { TagKey: 'k2', TagValue: '\\n' }];
      await reply(own, { cloud, action: 'CreateSecret', parameters: { ...id, Tags } });
      await send(own, { cloud, action: 'CreateSecret', parameters: { ...id, SecretName: 'b' } });
      const TagFilters = [{ TagKey: 'k 密', TagValue: [Tags[0].TagValue, 'other'] }, { TagKey: 'k2' }];
      const listed = await reply(own, { cloud, action: 'ListSecrets', parameters: { TagFilters, Limit: 5 } });
      assert.deepEqual(listed.SecretMetadatas.map(({ SecretName }) => SecretName), ['a']);
    }));
});

describe('invalid values and unsupported operations reach the server', () => {
  for (const [cloud, parameters, action, error] of [
    ['alibaba', { PageSize: 'ten' }, 'ListPolicies', 'UnsupportedOperation'],
    ['tencent', { Limit: 'ten' }, 'RotateSecret', 'InvalidAction'],
  ]) {
    it(`on ${cloud}`, () =>
      withTenant(SERVER, async (own) => {
        const call = { cloud, action: 'ListSecrets', parameters, account: own.account };
        const sent = JSON.parse(JSON.parse(await control(SERVER, 'POST', 'call', call)).reply.body);
        const { Code: code, Message: message } = sent.Response?.Error ?? sent;
        const { refusal } = await run(own, call);
        assert.equal(refusal.code, code);
        assert.equal(refusal.message, message);
        const unsupported = await run(own, { cloud, action, parameters: { SecretName: 'x' } });
        assert.equal(unsupported.refusal.code, error);
      }));
  }
});

describe('the installation command has the pinned versions', () => {
  const { dependencies } = JSON.parse(fs.readFileSync(path.join(__dirname, 'package.json'), 'utf8'));
  for (const cloud of CLOUDS) {
    for (const action of ['ListSecrets', 'Unknown']) {
      it(`for ${action} on ${cloud}`, async () => {
        const { install, sdk } = await program({ cloud, action });
        const [npm, verb, ...packages] = install.split(' ');
        assert.deepEqual([npm, verb], ['npm', 'install']);
        assert.ok(packages[0].startsWith(`${sdk}@`));
        for (const name of packages) {
          const at = name.lastIndexOf('@');
          assert.equal(dependencies[name.slice(0, at)], name.slice(at + 1), name);
        }
      });
    }
  }
});

it('generated programs use https', () =>
  withTenant(SERVER, async (own) => {
    for (const cloud of CLOUDS) {
      const listed = await reply(own, { cloud, action: 'ListSecrets', parameters: {}, https: true });
      assert.equal(listed.TotalCount ?? listed.totalCount, 0);
      const unsupported = await run(own, { cloud, action: 'Unknown', https: true });
      assert.match(unsupported.refusal.code, /^(InvalidAction|InvalidAction.NotFound)$/);
    }
  }));
