// Compiled only: the types in CommonJS.

import kmsEmulator = require('kms-emulator');

export async function use(): Promise<string> {
  const emulator: kmsEmulator.Emulator = await kmsEmulator.start();
  return emulator.alibaba.accessKeyId;
}
