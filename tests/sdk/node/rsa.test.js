'use strict';

// The official Node client that can sign with an RSA private key uses the key pair of the tests, whose public key the
// servers have.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { describe, it } = require('node:test');

const { openApi } = require('./clients');
const { address } = require('./emulator');

// The SDK requires a PEM without a line break at the end.
const secret = fs.readFileSync(path.join(__dirname, '../../keys/rsa.pem'), 'utf8').trim();
const client = openApi('RSA', { place: 'body', signatureAlgorithm: 'ACS3-RSA-SHA256' });

describe('signatures with an RSA private key', () => {
  for (const variable of ['KMS_EMULATOR', 'KMS_EMULATOR_STRICT']) {
    it(`are accepted on ${variable}`, async () => {
      const access = { address: address(variable), keyId: 'LTAIrsa', secret };
      const SecretName = 'rsa/node';
      const call = (action, parameters) => client.wireCall(access, action, parameters);
      await call('CreateSecret', { SecretName, SecretData: 'a +*~é', VersionId: 'v1' });
      const Filters = JSON.stringify([{ Key: 'SecretName', Values: [SecretName] }]);
      const listed = await call('ListSecrets', { Filters });
      assert.deepEqual(client.page(listed).secrets.map(({ name }) => name), [SecretName]);
      assert.equal((await call('GetSecretValue', { SecretName })).SecretData, 'a +*~é');
      await call('DeleteSecret', { SecretName, ForceDeleteWithoutRecovery: true });
    });
  }

  it('are rejected for a key with a secret', async () => {
    const access = { address: address('KMS_EMULATOR'), keyId: 'test', secret };
    const error = await client.wireCall(access, 'ListSecrets', {}).catch((error) => error);
    const { status, code } = client.refusal(error);
    assert.deepEqual({ status, code }, { status: 400, code: 'IncompleteSignature' });
  });
});
