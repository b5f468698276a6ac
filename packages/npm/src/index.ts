import { setTimeout as pause } from 'node:timers/promises';

import { findBinary } from './binary';
import { Control, ControlError } from './control';
import { Emulator, type AccessKey } from './emulator';
import { Server } from './server';
import type { Cloud } from './types';

export { ControlError };
export type { Account, AlibabaSettings, Clock, Emulator, Fault, Tenant, TencentSettings } from './emulator';
export type * from './types';

/** The pause between two attempts to reach a server that is starting. */
const RETRY_MS = 50;

/** The limit of the last attempt, which begins just before the deadline. */
const MINIMUM_MS = 1000;

/** The access key of a server that was started without `--access-key`. */
const DEFAULT_KEY: AccessKey = { id: 'test', secret: 'test' };

/** How a server is found or started. */
export interface StartOptions {
  /**
   * The URL of a server that runs already. Then nothing is started, and the options `binary`, `fixtures`, `args` and
   * `log` have no effect. The default is the variable `KMS_EMULATOR_ENDPOINT`.
   */
  endpoint?: string;
  /**
   * The path of the program. The default is the variable `KMS_EMULATOR_BIN`, then the program in the package
   * `@kms-emulator/PLATFORM`, then `kms-emulator` in `PATH`.
   */
  binary?: string;
  /** Fixture files, or directories with fixture files, to load at start-up. */
  fixtures?: string | string[];
  /** More arguments of the program, such as `['--auth', 'strict']`. */
  args?: string[];
  /** Whether clients use https. The default is whether `endpoint` begins with `https:`. */
  https?: boolean;
  /** The log level, such as `info`. The log is then written to standard error; without it there is no log. */
  log?: string;
  /** Milliseconds until the server must be ready. The default is 30,000. */
  timeout?: number;
}

/** Starts the emulator at a free port, or connects to the one at `KMS_EMULATOR_ENDPOINT`, and waits until it is ready. */
export async function start(options: StartOptions = {}): Promise<Emulator> {
  const deadline = Date.now() + (options.timeout ?? 30_000);
  const given = options.endpoint ?? (process.env['KMS_EMULATOR_ENDPOINT'] || undefined);
  if (given !== undefined) {
    const { hostname, port, protocol } = parsedEndpoint(given);
    const address = `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
    const control = new Control(address, process.env['KMS_EMULATOR_CONTROL_TOKEN'] || undefined);
    return connect(control, options.https ?? protocol === 'https:', DEFAULT_KEY, undefined, deadline);
  }

  const fixtures = [options.fixtures ?? []].flat().flatMap((fixture) => ['--fixtures', fixture]);
  const args = [...fixtures, ...(options.args ?? [])];
  const server = await Server.start(findBinary(options.binary), args, options.log, deadline - Date.now());
  try {
    const control = new Control(server.address, undefined);
    return await connect(control, options.https ?? false, firstKey(args), server, deadline);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function connect(
  control: Control,
  https: boolean,
  key: AccessKey,
  server: Server | undefined,
  deadline: number,
): Promise<Emulator> {
  await ready(control, deadline);
  const settings = await control.json<Settings>('GET', 'settings');
  const regionOf = (cloud: Cloud): string =>
    settings.clouds.find((offered) => offered.cloud === cloud)?.default_region ?? '';
  const connection = {
    control,
    endpoint: `${https ? 'https' : 'http'}://${control.address}`,
    ca: https ? await control.text('GET', 'ca.pem') : undefined,
    regions: { alibaba: regionOf('alibaba'), tencent: regionOf('tencent') },
  };
  return new Emulator(connection, key, key.account ?? settings.default_account, settings.version, server);
}

/** The first value of `--access-key ID:SECRET[:ACCOUNT]`. */
function firstKey(args: string[]): AccessKey {
  const flag = args.findIndex((argument) => /^--access-key(=|$)/.test(argument));
  const given = flag === -1 ? undefined : (args[flag]?.split(/=(.*)/s)[1] ?? args[flag + 1]);
  const [id, secret, account] = given?.split(':') ?? [];
  return id && secret ? { id, secret, account } : DEFAULT_KEY;
}

interface Settings {
  version: string;
  default_account: string;
  clouds: { cloud: Cloud; default_region: string }[];
}

/** Waits until the server has loaded its fixtures. One that is started elsewhere may not listen yet. */
async function ready(control: Control, deadline: number): Promise<void> {
  for (;;) {
    try {
      await control.json('GET', 'ready', undefined, Math.max(MINIMUM_MS, deadline - Date.now()));
      return;
    } catch (error) {
      const isStarting = error instanceof ControlError ? error.status === 503 : isRefused(error);
      if (!isStarting || Date.now() > deadline) {
        throw new Error(`kms-emulator: the server at ${control.address} is not ready: ${(error as Error).message}`, {
          cause: error,
        });
      }
    }
    await pause(RETRY_MS);
  }
}

/** Whether the connection was refused or reset, which happens while a server or its container starts. */
function isRefused(error: unknown): boolean {
  return ['ECONNREFUSED', 'ECONNRESET'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function parsedEndpoint(endpoint: string): URL {
  try {
    const url = new URL(endpoint);
    if (['http:', 'https:'].includes(url.protocol)) {
      return url;
    }
  } catch {
    // Not a URL, which the error below says.
  }
  throw new Error(`kms-emulator: the endpoint must be a URL such as http://127.0.0.1:8080, not \`${endpoint}\``);
}
