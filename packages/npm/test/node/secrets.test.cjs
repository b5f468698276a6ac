'use strict';

// The API of the package with node:test, in CommonJS, with the official SDKs.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');

const { default: Kms, DeleteSecretRequest, GetSecretValueRequest } = require('@alicloud/kms20160120');
const OpenApi = require('@alicloud/openapi-client');
const RpcClient = require('@alicloud/pop-core');
const { Config } = require('@alicloud/rpc-client');
const { RuntimeOptions } = require('@alicloud/tea-util');
const { Agent } = require('node:https');
const { Client: Ssm } = require('tencentcloud-sdk-nodejs-ssm').ssm.v20190923;

const { ControlError, start } = require('kms-emulator');

const KMS_VERSION = '2016-01-20';

/** The error code; in `error.code` this SDK appends the word Error. */
const codeOf = (error) => error.data?.Code;

const clientOf = (account) => new Kms(new Config(account.alibaba));

async function read(account, secretName) {
  return (await clientOf(account).getSecretValue(new GetSecretValueRequest({ secretName }))).secretData;
}

/** Reads a secret with the generic client of the current generation. */
async function readWithOpenApi(account, secretName) {
  const client = new OpenApi.default(new OpenApi.Config(account.alibaba));
  const params = new OpenApi.Params({
    action: 'GetSecretValue',
    version: KMS_VERSION,
    protocol: account.alibaba.protocol,
    pathname: '/',
    method: 'POST',
    authType: 'AK',
    style: 'RPC',
    reqBodyType: 'formData',
    bodyType: 'json',
  });
  const request = new OpenApi.OpenApiRequest({ query: { SecretName: secretName } });
  return (await client.callApi(params, request, new RuntimeOptions({}))).body.SecretData;
}

/** The program under test: it retries when it is throttled. */
async function readWithRetries(account, secretName, attempts = 3) {
  try {
    return await read(account, secretName);
  } catch (error) {
    if (codeOf(error) !== 'Rejected.Throttling' || attempts === 1) {
      throw error;
    }
    return readWithRetries(account, secretName, attempts - 1);
  }
}

function assertRejected(promise, code) {
  return assert.rejects(promise, (error) => {
    assert.equal(codeOf(error), code);
    return true;
  });
}

describe('kms-emulator', { concurrency: true }, () => {
  let emulator;

  before(async () => {
    emulator = await start();
  });
  after(() => emulator.stop());

  /** A tenant that is deleted after the test `t`. */
  async function newTenant(t, options) {
    const tenant = await emulator.tenant(options);
    t.after(() => tenant.delete());
    return tenant;
  }

  test('every SDK reads a seeded secret with the settings of a tenant', async (t) => {
    const tenant = await newTenant(t);
    await tenant.secrets({ db: 'hunter2', token: 'another value' });

    assert.equal(await read(tenant, 'db'), 'hunter2');
    const popCore = new RpcClient({ ...tenant.alibaba, endpoint: tenant.endpoint, apiVersion: KMS_VERSION });
    assert.equal((await popCore.request('GetSecretValue', { SecretName: 'token' })).SecretData, 'another value');
    assert.equal(await readWithOpenApi(tenant, 'db'), 'hunter2');
    const reply = await new Ssm(tenant.tencent).GetSecretValue({ SecretName: 'db', VersionId: 'v1' });
    assert.equal(reply.SecretString, 'hunter2');

    const requests = await tenant.journal();
    assert.deepEqual(
      requests.map(({ cloud, action, account, verdict, code }) => ({ cloud, action, account, verdict, code })),
      ['alibaba', 'alibaba', 'alibaba', 'tencent'].map((cloud) => ({
        cloud,
        action: 'GetSecretValue',
        account: tenant.account,
        verdict: 'valid',
        code: 'OK',
      })),
    );
  });

  test('secrets are seeded for one cloud only', async (t) => {
    const tenant = await newTenant(t);
    const ssm = new Ssm(tenant.tencent);
    await tenant.secrets({ a: 'for Alibaba Cloud' }, { cloud: 'alibaba' });
    await tenant.secrets({ t: 'for Tencent Cloud' }, { cloud: 'tencent' });
    await tenant.secrets({});

    assert.equal(await read(tenant, 'a'), 'for Alibaba Cloud');
    await assertRejected(read(tenant, 't'), 'Forbidden.ResourceNotFound');
    const { TotalCount, SecretMetadatas } = await ssm.ListSecrets({});
    assert.equal(TotalCount, 1);
    assert.equal(SecretMetadatas[0].SecretName, 't');
  });

  test('the default account has its secrets for unsigned requests too', async () => {
    await emulator.secrets({ shared: 'not a real value' });
    assert.equal(await read(emulator, 'shared'), 'not a real value');
    const reply = await fetch(`${emulator.endpoint}/?Action=GetSecretValue&SecretName=shared`);
    assert.equal((await reply.json()).SecretData, 'not a real value');
    const requests = await emulator.journal({ parameter: 'SecretName=shared' });
    assert.deepEqual(requests.map(({ verdict }) => verdict), ['valid', 'unsigned']);
  });

  test('read is retried when throttled', async (t) => {
    const tenant = await newTenant(t);
    await tenant.secrets({ db: 'hunter2' });
    const fault = await tenant.fault({ match: { action: 'GetSecretValue' }, error: 'Rejected.Throttling', times: 2 });

    assert.equal(await readWithRetries(tenant, 'db'), 'hunter2');
    assert.equal(await fault.hits(), 2);
    assert.equal(await fault.seen(), 3);
    const throttled = await tenant.journal({ action: 'GetSecretValue', code: 'Rejected.Throttling' });
    assert.deepEqual(throttled.map((request) => [request.status, request.fault]), [[429, fault.id], [429, fault.id]]);
    assert.equal((await tenant.journal({ action: 'GetSecretValue', limit: 2 })).length, 2);
  });

  test('fault of a tenant matches its own requests, and that of the server all requests', async (t) => {
    const [one, other] = [await newTenant(t), await newTenant(t)];
    const fault = await one.fault({ error: 'Rejected.Throttling' });
    const ssm = new Ssm(one.tencent);

    await assertRejected(read(one, 'db'), 'Rejected.Throttling');
    await assertRejected(read(other, 'db'), 'Forbidden.ResourceNotFound');
    await fault.delete();
    await assertRejected(read(one, 'db'), 'Forbidden.ResourceNotFound');

    // The operation is used by no other test.
    const match = { cloud: 'tencent', action: 'GetServiceStatus' };
    const everywhere = await emulator.fault({ match, error: 'InternalError' });
    await assert.rejects(ssm.GetServiceStatus({}), { code: 'InternalError' });
    await everywhere.delete();
    await ssm.GetServiceStatus({});
  });

  test('secret is deleted after its recovery window by the clock of its tenant', async (t) => {
    const [one, other] = [await newTenant(t), await newTenant(t)];
    for (const tenant of [one, other]) {
      await tenant.secrets({ db: 'hunter2' });
      await clientOf(tenant).deleteSecret(new DeleteSecretRequest({ secretName: 'db', recoveryWindowInDays: '7' }));
      await assertRejected(read(tenant, 'db'), 'Rejected.ResourceInDeleteWindow');
    }

    await one.clock.advance('8d');

    await assertRejected(read(one, 'db'), 'Forbidden.ResourceNotFound');
    await assertRejected(read(other, 'db'), 'Rejected.ResourceInDeleteWindow');
  });

  test('clock is set, frozen, advanced, resumed and reset', async (t) => {
    const { clock } = await newTenant(t);
    const noon = new Date('2030-01-01T12:00:00Z');

    assert.deepEqual(await clock.set(noon, { frozen: true }), noon);
    assert.deepEqual(await clock.now(), noon);
    assert.deepEqual(await clock.advance('1h 30m'), new Date('2030-01-01T13:30:00Z'));
    assert.ok((await clock.resume()) >= new Date('2030-01-01T13:30:00Z'));
    const frozen = await clock.freeze();
    assert.deepEqual(await clock.now(), frozen);
    assert.deepEqual(await clock.set('2031-01-01'), new Date('2031-01-01T00:00:00Z'));
    assert.ok((await clock.reset()) < noon);
  });

  test('tenant without a clock follows the clock of the server', async (t) => {
    const server = await start();
    t.after(() => server.stop());
    const [follower, owner] = [await server.tenant({ clock: false }), await server.tenant()];
    const noon = new Date('2030-01-01T12:00:00Z');
    await server.clock.set(noon, { frozen: true });
    assert.deepEqual(await follower.clock.now(), noon);
    assert.ok((await owner.clock.now()) < noon);
  });

  test('deleted tenant loses its key and its fault rules', async () => {
    const tenant = await emulator.tenant();
    const fault = await tenant.fault({ error: 'Rejected.Throttling' });
    await tenant.delete();
    await tenant.delete(); // does nothing
    await assertRejected(read(tenant, 'db'), 'InvalidAccessKeyId.NotFound');
    await assert.rejects(fault.hits(), { name: 'ControlError', status: 404 });
  });

  test('dispose deletes a tenant and a fault and stops the server', async () => {
    const server = await start();
    const tenant = await server.tenant();
    const fault = await tenant.fault({ error: 'Rejected.Throttling' });
    await fault[Symbol.asyncDispose]();
    await assert.rejects(fault.hits(), { status: 404 });
    await tenant[Symbol.asyncDispose]();
    await assertRejected(read(tenant, 'db'), 'InvalidAccessKeyId.NotFound');
    await server[Symbol.asyncDispose]();
    await assert.rejects(fetch(server.endpoint), (error) => error.cause.code === 'ECONNREFUSED');
    await server.stop(); // does nothing
  });

  test('error of the control API names the place of the mistake', async (t) => {
    const tenant = await newTenant(t);
    await assert.rejects(tenant.fault({ error: 'Rejected.Throtling' }), (error) => {
      assert.ok(error instanceof ControlError);
      assert.equal(error.status, 400);
      assert.equal(error.code, 'InvalidBody');
      assert.equal(error.place, 'body.error');
      assert.match(error.message, /^POST faults: .*`Rejected\.Throttling`\? \(body\.error\)$/);
      return true;
    });
  });

  test('options load fixtures and pass arguments', async (t) => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kms-emulator-'));
    t.after(() => fs.rmSync(directory, { recursive: true }));
    const fixture = path.join(directory, 'secrets.json');
    fs.writeFileSync(fixture, JSON.stringify({ 'app/token': 'not a real token' }));

    const server = await start({ fixtures: fixture, args: ['--region', 'cn-beijing', '--tencent-region', 'ap-tokyo'] });
    t.after(() => server.stop());

    assert.equal(server.alibaba.regionId, 'cn-beijing');
    assert.equal(server.tencent.region, 'ap-tokyo');
    assert.equal(await read(server, 'app/token'), 'not a real token');
    const tenant = await server.tenant({ start_fixtures: true });
    assert.equal(await read(tenant, 'app/token'), 'not a real token');
  });

  test('settings for SDKs have the first access key of the arguments', async (t) => {
    const strict = ['--auth', 'strict'];
    const other = ['--access-key', 'other:another key'];
    for (const args of [['--access-key', 'own:own key'], ['--access-key=own:own key:2000000000000000', ...other]]) {
      const emulator = await start({ args: [...strict, ...args] });
      t.after(() => emulator.stop());
      await emulator.secrets({ db: 'hunter2' });
      assert.deepEqual(emulator.tencent.credential, { secretId: 'own', secretKey: 'own key' });
      assert.equal(emulator.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET, 'own key');
      assert.equal(await read(emulator, 'db'), 'hunter2');
    }
  });

  test('SDKs use https with the authority of the server', async (t) => {
    const server = await start({ https: true });
    t.after(() => server.stop());
    const tenant = await server.tenant();
    await tenant.secrets({ db: 'hunter2' });

    assert.match(server.endpoint, /^https:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(tenant.alibaba.protocol, 'https');
    const reply = await new Ssm(tenant.tencent).GetSecretValue({ SecretName: 'db', VersionId: 'v1' });
    assert.equal(reply.SecretString, 'hunter2');
    assert.equal(await readWithOpenApi(tenant, 'db'), 'hunter2');
    const config = { ...tenant.alibaba, endpoint: tenant.endpoint, apiVersion: KMS_VERSION };
    const popCore = new RpcClient({ ...config, opts: { agent: new Agent({ ca: tenant.ca }) } });
    assert.equal((await popCore.request('GetSecretValue', { SecretName: 'db' })).SecretData, 'hunter2');
    await assert.rejects(new RpcClient(config).request('GetSecretValue', { SecretName: 'db' }), /certificate/);
  });
});
