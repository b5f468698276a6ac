'use strict';

// @alicloud/openapi-core, the core of the newest generation, which sends any operation.

const assert = require('node:assert/strict');
const { before, describe, test } = require('node:test');
const { default: Client, OpenApiUtil, $OpenApiUtil } = require('@alicloud/openapi-core');
const $dara = require('@darabonba/typescript');
const { authority } = require('../../sdk/node/emulator');
const { ADDRESS, withAccount } = require('./account');

let ca;
before(async () => {
  ca = await authority(ADDRESS);
});

const SETTINGS = {
  'http, ACS3': () => ({ endpoint: ADDRESS, protocol: 'http' }),
  'http, V1': () => ({ endpoint: ADDRESS, protocol: 'http', signatureAlgorithm: 'v2' }),
  'https, ACS3': () => ({ endpoint: ADDRESS, protocol: 'https', ca }),
  'https, V1': () => ({ endpoint: ADDRESS, protocol: 'https', ca, signatureAlgorithm: 'v2' }),
};

/** Sends an operation, and returns the body of its reply. */
async function send(config, action, query) {
  const client = new Client(new $OpenApiUtil.Config({ regionId: 'cn-hangzhou', ...config }));
  const params = new $OpenApiUtil.Params({
    action,
    version: '2016-01-20',
    protocol: 'HTTPS', // the one in the configuration replaces it
    pathname: '/',
    method: 'POST',
    authType: 'AK',
    style: 'RPC',
    reqBodyType: 'formData',
    bodyType: 'json',
  });
  const request = new $OpenApiUtil.OpenApiRequest({ query: OpenApiUtil.query(query) });
  return (await client.callApi(params, request, new $dara.RuntimeOptions({}))).body;
}

function refused(statusCode, code) {
  return (error) => {
    assert.equal(error.code, code);
    assert.equal(error.statusCode, statusCode);
    return true;
  };
}

for (const [name, settings] of Object.entries(SETTINGS)) {
  describe(name, () => {
    const access = ({ keyId, secret }) => ({ ...settings(), accessKeyId: keyId, accessKeySecret: secret });

    test('a value is stored, replaced and read', () =>
      withAccount(async (account) => {
        const config = access(account);
        await send(config, 'CreateSecret', { SecretName: 'app/password', VersionId: 'v1', SecretData: "p@ss w+rd/~*é'()!" });
        await send(config, 'PutSecretValue', { SecretName: 'app/password', VersionId: 'v2', SecretData: 'second' });

        const current = await send(config, 'GetSecretValue', { SecretName: 'app/password' });
        assert.equal(current.SecretData, 'second');
        assert.deepEqual(current.VersionStages, { VersionStage: ['ACSCurrent'] });
        const previous = await send(config, 'GetSecretValue', { SecretName: 'app/password', VersionId: 'v1' });
        assert.equal(previous.SecretData, "p@ss w+rd/~*é'()!");
      }));

    test('secrets are listed in pages', () =>
      withAccount(async (account) => {
        const config = access(account);
        const names = ['app/1', 'app/2', 'app/3'];
        for (const SecretName of names) {
          await account.call('CreateSecret', { SecretName, VersionId: 'v1', SecretData: 'value' });
        }
        const pages = [];
        for (const PageNumber of [1, 2, 3]) {
          pages.push(await send(config, 'ListSecrets', { PageNumber, PageSize: 2 }));
        }
        const listed = pages.map((page) => page.SecretList.Secret.map((secret) => secret.SecretName));
        assert.deepEqual(listed, [names.slice(0, 2), names.slice(2), []]);
        assert.deepEqual(pages.map((page) => page.TotalCount), [3, 3, 3]);
      }));

    test('errors have the code and the status of the service', () =>
      withAccount(async (account) => {
        const config = access(account);
        await account.call('CreateSecret', { SecretName: 'app/old', VersionId: 'v1', SecretData: 'value' });
        await account.call('DeleteSecret', { SecretName: 'app/old', RecoveryWindowInDays: 7 });

        const read = (changed, SecretName) => send({ ...config, ...changed }, 'GetSecretValue', { SecretName });
        await assert.rejects(read({}, 'absent'), refused(404, 'Forbidden.ResourceNotFound'));
        await assert.rejects(read({}, 'app/old'), refused(409, 'Rejected.ResourceInDeleteWindow'));
        await assert.rejects(read({ accessKeySecret: 'wrong' }, 'app/old'), refused(400, 'IncompleteSignature'));
        await assert.rejects(read({ accessKeyId: 'LTAIunknown' }, 'app/old'), refused(404, 'InvalidAccessKeyId.NotFound'));
      }));

    test('a throttled request is repeated', () =>
      withAccount(async (account) => {
        await account.call('CreateSecret', { SecretName: 'app/password', VersionId: 'v1', SecretData: 'first' });
        await account.fail('GetSecretValue', 'Rejected.Throttling', 2);
        const retryCondition = [{ maxAttempts: 3, errorCode: ['Rejected.Throttling'], exception: [] }];
        const retryOptions = new $dara.RetryOptions({ retryable: true, retryCondition });

        const body = await send({ ...access(account), retryOptions }, 'GetSecretValue', { SecretName: 'app/password' });
        assert.equal(body.SecretData, 'first');
        assert.equal(await account.requests('GetSecretValue'), 3);
      }));
  });
}

describe('https', () => {
  test('a client without the authority does not connect', async () => {
    const config = { endpoint: ADDRESS, protocol: 'https', accessKeyId: 'test', accessKeySecret: 'test' };
    await assert.rejects(send(config, 'ListSecrets', {}), /unable to verify|local issuer|self-signed/);
  });
});
