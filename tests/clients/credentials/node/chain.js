// Lists secrets with the default credential chain, before and after its key expires by the emulator's clock.

const assert = require('node:assert');
const { default: Credentials } = require('@alicloud/credentials');
const { default: Client, Config, OpenApiRequest, Params } = require('@alicloud/openapi-client');
const { RuntimeOptions } = require('@alicloud/tea-util');

const endpoint = 'kms.cn-hangzhou.aliyuncs.com';
const params = new Params({
  action: 'ListSecrets',
  version: '2016-01-20',
  protocol: 'https',
  pathname: '/',
  method: 'POST',
  authType: 'AK',
  style: 'RPC',
  reqBodyType: 'formData',
  bodyType: 'json',
});

async function control(method, path, body) {
  const reply = await fetch(`${process.env.CONTROL}/${path}`, { method, body: JSON.stringify(body) });
  assert.ok(reply.ok, await reply.text());
}

async function listed(client) {
  const reply = await client.callApi(params, new OpenApiRequest({ query: { PageSize: '1' } }), new RuntimeOptions({}));
  return reply.body.TotalCount;
}

async function main() {
  // A key is used until shortly before it expires.
  let credential = new Credentials();
  let client = new Client(new Config({ credential, endpoint }));
  const first = (await credential.getCredential()).accessKeyId;
  assert.ok(first.startsWith('STS.'), first);
  assert.strictEqual(await listed(client), 8);
  assert.strictEqual((await credential.getCredential()).accessKeyId, first);

  // With the emulator's clock behind, a new key expires within the time in which SDKs refresh.
  const start = new Date(Date.now() + 100_000 - Number(process.env.LIFETIME) * 1000);
  await control('PUT', 'clock', { now: start.toISOString() });
  credential = new Credentials();
  client = new Client(new Config({ credential, endpoint }));
  const old = await credential.getCredential();
  assert.strictEqual(await listed(client), 8);
  const withOldKey = new Client(
    new Config({
      accessKeyId: old.accessKeyId,
      accessKeySecret: old.accessKeySecret,
      securityToken: old.securityToken,
      endpoint,
    }),
  );
  assert.strictEqual(await listed(withOldKey), 8);

  await control('POST', 'clock/advance', { by: `${process.env.LIFETIME}s` });
  await assert.rejects(listed(withOldKey), { code: 'InvalidAccessKeyId.NotFound' });
  assert.strictEqual(await listed(client), 8);
  assert.notStrictEqual((await credential.getCredential()).accessKeyId, old.accessKeyId);
}

main().then(
  // A provider may have a timer that refreshes keys.
  () => process.stdout.write('ok\n', () => process.exit(0)),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
