import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';

/** How much of the log is kept for an error at start-up. */
const LOG_TAIL = 4096;

/** How long a server may take to stop before it is killed. */
const STOP_LIMIT_MS = 5000;

/**
 * A server that this process started, and that ends with this process.
 *
 * @internal
 */
export class Server {
  private constructor(
    private readonly program: ChildProcess,
    /** The host and port that it listens on. */
    readonly address: string,
  ) {}

  /** Starts the program and waits until it listens. */
  static async start(binary: string, args: string[], log: string | undefined, timeout: number): Promise<Server> {
    const settings = ['--exit-with-stdin', '--listen', '127.0.0.1:0', ...(log === undefined ? [] : ['--log', log])];
    const program = spawn(binary, [...settings, ...args], {
      env: environment(),
      // The system closes the pipe of standard input when this process ends for any reason, which stops the server.
      stdio: ['pipe', 'pipe', log === undefined ? 'pipe' : 'inherit'],
      windowsHide: true,
    });
    try {
      const address = await listening(program, binary, timeout);
      letProcessEnd(program);
      return new Server(program, address);
    } catch (error) {
      program.kill('SIGKILL');
      throw error;
    }
  }

  /** Stops the server and waits until it has ended. */
  async stop(): Promise<void> {
    const { program } = this;
    if (program.exitCode !== null || program.signalCode !== null) {
      return;
    }
    const ended = once(program, 'exit');
    program.ref();
    program.kill();
    const killer = setTimeout(() => program.kill('SIGKILL'), STOP_LIMIT_MS);
    await ended;
    clearTimeout(killer);
  }
}

/** The environment without settings of the program, so that tests do the same on every machine. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('KMS_EMULATOR_')));
}

/** Resolves with the address in the line that the server prints as soon as it listens. */
function listening(program: ChildProcess, binary: string, timeout: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    let log = '';
    const timer = setTimeout(() => fail(`did not listen within ${timeout} ms`), timeout);

    function fail(reason: string): void {
      clearTimeout(timer);
      reject(new Error(`kms-emulator: ${binary} ${reason}${log && `\n${log.trimEnd()}`}`));
    }

    program.on('error', (error) => fail(`cannot be started: ${error.message}`));
    // Not `exit`, after which the last lines of the log may still arrive.
    program.on('close', (code, signal) => fail(`ended with ${signal ?? `exit code ${code}`} before it listened`));
    // Both streams are read to their end, so that the server never waits for this process.
    program.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      log = (log + chunk).slice(-LOG_TAIL);
    });
    program.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      output = (output + chunk).slice(-LOG_TAIL);
      const ready = /^kms-emulator listening on http:\/\/(\S+)$/m.exec(output);
      if (ready?.[1] !== undefined) {
        clearTimeout(timer);
        resolve(ready[1]);
      }
    });
  });
}

/** Lets this process end although the server runs. */
function letProcessEnd(program: ChildProcess): void {
  program.unref();
  for (const stream of [program.stdin, program.stdout, program.stderr]) {
    (stream as Socket | null)?.unref();
  }
}
