// Compiled only: what the types accept and reject, without the option `skipLibCheck` and without ES2023 libraries.

import { start, type Emulator, type Fault, type JournalEntry, type StartOptions, type Tenant } from 'kms-emulator';

const options: StartOptions = { fixtures: ['a.json'], args: ['--auth', 'strict'], https: true, timeout: 1000 };

export async function use(): Promise<Date> {
  await using emulator: Emulator = await start(options);
  await using tenant: Tenant = await emulator.tenant({ ttl: '1h', start_fixtures: true });
  await tenant.secrets({ name: 'value' }, { cloud: 'tencent' });
  await using fault: Fault = await tenant.fault({ latency: { min: '1ms', max: '1s' }, when: 'after' });
  const hits: number = await fault.hits();
  const entries: JournalEntry[] = await tenant.journal({ fault: fault.id, limit: hits });
  const code: string | undefined = entries[0]?.code;
  console.log(code);

  // @ts-expect-error: a value is a text
  await tenant.secrets({ name: 1 });
  // @ts-expect-error: no such cloud
  await tenant.secrets({}, { cloud: 'aws' });
  // @ts-expect-error: no such member
  await tenant.fault({ action: 'GetSecretValue' });
  // @ts-expect-error: no such filter
  await tenant.journal({ operation: 'GetSecretValue' });
  // @ts-expect-error: only a tenant can be deleted
  await emulator.delete();
  return tenant.clock.advance('8d');
}
