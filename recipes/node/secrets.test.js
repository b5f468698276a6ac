'use strict';

const assert = require('node:assert/strict');
const { before, test } = require('node:test');

const { CreateSecretRequest, DeleteSecretRequest, GetSecretValueRequest } = require('@alicloud/kms20160120');

const { advanceClock, newTenant, ready } = require('./kms_emulator.js');

/** The error code; in `error.code` this SDK appends the word Error. */
const codeOf = (error) => error.data?.Code;

/** The program under test: it retries when it is throttled. */
async function readSecret(client, secretName, attempts = 3) {
  try {
    return (await client.getSecretValue(new GetSecretValueRequest({ secretName }))).secretData;
  } catch (error) {
    if (codeOf(error) !== 'Rejected.Throttling' || attempts === 1) {
      throw error;
    }
    return readSecret(client, secretName, attempts - 1);
  }
}

async function tenantWithSecret(t) {
  const tenant = await newTenant(t);
  const secret = { secretName: 'db', versionId: 'v1', secretData: 'hunter2' };
  await tenant.client.createSecret(new CreateSecretRequest(secret));
  return tenant;
}

before(ready);

test('read is retried when throttled', async (t) => {
  const tenant = await tenantWithSecret(t);
  const hits = await tenant.fault({ action: 'GetSecretValue' }, { error: 'Rejected.Throttling', times: 2 });
  assert.equal(await readSecret(tenant.client, 'db'), 'hunter2');
  assert.equal(await hits(), 2);
  assert.equal(await tenant.requests({ action: 'GetSecretValue' }), 3);
  assert.equal(await tenant.requests({ action: 'GetSecretValue', code: 'Rejected.Throttling' }), 2);
});

test('secret is deleted after its recovery window', async (t) => {
  const { client } = await tenantWithSecret(t);
  await client.deleteSecret(new DeleteSecretRequest({ secretName: 'db', recoveryWindowInDays: '7' }));
  const assertRejected = (code) => assert.rejects(readSecret(client, 'db'), (error) => codeOf(error) === code);
  await assertRejected('Rejected.ResourceInDeleteWindow');
  await advanceClock(t, '8d');
  await assertRejected('Forbidden.ResourceNotFound');
});
