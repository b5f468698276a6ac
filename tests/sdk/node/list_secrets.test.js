'use strict';

// Every official Node client lists the secrets of fixtures/seed.json.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { describe, it } = require('node:test');

const { CLIENTS } = require('./clients');
const { UNVERIFIED, address } = require('./emulator');

// The secrets of fixtures/seed.json, oldest first; secrets of the same age by name.
const SECRETS = [
  {
    name: 'shop/db/password', type: 'Generic',
    created: '2024-03-04T08:15:30Z', updated: '2025-09-01T02:00:11Z',
    tags: [['env', 'prod'], ['team', 'shop']],
  },
  {
    name: 'shop/db/readonly', type: 'Generic',
    created: '2024-03-04T08:16:02Z', updated: '2024-03-04T08:16:02Z',
    tags: [['env', 'staging'], ['team', 'shop']],
  },
  {
    name: 'payment.api-cert', type: 'Generic',
    created: '2024-05-20T11:00:00Z', updated: '2024-05-20T11:00:00Z',
    tags: [],
  },
  {
    name: 'payment.api-key', type: 'Generic',
    created: '2024-05-20T11:00:00Z', updated: '2024-05-20T11:00:00Z',
    tags: [['env', 'prod']],
  },
  {
    name: 'orders/rds', type: 'Rds',
    created: '2024-11-11T00:30:00Z', updated: '2025-11-11T00:30:00Z',
    tags: [['env', 'prod'], ['team', 'orders']],
  },
  {
    name: 'acs/ram/user/deployer', type: 'RAMCredentials',
    created: '2025-01-15T06:45:59Z', updated: '2025-06-15T06:45:59Z',
    tags: [],
  },
  {
    name: 'acs/ecs/bastion', type: 'ECS',
    created: '2025-02-01T23:59:59Z', updated: '2025-02-01T23:59:59Z',
    owingService: 'ecs', tags: [['env', 'staging']],
  },
  {
    name: 'legacy-token', type: 'Generic',
    created: '2025-07-07T07:07:07Z', updated: '2025-08-08T08:08:08Z',
    plannedDelete: '2099-08-08T08:08:08Z', tags: [],
  },
];
const NAMES = SECRETS.map((secret) => secret.name);

const FILTERS = {
  'a tag key': [{ TagKey: ['team'] }, ['shop/db/password', 'shop/db/readonly', 'orders/rds']],
  'two keys, both of which must match': [
    { TagKey: ['team'], TagValue: ['prod'] },
    ['shop/db/password', 'orders/rds'],
  ],
  'two values, one of which must match': [
    { SecretName: ['legacy-token', 'orders/rds'] },
    ['orders/rds', 'legacy-token'],
  ],
  'a name with slashes': [{ SecretName: ['shop/db/password'] }, ['shop/db/password']],
  'part of a name, which matches nothing': [{ SecretName: ['shop/db'] }, []],
  'two types': [{ SecretType: ['RAMCredentials', 'ECS'] }, ['acs/ram/user/deployer', 'acs/ecs/bastion']],
  'an instance': [{ DKMSInstanceId: ['kst-hzz65f176a0ogplgq0000'] }, ['orders/rds']],
  'a description with spaces, a comma and a hash': [
    { Description: ['Client certificate, PKCS#12'] },
    ['payment.api-cert'],
  ],
  // The SDKs encode some of these differently, and all are part of the signature.
  'characters that need encoding': [{ Description: ['~*\'()!+%&=?/ "é中'] }, []],
};

const LENIENT = { address: address('KMS_EMULATOR'), keyId: 'test', secret: 'test' };
const STRICT = { ...LENIENT, address: address('KMS_EMULATOR_STRICT') };
const HTTPS = { ...STRICT, https: true };

async function listSecrets(client, access, parameters = {}) {
  const page = client.page(await client.call(access, 'ListSecrets', parameters));
  assertIsRequestId(page.requestId);
  return page;
}

async function refusalOf(client, access, action, parameters = {}) {
  const error = await client.call(access, action, parameters).then(
    () => assert.fail(`${action} was not rejected`),
    (reason) => reason,
  );
  const refusal = client.refusal(error);
  assertIsRequestId(refusal.requestId);
  return refusal;
}

function assertIsRequestId(text) {
  assert.match(text, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
}

/** The secrets without the fields that the client's model lacks. */
function asSeenBy(client, secrets) {
  return secrets.map((secret) => {
    const fields = Object.entries(secret).filter(([field]) => !client.lacks?.includes(field));
    return Object.fromEntries(fields);
  });
}

/** Removes members that are undefined, because callers cannot distinguish them from absent ones. */
function plain(value) {
  return JSON.parse(JSON.stringify(value));
}

for (const client of CLIENTS) {
  describe(client.name, () => {
    describe('with a lenient server', () => checks(client, LENIENT));
    describe('with a strict server', () => {
      checks(client, STRICT);

      it('is rejected with a wrong secret', async () => {
        const refusal = await refusalOf(client, { ...STRICT, secret: 'wrong' }, 'ListSecrets', { pageSize: 10 });
        assert.deepEqual([refusal.status, refusal.code], [400, 'IncompleteSignature']);
      });

      it('is rejected with an unknown access key', async () => {
        const refusal = await refusalOf(client, { ...STRICT, keyId: 'unknown' }, 'ListSecrets', { pageSize: 10 });
        assert.deepEqual([refusal.status, refusal.code], [404, 'InvalidAccessKeyId.NotFound']);
      });
    });
    describe('over https', () => {
      pageChecks(client, HTTPS);

      it('does not connect to a server of an unknown authority', async () => {
        const foreign = { ...HTTPS, address: LENIENT.address };
        await assert.rejects(client.call(foreign, 'ListSecrets', { pageSize: 10 }), UNVERIFIED);
      });
    });
  });
}

function checks(client, access) {
  it('lists every secret in order of creation', async () => {
    const { requestId, ...page } = await listSecrets(client, access);
    const secrets = SECRETS.map(({ tags, ...secret }) => secret);
    assert.deepEqual(plain(page), { number: 1, size: 10, total: 8, secrets: asSeenBy(client, secrets) });
  });

  for (const fetchTags of ['true', true]) {
    it(`fetches tags for the ${typeof fetchTags} true, and an empty list for an untagged secret`, async () => {
      const page = await listSecrets(client, access, { fetchTags });
      assert.deepEqual(plain(page.secrets), asSeenBy(client, SECRETS));
    });
  }

  pageChecks(client, access);

  it('gets an empty page with the total past the end', async () => {
    const { requestId, ...page } = await listSecrets(client, access, { pageNumber: 4, pageSize: 3 });
    assert.deepEqual(page, { number: 4, size: 3, total: 8, secrets: [] });
  });

  if (!client.lacks?.includes('filters')) {
    for (const [condition, [pairs, names]] of Object.entries(FILTERS)) {
      it(`filters by ${condition}`, async () => {
        const filters = Object.entries(pairs).map(([Key, Values]) => ({ Key, Values }));
        const page = await listSecrets(client, access, { filters: JSON.stringify(filters) });
        assert.deepEqual(page.secrets.map((secret) => secret.name), names);
        assert.equal(page.total, names.length);
      });
    }
  }

  // The typed client has only operations that the emulator supports.
  if (client.isGeneric) {
    it('gets UnsupportedOperation for an operation that the emulator lacks', async () => {
      const { requestId, ...refusal } = await refusalOf(client, access, 'ListPolicies');
      const message = 'This action is not supported.';
      assert.deepEqual(refusal, { status: 400, code: 'UnsupportedOperation', message });
    });

    it('gets InvalidAction.NotFound for an unknown action', async () => {
      const refusal = await refusalOf(client, access, 'ListSecretz');
      assert.deepEqual([refusal.status, refusal.code], [404, 'InvalidAction.NotFound']);
    });
  }
}

function pageChecks(client, access) {
  it('gets every secret once on three pages of three', async () => {
    for (const [number, names] of [[1, NAMES.slice(0, 3)], [2, NAMES.slice(3, 6)], [3, NAMES.slice(6)]]) {
      const page = await listSecrets(client, access, { pageNumber: number, pageSize: 3 });
      assert.deepEqual(page.secrets.map((secret) => secret.name), names);
      assert.deepEqual([page.number, page.size, page.total], [number, 3, 8]);
    }
  });

  it('gets an error for a page size above 100', async () => {
    const { requestId, ...refusal } = await refusalOf(client, access, 'ListSecrets', { pageSize: 101 });
    const message = 'The specified parameter PageSize is not valid.';
    assert.deepEqual(refusal, { status: 400, code: 'InvalidParameter', message });
  });
}

describe('the example program prints every secret', () => {
  const examples = path.join(__dirname, '../../../examples/sdk/node/alibaba');
  for (const file of fs.readdirSync(examples)) {
    it(file, (context) => {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'example-'));
      context.after(() => fs.rmSync(folder, { recursive: true }));
      const program = fs.readFileSync(path.join(examples, file), 'utf8');
      fs.writeFileSync(path.join(folder, file), program.replaceAll('127.0.0.1:8080', LENIENT.address));
      const output = execFileSync(process.execPath, [path.join(folder, file)], {
        encoding: 'utf8',
        env: { ...process.env, NODE_PATH: path.join(__dirname, 'node_modules') },
      });
      const { SecretList, secretList } = JSON.parse(output);
      const secrets = SecretList?.Secret ?? secretList.secret;
      assert.deepEqual(secrets.map(({ SecretName, secretName }) => SecretName ?? secretName), NAMES);
    });
  }
});
