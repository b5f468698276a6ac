// The package in Vitest, in TypeScript. Two files use one server, and all tests run at the same time.

import { ssm } from 'tencentcloud-sdk-nodejs-ssm';
import { expect, test } from 'vitest';
import { start, type FaultRule, type Tenant } from 'kms-emulator';

const emulator = await start();

function read(tenant: Tenant): Promise<string | undefined> {
  const request = { SecretName: 'db', VersionId: 'v1' };
  return new ssm.v20190923.Client(tenant.tencent).GetSecretValue(request).then((reply) => reply.SecretString);
}

test('server of the global setup is used', () => {
  expect(emulator.endpoint).toBe(process.env['KMS_EMULATOR_ENDPOINT']);
});

test.concurrent('tenants have their own secrets, faults and journals', async () => {
  await Promise.all(
    ['one', 'two', 'three'].map(async (value) => {
      await using tenant = await emulator.tenant();
      await tenant.secrets({ db: value });
      const rule: FaultRule = { match: { action: 'GetSecretValue', nth: 2 }, error: 'RequestLimitExceeded' };
      await using fault = await tenant.fault(rule);
      expect(await read(tenant)).toBe(value);
      await expect(read(tenant)).rejects.toMatchObject({ code: 'RequestLimitExceeded' });
      expect(await read(tenant)).toBe(value);
      expect(await fault.hits()).toBe(1);
      expect((await tenant.journal()).map((entry) => entry.code)).toEqual(['OK', 'RequestLimitExceeded', 'OK']);
    }),
  );
});

// Each jumps by another time, while the others wait for their deletion.
test.concurrent.for([1, 3, 5, 7])('secret is deleted after its recovery window of %i days', async (days) => {
  await using tenant = await emulator.tenant();
  await tenant.secrets({ db: 'hunter2' });
  const client = new ssm.v20190923.Client(tenant.tencent);
  await client.DisableSecret({ SecretName: 'db' });
  await client.DeleteSecret({ SecretName: 'db', RecoveryWindowInDays: days });
  await tenant.clock.advance(`${days - 1}d 23h`);
  await expect(read(tenant)).rejects.toMatchObject({ code: 'ResourceUnavailable.ResourcePendingDeleted' });
  await tenant.clock.advance('2h');
  await expect(read(tenant)).rejects.toMatchObject({ code: 'ResourceNotFound' });
});
