// The package in Jest, in ESM.

import { expect, test } from '@jest/globals';
import { start } from 'kms-emulator';

test('tenant has its own clock', async () => {
  const emulator = await start();
  const tenant = await emulator.tenant();
  await expect(tenant.clock.set('2030-01-01', { frozen: true })).resolves.toEqual(new Date('2030-01-01T00:00:00Z'));
  expect((await emulator.clock.now()).getTime()).toBeLessThan(Date.parse('2030-01-01'));
  await emulator.stop();
});
