'use strict';

// Both Tencent Cloud clients for Node list the secrets of fixtures/seed-tencent.json.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { describe, it } = require('node:test');

const { UNVERIFIED, address } = require('./emulator');
const { TENCENT_CLIENTS } = require('./tencent_clients');

// The custom secrets of fixtures/seed-tencent.json, newest first; secrets of the same age in the order of the file.
const NAMES = [
  'shop-legacy-token', 'payment-api-cert', 'payment-api-key', 'mail-relay', 'shop-db-readonly', 'shop-db-password',
];

const PAYMENT_API_KEY = {
  SecretName: 'payment-api-key',
  Description: 'Key of the payment gateway',
  KmsKeyId: '31da3478-85b2-11f1-9b54-525400f44230',
  CreateUin: 100012345678,
  Status: 'Enabled',
  DeleteTime: 0,
  CreateTime: 1716202800,
  KmsKeyType: 'CUSTOMER',
  RotationStatus: 0,
  NextRotationTime: 0,
  SecretType: 0,
  ProductName: 'default',
  ResourceName: '',
  ProjectID: 0,
  AssociatedInstanceIDs: [],
  TargetUin: 0,
  RotationFrequency: 0,
  ResourceID: '1250000000_100012345678_customize_1716202800182311000_RcI',
  RotationBeginTime: '',
  EncryptType: 0,
  EncryptSwitching: false,
  CreateUinString: '100012345678',
  TargetUinString: '0',
};

const SELECTIONS = {
  'part of the name': [{ SearchSecretName: 'shop-db' }, ['shop-db-readonly', 'shop-db-password']],
  // The SDK encodes only some of these, and all are part of the signature.
  'a name that needs encoding': [{ SearchSecretName: '~*\'()!+%&=?/ "é中' }, []],
  'two tags, both of which must match': [
    { TagFilters: [{ TagKey: 'env', TagValue: ['prod'] }, { TagKey: 'team', TagValue: ['shop'] }] },
    ['shop-db-password'],
  ],
  'two values of a tag, one of which must match': [
    { TagFilters: [{ TagKey: 'env', TagValue: ['prod', 'staging'] }] },
    ['shop-legacy-token', 'payment-api-cert', 'payment-api-key', 'shop-db-readonly', 'shop-db-password'],
  ],
  'the type of cloud products': [{ SecretType: 1 }, ['mysql-reports', 'mysql-orders']],
  'the state Disabled': [{ State: 2 }, ['shop-db-readonly']],
};

const ENGLISH_FAILURE = 'The provided credentials could not be validated. Please check your signature is correct.';
const SIGNATURE_FAILURES = [
  [undefined, ENGLISH_FAILURE], // By default, the SDK sends no language.
  ['en-US', ENGLISH_FAILURE],
  ['zh-CN', '请求签名验证失败，请检查您的签名计算是否正确。'],
];

const LENIENT = { address: address('KMS_EMULATOR'), keyId: 'test', secret: 'test', language: 'en-US' };
const STRICT = { ...LENIENT, address: address('KMS_EMULATOR_STRICT') };
const HTTPS = { ...STRICT, https: true };

for (const client of TENCENT_CLIENTS) {
  describe(client.name, () => {
    describe('with a lenient server', () => checks(client, LENIENT));
    describe('with a strict server', () => {
      checks(client, STRICT);

      for (const [language, message] of SIGNATURE_FAILURES) {
        it(`is rejected with a wrong secret, in ${language ?? 'the default language'}`, async () => {
          const refusal = await client.refusal({ ...STRICT, secret: 'wrong', language }, 'ListSecrets');
          assert.deepEqual(refusal, { code: 'AuthFailure.SignatureFailure', message });
        });
      }

      it('is rejected with an unknown access key', async () => {
        const refusal = await client.refusal({ ...STRICT, keyId: 'unknown' }, 'ListSecrets');
        const message = 'The SecretId is not found, please ensure that your SecretId is correct.';
        assert.deepEqual(refusal, { code: 'AuthFailure.SecretIdNotFound', message });
      });

      it('is rejected with an unknown region', async () => {
        const refusal = await client.refusal({ ...STRICT, region: 'ap-nowhere' }, 'ListSecrets');
        assert.equal(refusal.code, 'InvalidParameterValue');
        assert.match(refusal.message, /Region` is not valid/);
      });
    });
    describe('over https', () => {
      pageChecks(client, HTTPS);

      it('is rejected with a wrong secret', async () => {
        const refusal = await client.refusal({ ...HTTPS, secret: 'wrong' }, 'ListSecrets');
        assert.deepEqual(refusal, { code: 'AuthFailure.SignatureFailure', message: ENGLISH_FAILURE });
      });

      it('does not connect to a server of an unknown authority', async () => {
        await assert.rejects(client.call({ ...HTTPS, address: LENIENT.address }, 'ListSecrets'), UNVERIFIED);
      });
    });
  });
}

function checks(client, access) {
  it('lists every secret, newest first', async () => {
    assert.deepEqual(await listed(client, access), { total: 6, names: NAMES });
  });

  it('lists every secret, oldest first, with OrderType 1', async () => {
    assert.deepEqual(await listed(client, access, { OrderType: 1 }), { total: 6, names: NAMES.toReversed() });
  });

  it('reads every field of a secret', async () => {
    const reply = await client.call(access, 'ListSecrets', { SearchSecretName: 'payment-api-key' });
    assert.deepEqual(reply.SecretMetadatas, [PAYMENT_API_KEY]);
  });

  pageChecks(client, access);

  for (const [condition, [parameters, names]] of Object.entries(SELECTIONS)) {
    it(`selects by ${condition}`, async () => {
      assert.deepEqual(await listed(client, access, parameters), { total: names.length, names });
    });
  }

  it('selects by the state PendingDelete, and reads the time of the deletion', async () => {
    const reply = await client.call(access, 'ListSecrets', { State: 3 });
    assert.equal(reply.TotalCount, 1);
    const found = reply.SecretMetadatas.map((secret) => [secret.SecretName, secret.Status, secret.DeleteTime]);
    assert.deepEqual(found, [['shop-legacy-token', 'PendingDelete', 4070908800]]);
  });

  if (!client.isTyped) {
    it('gets InvalidAction for an unknown action', async () => {
      const refusal = await client.refusal(access, 'ListSecretz');
      assert.equal(refusal.code, 'InvalidAction');
    });
  }
}

function pageChecks(client, access) {
  it('gets every secret once on two pages of four', async () => {
    assert.deepEqual(await listed(client, access, { Offset: 0, Limit: 4 }), { total: 6, names: NAMES.slice(0, 4) });
    assert.deepEqual(await listed(client, access, { Offset: 4, Limit: 4 }), { total: 6, names: NAMES.slice(4) });
  });

  it('gets an empty page with the total past the end', async () => {
    assert.deepEqual(await listed(client, access, { Offset: 6 }), { total: 6, names: [] });
  });
}

async function listed(client, access, parameters) {
  const reply = await client.call(access, 'ListSecrets', parameters);
  return { total: reply.TotalCount, names: reply.SecretMetadatas.map((secret) => secret.SecretName) };
}

describe('the example program prints every secret', () => {
  const examples = path.join(__dirname, '../../../examples/sdk/node/tencent');
  for (const file of fs.readdirSync(examples)) {
    it(file, () => {
      const program = fs.readFileSync(path.join(examples, file), 'utf8').replaceAll('127.0.0.1:8080', LENIENT.address);
      const output = execFileSync(process.execPath, ['--eval', program], { cwd: __dirname, encoding: 'utf8' });
      assert.deepEqual(JSON.parse(output).SecretMetadatas.map(({ SecretName }) => SecretName), NAMES);
    });
  }
});
