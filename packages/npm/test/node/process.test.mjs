// Processes: how the program is found and started, how the server ends, and the command `kms-emulator`.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { start } from 'kms-emulator';

const LIMIT_MS = 60_000;
const PROJECT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const MANIFEST = require.resolve('kms-emulator/package.json');
const VERSION = require(MANIFEST).version;
const COMMAND = path.join(path.dirname(MANIFEST), 'dist/cli.js');
const PLATFORM = `@kms-emulator/${process.platform}-${process.arch}`;
const NATIVE = require.resolve(`${PLATFORM}/bin/kms-emulator`);

const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'kms-emulator-'));
after(() => fs.rmSync(temporary, { recursive: true }));

/** The environment without the settings of the suite. */
function environment(changes = {}) {
  return { ...process.env, KMS_EMULATOR_BIN: '', KMS_EMULATOR_ENDPOINT: '', ...changes };
}

/** Writes an executable shell script. */
function script(name, lines) {
  const file = path.join(temporary, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  return file;
}

/** Waits for the end of a child process. */
async function exit(child) {
  if (child.exitCode === null && child.signalCode === null) {
    await once(child, 'exit', { signal: AbortSignal.timeout(LIMIT_MS) });
  }
}

/** Starts a Node program that prints a line with an endpoint; resolves with both. */
async function started(command, args, options) {
  const child = spawn(command, args, { env: environment(), stdio: ['pipe', 'pipe', 'inherit'], ...options });
  const deadline = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    const [endpoint] = chunk.match(/http:\/\/127\.0\.0\.1:\d+/) ?? [];
    if (endpoint !== undefined) {
      clearTimeout(deadline);
      return { child, endpoint };
    }
  }
  clearTimeout(deadline);
  throw new Error('no endpoint was printed');
}

/** Waits until nothing listens at an endpoint. */
async function assertEnds(endpoint) {
  for (const deadline = Date.now() + LIMIT_MS; ; await pause(50)) {
    const error = await fetch(`${endpoint}/_emulator/health`).then(() => undefined, (reason) => reason);
    if (error?.cause?.code === 'ECONNREFUSED') {
      return;
    }
    assert.ok(Date.now() < deadline, `the server at ${endpoint} still runs`);
  }
}

const START = "require('kms-emulator').start().then(({ endpoint }) => { console.log(endpoint);";

describe('end of the server', { concurrency: true }, () => {
  test('process that does not stop the server ends, and the server with it', async () => {
    const { child, endpoint } = await started(process.execPath, ['--eval', `${START} })`], { cwd: PROJECT });
    await exit(child);
    assert.equal(child.exitCode, 0);
    await assertEnds(endpoint);
  });

  for (const signal of ['SIGKILL', 'SIGTERM']) {
    test(`server ends after ${signal} to the process that started it`, async () => {
      const program = `${START} setInterval(() => {}, 1000); })`;
      const { child, endpoint } = await started(process.execPath, ['--eval', program], { cwd: PROJECT });
      assert.equal((await fetch(`${endpoint}/_emulator/health`)).status, 200);
      child.kill(signal);
      await exit(child);
      assert.equal(child.signalCode, signal);
      await assertEnds(endpoint);
    });
  }

  test('server ends after SIGKILL to a running suite of node:test', async () => {
    const file = path.join(temporary, 'hanging.test.cjs');
    const entry = JSON.stringify(path.dirname(MANIFEST));
    fs.writeFileSync(file, `
      require('node:test').test('hangs', async () => {
        console.log((await require(${entry}).start()).endpoint);
        await new Promise(() => setInterval(() => {}, 1000));
      });
    `);
    const { child, endpoint } = await started(process.execPath, [file]);
    child.kill('SIGKILL');
    await exit(child);
    await assertEnds(endpoint);
  });
});

describe('start', { concurrency: true }, () => {
  /** Runs `start()` in a child process, and returns the message of its error or the endpoint. */
  function startElsewhere(changes, directory = PROJECT) {
    const program = `${START} }, (error) => console.log(error.message))`;
    const { stdout } = spawnSync(process.execPath, ['--eval', program], {
      cwd: directory,
      env: environment(changes),
      encoding: 'utf8',
      timeout: LIMIT_MS,
    });
    return stdout.trimEnd();
  }

  /** A copy of the package without the package of the platform. */
  function withoutPlatformPackage() {
    const directory = path.join(temporary, 'without');
    fs.cpSync(path.dirname(MANIFEST), path.join(directory, 'node_modules/kms-emulator'), { recursive: true });
    return directory;
  }

  test('missing program is an error that says how to get one', () => {
    assert.equal(
      startElsewhere({ PATH: '' }, withoutPlatformPackage()),
      `kms-emulator: no program found for ${process.platform}-${process.arch}. Install the optional dependency ` +
        `${PLATFORM}, or set KMS_EMULATOR_BIN to the path of a program`,
    );
  });

  test('program in PATH is used, but not the command of this package', () => {
    const bin = path.join(withoutPlatformPackage(), 'node_modules/.bin');
    fs.mkdirSync(bin, { recursive: true });
    fs.rmSync(path.join(bin, 'kms-emulator'), { force: true });
    fs.symlinkSync('../kms-emulator/dist/cli.js', path.join(bin, 'kms-emulator'));
    fs.chmodSync(path.join(bin, 'kms-emulator'), 0o755);
    assert.match(startElsewhere({ PATH: bin }, path.dirname(path.dirname(bin))), /no program found/);

    const native = path.join(temporary, 'native');
    fs.mkdirSync(native);
    fs.copyFileSync(NATIVE, path.join(native, 'kms-emulator'));
    const search = [bin, native].join(path.delimiter);
    assert.match(startElsewhere({ PATH: search }, path.dirname(path.dirname(bin))), /^http:\/\/127\.0\.0\.1:\d+$/);
  });

  test('KMS_EMULATOR_BIN and the option name the program', async () => {
    assert.match(startElsewhere({ KMS_EMULATOR_BIN: NATIVE }), /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(
      startElsewhere({ KMS_EMULATOR_BIN: '/does/not/exist' }),
      'kms-emulator: KMS_EMULATOR_BIN names /does/not/exist, which is not a program',
    );
    await assert.rejects(start({ binary: temporary }), {
      message: `kms-emulator: the option \`binary\` names ${temporary}, which is not a program`,
    });
  });

  test('program that ends is an error with its exit code and the end of its log', async () => {
    const binary = script('ends', 'echo "the reason" >&2; exit 7');
    await assert.rejects(start({ binary }), {
      message: `kms-emulator: ${binary} ended with exit code 7 before it listened\nthe reason`,
    });
    await assert.rejects(start({ args: ['--no-such-flag'] }), /ended with exit code 2 .*--no-such-flag/s);
    await assert.rejects(start({ binary: script('killed', 'kill -KILL $$') }), /ended with SIGKILL/);
  });

  test('program that prints no address is an error after the timeout', async () => {
    const pidFile = path.join(temporary, 'pid');
    const binary = script('silent', `echo $$ > ${pidFile}; exec sleep 600`);
    await assert.rejects(start({ binary, timeout: 500 }), /silent did not listen within \d+ ms$/);
    for (const deadline = Date.now() + LIMIT_MS; isRunning(pidFile); await pause(50)) {
      assert.ok(Date.now() < deadline, 'the program still runs');
    }
  });

  test('program that cannot be executed is an error', async () => {
    const binary = path.join(temporary, 'no-interpreter');
    fs.writeFileSync(binary, '#!/does/not/exist\n', { mode: 0o755 });
    await assert.rejects(start({ binary }), /no-interpreter cannot be started: .*ENOENT/);
  });

  test('settings in the environment do not change the server', () => {
    const endpoint = startElsewhere({
      KMS_EMULATOR_LISTEN: '127.0.0.1:1',
      KMS_EMULATOR_PORT: '1',
      KMS_EMULATOR_CONTROL_LISTEN: '127.0.0.1:0',
      KMS_EMULATOR_CONTROL_TOKEN: 'a token',
      KMS_EMULATOR_NO_CONTROL: 'true',
      KMS_EMULATOR_DATABASE: '/does/not/exist/database',
      KMS_EMULATOR_AUTH: 'no such mode',
    });
    assert.match(endpoint, /^http:\/\/127\.0\.0\.1:\d+$/);
  });

  test('log is written to standard error if a level is given', () => {
    const program = "require('kms-emulator').start({ log: 'info' }).then((emulator) => emulator.stop())";
    const options = { cwd: PROJECT, env: environment(), encoding: 'utf8', timeout: LIMIT_MS };
    const { stdout, stderr } = spawnSync(process.execPath, ['--eval', program], options);
    assert.equal(stdout, '');
    assert.match(stderr, /stopping/);
  });
});

/** Whether the process whose id is in a file runs; it may not have written the file yet. */
function isRunning(pidFile) {
  try {
    process.kill(Number(fs.readFileSync(pidFile, 'utf8').trim()), 0);
    return true;
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}

describe('command kms-emulator', { concurrency: true }, () => {
  function run(args, changes, options) {
    const env = environment(changes);
    return spawnSync(process.execPath, [COMMAND, ...args], { env, encoding: 'utf8', timeout: LIMIT_MS, ...options });
  }

  test('npx runs the program', () => {
    const { status, stdout } = spawnSync('npx', ['--no-install', 'kms-emulator', '--version'], {
      cwd: PROJECT,
      env: environment(),
      encoding: 'utf8',
      timeout: LIMIT_MS,
    });
    assert.equal(stdout, `kms-emulator ${VERSION}\n`);
    assert.equal(status, 0);
  });

  test('exit code is that of the program', () => {
    const { status, stderr } = run(['--no-such-flag']);
    assert.equal(status, 2);
    assert.match(stderr, /--no-such-flag/);
    assert.equal(run([], { KMS_EMULATOR_BIN: script('seven', 'exit 7') }).status, 7);
  });

  test('arguments and streams are those of the program', () => {
    const binary = script('echo', 'cat; echo "$#:$1:$2" >&2');
    const { stdout, stderr } = run(['a b', '*'], { KMS_EMULATOR_BIN: binary }, { input: 'from standard input' });
    assert.equal(stdout, 'from standard input');
    assert.equal(stderr, '2:a b:*\n');
  });

  test('variables for programs are those that the command prints', async () => {
    const emulator = await start();
    const { stdout } = run(['env', '--format', 'dotenv', '--endpoint', emulator.endpoint]);
    const printed = Object.fromEntries(stdout.trimEnd().split('\n').map((line) => line.split(/=(.*)/s, 2)));
    assert.deepEqual(emulator.env, printed);
    await emulator.stop();
  });

  for (const signal of ['SIGTERM', 'SIGINT']) {
    test(`${signal} stops the server, which exits with 0`, async () => {
      const { child, endpoint } = await started(process.execPath, [COMMAND, '--listen', '127.0.0.1:0']);
      child.kill(signal);
      await exit(child);
      assert.equal(child.exitCode, 0);
      await assertEnds(endpoint);
    });
  }

  test('signal that ends the program ends the command', () => {
    for (const signal of ['SIGABRT', 'SIGTERM', 'SIGKILL']) {
      const binary = script(`ends-by-${signal}`, `kill -${signal.slice(3)} $$`);
      assert.equal(run([], { KMS_EMULATOR_BIN: binary }).signal, signal);
    }
  });

  test('missing program is an error with exit code 1', () => {
    const { status, stderr } = run([], { KMS_EMULATOR_BIN: '/does/not/exist' });
    assert.equal(status, 1);
    assert.equal(stderr, 'kms-emulator: KMS_EMULATOR_BIN names /does/not/exist, which is not a program\n');
  });
});
