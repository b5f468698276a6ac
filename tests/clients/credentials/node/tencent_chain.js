// Lists secrets with the default credential chain of Tencent Cloud, before and after its key expires by the emulator's
// clock.

const assert = require('node:assert');
const { mock } = require('node:test');
const { CommonClient, DefaultCredentialProvider, STSCredential } = require('tencentcloud-sdk-nodejs-common');

const lifetime = Number(process.env.LIFETIME);
const role = process.env.ROLE;

async function control(method, path, body) {
  const reply = await fetch(`${process.env.CONTROL}/${path}`, { method, body: JSON.stringify(body) });
  assert.ok(reply.ok, await reply.text());
}

// The default chain, or the provider that assumes a role.
function chain() {
  if (!role) return new DefaultCredentialProvider();
  const credential = { secretId: 'test', secretKey: 'test' };
  return new STSCredential({ credential }, { RoleArn: role, RoleSessionName: 'program' });
}

async function listed(credential) {
  const client = new CommonClient('ssm.tencentcloudapi.com', '2019-09-23', { credential, region: 'ap-guangzhou' });
  return (await client.request('ListSecrets', { Limit: 1 })).TotalCount;
}

async function main() {
  const credential = chain();
  const old = await credential.getCredential();
  assert.strictEqual(await listed(credential), 6);
  if (lifetime === 0) {
    // The key of the environment or of a profile does not expire.
    assert.strictEqual(old.secretId, 'test');
    return;
  }
  assert.ok(old.secretId.startsWith('AKID'), old.secretId);
  assert.strictEqual((await credential.getCredential()).secretId, old.secretId);
  assert.strictEqual(await listed(old), 6);

  // The SDK asks for keys until one is valid for some time by the clock of the machine, so both clocks are moved.
  mock.timers.enable({ apis: ['Date'], now: Date.now() + lifetime * 1000 });
  await control('POST', 'clock/advance', { by: `${lifetime}s` });
  await assert.rejects(listed(old), { code: 'AuthFailure.TokenFailure' });
  assert.strictEqual(await listed(credential), 6);
  assert.notStrictEqual((await credential.getCredential()).secretId, old.secretId);
}

main().then(
  () => process.stdout.write('ok\n'),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
