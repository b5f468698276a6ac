/// <reference lib="esnext.disposable" preserve="true" />
import { Agent } from 'node:https';

import type { Control } from './control';
import type { Server } from './server';
import type {
  Cloud,
  Duration,
  FaultRule,
  JournalEntry,
  JournalFilter,
  TenantOptions,
} from './types';

/** Settings for the SDKs of Alibaba Cloud: the argument of their class `Config`. */
export interface AlibabaSettings {
  accessKeyId: string;
  accessKeySecret: string;
  regionId: string;
  /** The host and port. */
  endpoint: string;
  protocol: 'http' | 'https';
  /** The certificate of the authority, with https. */
  ca?: string;
}

/** Settings for the SDKs of Tencent Cloud: the argument of their class `Client`. */
export interface TencentSettings {
  credential: { secretId: string; secretKey: string };
  region: string;
  profile: {
    httpProfile: {
      /** The host and port. */
      endpoint: string;
      protocol: 'http://' | 'https://';
      /** An agent that trusts the authority of the server, with https. */
      agent?: Agent;
    };
  };
}

/** Where a server can be reached. */
interface Connection {
  readonly control: Control;
  /** The URL for clients. */
  readonly endpoint: string;
  /** The certificate of the authority, with https. */
  readonly ca: string | undefined;
  /** The default regions. */
  readonly regions: Record<Cloud, string>;
}

/** An access key with its secret. */
export interface AccessKey {
  readonly id: string;
  readonly secret: string;
  /** The account, if it is not the default account of the server. */
  readonly account?: string | undefined;
}

/** An account of the emulator, the same on both clouds: its secrets, and the settings of clients. */
export abstract class Account {
  /** The URL of the server, such as `http://127.0.0.1:34567`. */
  readonly endpoint: string;

  /** With https, the certificate of the server's authority in PEM. */
  readonly ca: string | undefined;

  /** Settings for the SDKs of Alibaba Cloud: `new Config(account.alibaba)`. */
  readonly alibaba: AlibabaSettings;

  /** Settings for the SDKs of Tencent Cloud: `new Client(account.tencent)`. */
  readonly tencent: TencentSettings;

  /** Environment variables for programs under test, with the names that `kms-emulator env` prints. */
  readonly env: Record<string, string>;

  /** The clock that the account follows. */
  readonly clock: Clock;

  /** @internal */
  constructor(
    /** @internal */
    protected readonly connection: Connection,
    key: AccessKey,
    /** The number of the account. */
    readonly account: string,
    /** @internal Parameters that select the clock. */
    clockQuery: string,
  ) {
    const { control, endpoint, ca, regions } = connection;
    this.endpoint = endpoint;
    this.ca = ca;
    this.clock = new Clock(control, clockQuery);
    this.alibaba = {
      accessKeyId: key.id,
      accessKeySecret: key.secret,
      regionId: regions.alibaba,
      endpoint: control.address,
      protocol: ca === undefined ? 'http' : 'https',
      ...(ca !== undefined && { ca }),
    };
    this.tencent = {
      credential: { secretId: key.id, secretKey: key.secret },
      region: regions.tencent,
      profile: {
        httpProfile: {
          endpoint: control.address,
          protocol: ca === undefined ? 'http://' : 'https://',
          ...(ca !== undefined && { agent: new Agent({ ca }) }),
        },
      },
    };
    this.env = {
      KMS_EMULATOR_ENDPOINT: endpoint,
      ALIBABA_CLOUD_CREDENTIALS_URI: `${endpoint}/_emulator/credentials`,
      ALIBABA_CLOUD_ACCESS_KEY_ID: key.id,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: key.secret,
      ALIBABA_CLOUD_REGION_ID: regions.alibaba,
      ALIBABA_CLOUD_REGION: regions.alibaba,
      ALIBABA_CLOUD_ENDPOINT: control.address,
      TENCENTCLOUD_SECRET_ID: key.id,
      TENCENTCLOUD_SECRET_KEY: key.secret,
      TENCENTCLOUD_REGION: regions.tencent,
    };
  }

  /**
   * Creates secrets from an object of names and values, in the default regions of both clouds or of one cloud. A secret
   * replaces one of the same name.
   */
  async secrets(values: Record<string, string>, options: { cloud?: Cloud } = {}): Promise<void> {
    if (Object.keys(values).length === 0) {
      return;
    }
    const fixtures: Record<Cloud, object> = { alibaba: values, tencent: { SecretMetadatas: values } };
    const chosen = options.cloud === undefined ? Object.values(fixtures) : [fixtures[options.cloud]];
    await this.connection.control.json('POST', `state?account=${this.account}`, chosen);
  }

  /** Adds a fault rule, which makes requests fail, slows them down or cuts replies. */
  async fault(rule: FaultRule): Promise<Fault> {
    const { control } = this.connection;
    return new Fault(control, (await control.json<{ id: number }>('POST', 'faults', rule)).id);
  }

  /** Returns the last requests to the clouds, the oldest first. */
  async journal(filter: JournalFilter = {}): Promise<JournalEntry[]> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(filter)) {
      if (value !== undefined) {
        query.set(name, String(value));
      }
    }
    const reply = await this.connection.control.json<{ requests: JournalEntry[] }>('GET', `journal?${query}`);
    return reply.requests;
  }
}

/** A running emulator, with its default account. */
export class Emulator extends Account {
  /** @internal */
  constructor(
    connection: Connection,
    key: AccessKey,
    account: string,
    /** The version of the server. */
    readonly version: string,
    private readonly server: Server | undefined,
  ) {
    super(connection, key, account, '');
  }

  /** Creates an account with its own access key and clock. It does not see the secrets of other accounts. */
  async tenant(options: TenantOptions = {}): Promise<Tenant> {
    const created = await this.connection.control.json<CreatedTenant>('POST', 'tenants', { clock: true, ...options });
    return new Tenant(this.connection, created, options.clock ?? true);
  }

  /** Stops the server, if `start()` started it. */
  async stop(): Promise<void> {
    await this.server?.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

interface CreatedTenant {
  account: string;
  access_key_id: string;
  access_key_secret: string;
}

/** An account of a test. Its fault rules apply to its own requests, and its journal has its own requests. */
export class Tenant extends Account {
  readonly #accessKeyId: string;
  readonly #faults: Fault[] = [];

  /** @internal */
  constructor(connection: Connection, created: CreatedTenant, hasClock: boolean) {
    const key = { id: created.access_key_id, secret: created.access_key_secret };
    super(connection, key, created.account, hasClock ? `?account=${created.account}` : '');
    this.env['ALIBABA_CLOUD_CREDENTIALS_URI'] += `?account=${created.account}`;
    this.#accessKeyId = key.id;
  }

  /** Adds a fault rule for the requests of this tenant. */
  override async fault(rule: FaultRule): Promise<Fault> {
    const fault = await super.fault({ ...rule, match: { access_key_id: this.#accessKeyId, ...rule.match } });
    this.#faults.push(fault);
    return fault;
  }

  /** Returns the last requests of this tenant, the oldest first. */
  override async journal(filter: JournalFilter = {}): Promise<JournalEntry[]> {
    return super.journal({ access_key_id: this.#accessKeyId, ...filter });
  }

  /** Deletes the tenant with its secrets and fault rules. */
  async delete(): Promise<void> {
    await Promise.all(this.#faults.map((fault) => fault.delete()));
    await this.connection.control.delete(`tenants/${this.account}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.delete();
  }
}

/** A fault rule of the server. */
export class Fault {
  /** @internal */
  constructor(
    private readonly control: Control,
    /** The number of the rule, as in the journal. */
    readonly id: number,
  ) {}

  /** Returns how often the rule fired. */
  async hits(): Promise<number> {
    return (await this.control.json<{ hits: number }>('GET', `faults/${this.id}`)).hits;
  }

  /** Returns the number of requests that matched, whether or not the rule fired. */
  async seen(): Promise<number> {
    return (await this.control.json<{ seen: number }>('GET', `faults/${this.id}`)).seen;
  }

  /** Removes the rule. */
  async delete(): Promise<void> {
    await this.control.delete(`faults/${this.id}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.delete();
  }
}

/** A clock of the server. All methods return its time after the change. */
export class Clock {
  /** @internal */
  constructor(
    private readonly control: Control,
    private readonly query: string,
  ) {}

  /** Returns the time. */
  now(): Promise<Date> {
    return this.#ask('GET', '');
  }

  /** Sets the clock, forwards or backwards, and does the due work. */
  set(now: Date | string, options: { frozen?: boolean } = {}): Promise<Date> {
    return this.#ask('PUT', '', { now: now instanceof Date ? now.toISOString() : now, ...options });
  }

  /** Advances the clock, and does the work that is due. */
  advance(by: Duration): Promise<Date> {
    return this.#ask('POST', '/advance', { by });
  }

  /** Stops the clock at its current time. */
  freeze(): Promise<Date> {
    return this.#ask('POST', '/freeze');
  }

  /** Resumes a stopped clock. */
  resume(): Promise<Date> {
    return this.#ask('POST', '/resume');
  }

  /** Resets the clock to the system time. */
  reset(): Promise<Date> {
    return this.#ask('DELETE', '');
  }

  async #ask(method: string, path: string, body?: object): Promise<Date> {
    return new Date((await this.control.json<{ now: string }>(method, `clock${path}${this.query}`, body)).now);
  }
}
