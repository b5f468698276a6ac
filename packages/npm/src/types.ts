// The JSON of the control API. Names are those of the wire, so the documents of the control API apply unchanged.

/** A cloud: Alibaba Cloud KMS or Tencent Cloud SSM. */
export type Cloud = 'alibaba' | 'tencent';

/** A duration, such as `200ms`, `90s`, `7d` or `1h 30m`. */
export type Duration = string;

/** The conditions of a fault rule. All given ones must hold. */
export interface FaultMatch {
  /** The cloud. */
  cloud?: Cloud;
  /** The operation, such as `GetSecretValue`. */
  action?: string;
  /** A pattern for the parameter `SecretName`: `*` matches any text, `?` one character. */
  secret?: string;
  /** The id of the access key. The faults of a tenant match its own access key by default. */
  access_key_id?: string;
  /** The region. */
  region?: string;
  /** Only the n-th of the requests that match the conditions above, counted from 1. */
  nth?: number;
  /** Every n-th of the requests that match the conditions above. */
  every?: number;
  /** The probability with which the rule fires for each request that matches, from 0 to 1. */
  probability?: number;
  /** The seed of the random numbers: the same seed gives the same sequence. */
  seed?: number;
}

/** A fault rule: the requests that it applies to, its effects (at least one), and how often it fires. */
export interface FaultRule {
  /** The requests that the rule applies to; all if absent. */
  match?: FaultMatch;
  /** The code of the error to return, such as `Rejected.Throttling`. */
  error?: string;
  /** The HTTP status of the error, instead of the documented one. */
  status?: number;
  /**
   * The text of the error, instead of the documented one. `{RequestId}`, `{Action}`, `{Version}`, `{Region}`, `{Account}`,
   * `{Resource}` and `{Time}` in it are replaced by those of the request.
   */
  message?: string;
  /** The delay of the reply, fixed or random. */
  latency?: Duration | { min: Duration; max: Duration };
  /** Reset the connection instead of sending a reply. */
  reset?: boolean;
  /** Cut the body of the reply after this many bytes. */
  truncate?: number;
  /** `after`: the operation is executed before the client gets the error or the reset. The default is `before`. */
  when?: 'before' | 'after';
  /** How often the rule fires; unlimited if absent. */
  times?: number;
}

/** The lifetime and the first secrets of a tenant. */
export interface TenantOptions {
  /** Whether the tenant has its own clock, which is the default, or follows the clock of the server. */
  clock?: boolean;
  /** The lifetime by the system clock. Without it the tenant does not expire. */
  ttl?: Duration;
  /** A fixture to load. */
  fixture?: object;
  /** Whether to load the fixtures that the server was started with. */
  start_fixtures?: boolean;
  /** How `SecretName` and `Description` in `Filters` of Alibaba Cloud match. The default is that of the server. */
  alibaba_filter_match?: 'exact' | 'contains';
}

/** The result of the check of a signature. */
export type Verdict = 'not_reached' | 'unsigned' | 'unchecked' | 'valid' | 'refused';

/** Selects requests of the journal. All given conditions must hold. */
export interface JournalFilter {
  /** Only requests to this cloud. */
  cloud?: Cloud;
  /** Only requests of this source. The default is `client`. */
  source?: 'client' | 'call' | 'any';
  /** Only requests for this operation. */
  action?: string;
  /** Only requests with this parameter: `SecretName`, or `SecretName=db/password`. */
  parameter?: string;
  /** Only requests that contain each of these words. */
  text?: string;
  /** Only requests with this access key. A tenant selects its own access key by default. */
  access_key_id?: string;
  /** Only requests with this result of the check of the signature. */
  verdict?: Verdict;
  /** Only requests of this account. */
  account?: string;
  /** Only requests in this region. */
  region?: string;
  /** Only requests with this HTTP status in the reply. */
  status?: number;
  /** Only requests with this error code in the reply; `OK` is success. */
  code?: string;
  /** Only the request with this id. */
  request_id?: string;
  /** Only requests to which this fault rule applied. */
  fault?: number;
  /** Only requests that took at least this long. */
  min_duration?: Duration;
  /** Only requests that arrived at this time or later, by the clock of the server. */
  since?: string;
  /** Only requests that arrived before this time, by the clock of the server. */
  until?: string;
  /** Only requests with a greater number. */
  after?: number;
  /** Only requests with a smaller number. */
  before?: number;
  /** The maximum number of requests: the latest that match. */
  limit?: number;
}

/** A request to a cloud, as the journal has it. */
export interface JournalEntry {
  /** The number of the request since the server started, from 1. */
  number: number;
  /** When it arrived, by the clock of the server. */
  time: string;
  /** When it arrived, by the clock of the tenant; `null` if the account does not have its own clock. */
  tenant_time: string | null;
  /** A client, or a call that a request of the control API made, for the page for example. */
  source: 'client' | 'call';
  /** The cloud. */
  cloud: Cloud;
  /** The requested operation, even if it does not exist. */
  action: string | null;
  /** The parameters, without the common ones; sensitive values are `***`. `null` if they could not be read. */
  parameters: Record<string, string> | null;
  /** The id of the access key. */
  access_key_id: string | null;
  /** The result of the check of the signature. */
  verdict: Verdict;
  /** The account; `null` if the request was rejected earlier. */
  account: string | null;
  /** The region; `null` if the request was rejected earlier. */
  region: string | null;
  /** The HTTP status of the reply. */
  status: number;
  /** The error code of the reply; `OK` is success. */
  code: string;
  /** The id of the request, as in the reply. */
  request_id: string;
  /** The duration in milliseconds, without the latency of a fault rule. */
  duration_ms: number;
  /** The number of the fault rule that applied. */
  fault: number | null;
  /** The explanation of a signature that does not match. */
  mismatch: SignatureMismatch | null;
  /** The decision of policies; `null` if the caller has none. */
  permission: Permission | null;
}

/** The decision of policies about a request. */
export interface Permission {
  allowed: boolean;
  /** The action that was checked, such as `kms:GetSecretValue`. */
  action: string;
  /** The resource that was checked. */
  resource: string;
  /** The name of the policy that decided; `null` if no policy allows the request. */
  policy: string | null;
  /** The index of the statement that decided, from 0. */
  statement: number | null;
  /** The `Sid` of the statement. */
  sid: string | null;
  /** The effect of the statement. */
  effect: 'Allow' | 'Deny' | null;
  /** The decision in English. */
  explanation: string;
}

/** Why a signature was rejected. */
export interface SignatureMismatch {
  /** The mistake of the client, as a code. */
  mistake: string;
  /** The mistake in English. */
  diagnosis: string;
  /** The text that should have been signed. */
  server: string;
  /** The text that the client signed, if it is known. */
  client: string | null;
  /** The host that the client signed, if it is the mistake. */
  signed_host: string | null;
  /** The index of the first character that differs, from 0. */
  first_difference: number | null;
}
