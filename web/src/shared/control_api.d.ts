// The control API as the page uses it, derived from the generated types in api.d.ts. Shapes are looked up by path and
// method, so that the names of the schemas do not matter here.

import type { components, paths } from './api.js';

/** A path of the control API without `/_emulator`, such as `/faults/{id}`. */
export type ControlPath = {
  [Path in keyof paths]: Path extends `/_emulator${infer Rest}` ? Rest : never;
}[keyof paths];

type PathItem<Path extends ControlPath> = `/_emulator${Path}` extends keyof paths ? paths[`/_emulator${Path}`] : never;

/** The methods that a path has. */
export type Method<Path extends ControlPath> = {
  [Name in 'get' | 'put' | 'post' | 'delete']: PathItem<Path>[Name] extends object ? Name : never;
}['get' | 'put' | 'post' | 'delete'];

type Json<Response> = Response extends { content: { 'application/json': infer Value } } ? Value : never;

type Success<Responses> = Responses extends { 200: infer Ok } ? Ok : Responses extends { 201: infer Created } ? Created : never;

/** The body of a successful response. */
export type Reply<Path extends ControlPath, Name extends Method<Path>> = PathItem<Path>[Name] extends { responses: infer Responses }
  ? Json<Success<Responses>>
  : never;

/** The body of a request. */
export type Body<Path extends ControlPath, Name extends Method<Path>> = PathItem<Path>[Name] extends { requestBody?: infer Content }
  ? Json<{ content: NonNullable<Content> extends { content: infer Media } ? Media : never }>
  : never;

/** The parameters in braces in the path. */
export type PathParameters<Path extends ControlPath, Name extends Method<Path>> = PathItem<Path>[Name] extends {
  parameters: { path: infer Parameters };
}
  ? Parameters
  : never;

export interface RequestOptions<Path extends ControlPath, Name extends Method<Path>> {
  /** `get` by default. */
  method?: Name;
  path?: PathParameters<Path, Name>;
  query?: Readonly<Record<string, string | number | undefined>>;
  body?: Body<Path, Name>;
  /** The body, if it is not JSON. */
  text?: string;
  signal?: AbortSignal;
  /** A status outside 200 to 299 that is not treated as an error. */
  acceptedStatus?: number;
}

export type Settings = Reply<'/settings', 'get'>;
export type CloudSettings = Settings['clouds'][number];
export type CloudName = CloudSettings['cloud'];

export type Operation = Reply<'/operations', 'get'>['operations'][number];
export type Parameter = Operation['parameters'][number];
export type FilterKey = NonNullable<Parameter['keys']>[number];

export type Readiness = Reply<'/ready', 'get'>;
/** A scope with the number of its secrets. */
export type ScopeSecrets = Extract<Readiness, { status: 'ready' }>['scopes'][number];
export type Scope = Omit<ScopeSecrets, 'secrets'>;
/** A scope, or all scopes that have the given parts in common. */
export type ScopeFilter = { [Part in keyof Scope]?: Scope[Part] | null };

export type CallRequest = Body<'/call', 'post'>;
/** A call with its request, its signature, its code in other languages and, if it was sent, its response. */
export type Call = Reply<'/call', 'post'>;
export type CloudResponse = NonNullable<Call['reply']>;

/** A hint of the emulator about a request. */
export type Hint = CloudResponse['hints'][number];

export type ClockReading = Reply<'/clock', 'get'>;

export type JournalEntry = Reply<'/journal', 'get'>['requests'][number];
/** A journal entry with the request as it was received and the reply. */
export type Exchange = Reply<'/journal/{request_id}', 'get'>;
export type Verdict = JournalEntry['verdict'];
export type Mismatch = NonNullable<JournalEntry['mismatch']>;
export type Mistake = Mismatch['mistake'];

/** A planned deletion or rotation. */
export type DueWork = Reply<'/clock/due', 'get'>['due'][number];

/** A secret that differs between two snapshots. */
export type Difference = Reply<'/snapshots/{name}/differences', 'get'>['secrets'][number];

export type FaultRule = Body<'/faults', 'post'>;
export type Fault = Reply<'/faults', 'get'>['faults'][number];

export type Snapshot = Reply<'/snapshots', 'get'>['snapshots'][number];
export type Tenant = Reply<'/tenants', 'get'>['tenants'][number];
export type NewTenant = Reply<'/tenants', 'post'>;
export type CloudCoverage = Reply<'/coverage', 'get'>['clouds'][number];

/** The response of an operation of Alibaba Cloud. */
export type AlibabaReply<Action extends string> = `alibaba.${Action}.reply` extends keyof components['schemas']
  ? components['schemas'][`alibaba.${Action}.reply`]
  : never;

/** The response of an operation of Tencent Cloud, without `Response`. */
export type TencentReply<Action extends string> = `tencent.${Action}.reply` extends keyof components['schemas']
  ? components['schemas'][`tencent.${Action}.reply`]
  : never;
