// A fixture with many secrets.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { eventually } from './support.js';

/** How many secrets the fixture has. */
export const MANY = 100_000;

/** The name of a secret of the fixture. */
export function nameOf(number) {
  return `load/${String(number).padStart(6, '0')}`;
}

/**
 * The settings of a suite whose server has many secrets. `create` and `remove` are for the hooks of the suite around it.
 *
 * @param {string[]} [args] More options of the server.
 */
export function manySecrets(args = []) {
  let directory = '';
  const file = () => path.join(directory, 'many.json');
  const secret = (_, number) => ({
    SecretName: nameOf(number),
    SecretType: 'Generic',
    CreateTime: new Date(Date.UTC(2024, 0, 1) + number * 1000).toISOString().replace('.000', ''),
    ...(number % 10 === 7 ? { Tags: { Tag: [{ TagKey: 'team', TagValue: 'seven' }] } } : {}),
  });
  return {
    create: async () => {
      directory = await mkdtemp(path.join(os.tmpdir(), 'kms-emulator-'));
      await writeFile(file(), JSON.stringify({ SecretList: { Secret: Array.from({ length: MANY }, secret) } }));
    },
    remove: () => rm(directory, { recursive: true }),
    settings: { fixtures: () => [file()], args, isReady: (emulator) => eventually(() => emulator.control('ready'), 120_000) },
  };
}
