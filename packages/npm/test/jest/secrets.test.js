'use strict';

// The package in Jest, in CommonJS. A second file, in ESM, runs at the same time in another worker.

const { default: Kms, GetSecretValueRequest } = require('@alicloud/kms20160120');
const RpcClient = require('@alicloud/pop-core');
const { Config } = require('@alicloud/rpc-client');
const { Client: Ssm } = require('tencentcloud-sdk-nodejs-ssm').ssm.v20190923;

const { ControlError, start } = require('kms-emulator');

let emulator;
let tenant;

beforeAll(async () => {
  emulator = await start();
});
afterAll(() => emulator.stop());
beforeEach(async () => {
  tenant = await emulator.tenant();
  await tenant.secrets({ db: 'hunter2' });
});
afterEach(() => tenant.delete());

const popCore = () => new RpcClient({ ...tenant.alibaba, endpoint: tenant.endpoint, apiVersion: '2016-01-20' });
const read = () => popCore().request('GetSecretValue', { SecretName: 'db' });

test('every SDK reads a seeded secret', async () => {
  await expect(read()).resolves.toMatchObject({ SecretData: 'hunter2' });
  const reply = await new Kms(new Config(tenant.alibaba)).getSecretValue(new GetSecretValueRequest({ secretName: 'db' }));
  expect(reply.secretData).toBe('hunter2');
  const request = { SecretName: 'db', VersionId: 'v1' };
  await expect(new Ssm(tenant.tencent).GetSecretValue(request)).resolves.toMatchObject({ SecretString: 'hunter2' });
});

test('throttled call is in the journal', async () => {
  const fault = await tenant.fault({ match: { action: 'GetSecretValue' }, error: 'Rejected.Throttling', times: 1 });
  await expect(read()).rejects.toMatchObject({ code: 'Rejected.Throttling' });
  await expect(read()).resolves.toMatchObject({ SecretData: 'hunter2' });
  await expect(fault.hits()).resolves.toBe(1);
  expect((await tenant.journal()).map(({ code }) => code)).toEqual(['Rejected.Throttling', 'OK']);
});

test('secret is deleted after its recovery window', async () => {
  await popCore().request('DeleteSecret', { SecretName: 'db', RecoveryWindowInDays: '7' });
  await tenant.clock.advance('8d');
  await expect(read()).rejects.toMatchObject({ code: 'Forbidden.ResourceNotFound' });
});

test('fake timers and a mocked fetch do not affect the package', async () => {
  jest.useFakeTimers();
  const mock = jest.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('mocked'));
  try {
    const another = await start();
    await another.secrets({ db: 'hunter2' });
    await another.stop();
  } finally {
    mock.mockRestore();
    jest.useRealTimers();
  }
});

test('error is a ControlError', async () => {
  await expect(tenant.fault({ error: 'No.Such.Code' })).rejects.toThrow(ControlError);
});
