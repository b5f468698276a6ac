// Runs at the same time as the other file, with the same server.

import { expect, test, vi } from 'vitest';
import { start } from 'kms-emulator';

test('frozen clock of a tenant stays, with fake timers of Vitest too', async () => {
  vi.useFakeTimers();
  try {
    const emulator = await start();
    await using tenant = await emulator.tenant();
    const time = new Date('2030-01-01T00:00:00Z');
    await tenant.clock.set(time, { frozen: true });
    expect(await tenant.clock.now()).toEqual(time);
    expect((await emulator.clock.now()).getTime()).toBeLessThan(time.getTime());
  } finally {
    vi.useRealTimers();
  }
});
