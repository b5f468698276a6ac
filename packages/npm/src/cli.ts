#!/usr/bin/env node
// The command `kms-emulator`: runs the native program with the same arguments, streams and exit code.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

import { findBinary } from './binary';

/** Signals that would end this process before the program. */
const FORWARDED: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function run(binary: string): void {
  const program = spawn(binary, process.argv.slice(2), { stdio: 'inherit' });
  for (const signal of FORWARDED) {
    process.on(signal, () => program.kill(signal));
  }
  program.on('error', (error) => fail(`kms-emulator: ${error.message}`));
  program.on('exit', (code, signal) => {
    if (signal === null) {
      process.exit(code ?? 1);
    }
    // The caller sees the same signal. If it does not end this process, it sees the exit code that a shell would report.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    process.exitCode = 128 + constants.signals[signal];
  });
}

let binary: string;
try {
  binary = findBinary();
} catch (error) {
  fail((error as Error).message);
}
run(binary);
