// The keys of Alibaba Cloud KMS, as the views of keys and secrets need them.

import { alibaba } from '../secrets/alibaba.js';

/** @typedef {import('../shared/control_api.js').Scope} Scope */
/** @typedef {import('../secrets/cloud.js').State} State */
/**
 * @template {string} Action
 * @typedef {import('../shared/control_api.js').AlibabaReply<Action>} Reply
 */

/**
 * @typedef {object} Key
 * @property {string} id
 * @property {State} state
 * @property {string} spec
 * @property {string} usage
 * @property {string} origin
 * @property {string} description
 * @property {Date} created
 * @property {Date | null} plannedDeletion
 * @property {Date | null} nextRotation
 * @property {string[]} aliases
 * @property {Reply<'DescribeKey'>['KeyMetadata']} metadata The whole description.
 */

/** @type {Record<string, State>} */
const STATES = { Enabled: 'enabled', Disabled: 'disabled', PendingDeletion: 'pending_deletion', PendingImport: 'pending_import' };

/** The largest page of the lists. */
const PAGE = 100;

/** How many pages of aliases are read. */
const MAX_PAGES = 10;

/**
 * @param {Reply<'DescribeKey'>['KeyMetadata']} metadata
 * @param {string[]} aliases
 * @returns {Key}
 */
function keyOf(metadata, aliases) {
  const time = (/** @type {string | undefined | null} */ text) => (text ? new Date(text) : null);
  return {
    id: metadata.KeyId,
    state: STATES[metadata.KeyState] ?? 'failed',
    spec: metadata.KeySpec,
    usage: metadata.KeyUsage,
    origin: metadata.Origin,
    description: metadata.Description,
    created: new Date(metadata.CreationDate),
    plannedDeletion: time(metadata.DeleteDate),
    nextRotation: time(metadata.NextRotationDate),
    aliases,
    metadata,
  };
}

/**
 * @param {Scope} scope
 * @param {string} id The id, the ARN or an alias.
 * @param {AbortSignal} [signal]
 * @returns {Promise<Key>}
 */
export async function describeKey(scope, id, signal) {
  /** @type {Reply<'DescribeKey'>} */
  const { KeyMetadata: metadata } = await alibaba.run(scope, 'DescribeKey', { KeyId: id }, signal);
  return keyOf(metadata, []);
}

/**
 * A page of the keys.
 *
 * @param {Scope} scope
 * @param {{ page: number, size: number, filters: string }} list
 * @param {AbortSignal} [signal]
 */
export async function listKeys(scope, { page, size, filters }, signal) {
  const parameters = { PageNumber: page, PageSize: size, ...(filters ? { Filters: filters } : {}) };
  /** @type {[Reply<'ListKeys'>, Map<string, string[]>]} */
  const [reply, aliases] = await Promise.all([alibaba.run(scope, 'ListKeys', parameters, signal), allAliases(scope, signal)]);
  const keys = await Promise.all(
    reply.Keys.Key.map(async ({ KeyId }) => ({ ...(await describeKey(scope, KeyId, signal)), aliases: aliases.get(KeyId) ?? [] })),
  );
  return { total: reply.TotalCount, keys };
}

/**
 * The names of the aliases by key.
 *
 * @param {Scope} scope
 * @param {AbortSignal} [signal]
 */
async function allAliases(scope, signal) {
  /** @type {Map<string, string[]>} */
  const byKey = new Map();
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    /** @type {Reply<'ListAliases'>} */
    const { Aliases, TotalCount } = await alibaba.run(scope, 'ListAliases', { PageNumber: page, PageSize: PAGE }, signal);
    for (const { KeyId, AliasName } of Aliases.Alias) byKey.set(KeyId, [...(byKey.get(KeyId) ?? []), AliasName]);
    if (page * PAGE >= TotalCount) break;
  }
  return byKey;
}

/**
 * A key with everything that its view shows.
 *
 * @param {Scope} scope
 * @param {string} id
 * @param {AbortSignal} signal
 */
export async function readKey(scope, id, signal) {
  const parameters = { KeyId: id, PageSize: PAGE };
  /** @type {[Key, Reply<'ListAliasesByKeyId'>, Reply<'ListKeyVersions'>, Reply<'ListResourceTags'>]} */
  const [key, aliases, versions, tags] = await Promise.all([
    describeKey(scope, id, signal),
    alibaba.run(scope, 'ListAliasesByKeyId', parameters, signal),
    alibaba.run(scope, 'ListKeyVersions', parameters, signal),
    alibaba.run(scope, 'ListResourceTags', { KeyId: id }, signal),
  ]);
  return {
    key: { ...key, aliases: aliases.Aliases.Alias.map(({ AliasName }) => AliasName) },
    versions: versions.KeyVersions.KeyVersion.map(({ KeyVersionId, CreationDate }) => ({ id: KeyVersionId, created: new Date(CreationDate) })),
    tags: tags.Tags.Tag.map(({ TagKey, TagValue }) => ({ key: TagKey, value: TagValue })),
  };
}
