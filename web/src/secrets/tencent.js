// Tencent Cloud SSM.

import { t } from '../i18n/index.js';
import { h } from '../shared/dom.js';
import { UserError } from '../shared/errors.js';
import { keyValuesEditor } from '../shared/key_values_editor.js';
import { parameterOf } from '../shared/operations.js';
import { helpElement, nameElement, parameterField } from '../shared/parameter_fields.js';
import { runOperation } from './cloud_request.js';

/** @typedef {import('./cloud.js').Secret} Secret */
/** @typedef {import('./cloud.js').State} State */
/**
 * @template {string} Action
 * @typedef {import('../shared/control_api.js').TencentReply<Action>} Reply
 */

/** @type {import('./cloud_request.js').ReadBody} */
function readBody(body) {
  const { Error: error, ...result } = body.Response ?? {};
  return { result, error: error ? { code: error.Code, text: error.Message } : null };
}

/**
 * The filters of an address: parameters of `ListSecrets`. Throws a `UserError` if they are invalid.
 *
 * @param {string} filters
 * @returns {Record<string, any>}
 */
function parseFilters(filters) {
  if (!filters) return {};
  try {
    const parameters = JSON.parse(filters);
    if (isFilters(parameters)) return parameters;
  } catch {
    // Not JSON.
  }
  throw new UserError(t('filters_unreadable'));
}

/** @param {any} parameters */
function isFilters(parameters) {
  if (!parameters || typeof parameters !== 'object' || Array.isArray(parameters)) return false;
  return Object.entries(parameters).every(([name, value]) => {
    if (name !== 'TagFilters') return SINGLE_VALUE.includes(name) && typeof value !== 'object';
    return Array.isArray(value) && value.every(isTagFilter);
  });
}

/** @param {any} filter */
function isTagFilter(filter) {
  return typeof filter?.TagKey === 'string' && (filter.TagValue === undefined || Array.isArray(filter.TagValue));
}

/**
 * The same for the form, which is empty if the filters are invalid.
 *
 * @param {string} filters
 * @returns {Record<string, any>}
 */
function parseFiltersOrNone(filters) {
  try {
    return parseFilters(filters);
  } catch {
    return {};
  }
}

/** @param {Record<string, unknown>} filters */
function formatFilters(filters) {
  const filled = Object.entries(filters).filter(([, value]) => value !== undefined && !isEmptyList(value));
  return filled.length > 0 ? JSON.stringify(Object.fromEntries(filled)) : '';
}

/** @param {unknown} value */
function isEmptyList(value) {
  return Array.isArray(value) && value.length === 0;
}

/** @type {Record<string, State>} */
const STATES = {
  Enabled: 'enabled',
  Disabled: 'disabled',
  PendingDelete: 'pending_deletion',
  Creating: 'creating',
  Failed: 'failed',
};

/** The meanings of the numbers of a parameter, starting at 0. */
const MEANINGS = /** @type {const} */ ({
  State: ['choice_all', 'state_enabled', 'state_disabled', 'state_pending_deletion', 'state_creating', 'state_failed'],
  OrderType: ['choice_newest', 'choice_oldest'],
  SecretType: ['type_own', 'type_database', 'type_ssh', 'type_api_key', 'type_redis'],
  EncryptType: ['choice_kms_key', 'choice_software_key'],
});

/** @param {string} name */
function meaningsOf(name) {
  const keys = MEANINGS[/** @type {keyof typeof MEANINGS} */ (name)];
  return keys?.map((key) => t(key));
}

/** @param {number} seconds */
function time(seconds) {
  return new Date(seconds * 1000);
}

/**
 * @param {Pick<Reply<'DescribeSecret'>, 'SecretName' | 'SecretType' | 'Status' | 'DeleteTime' | 'CreateTime' | 'Description' | 'CreateUinString'>} reply
 * @returns {Secret}
 */
function secret(reply) {
  return {
    name: reply.SecretName,
    type: meaningsOf('SecretType')?.[reply.SecretType] ?? String(reply.SecretType),
    state: STATES[reply.Status] ?? 'failed',
    plannedDeletion: reply.DeleteTime ? time(reply.DeleteTime) : null,
    created: time(reply.CreateTime),
    updated: null,
    description: reply.Description,
    creator: reply.CreateUinString,
    tags: null,
  };
}

/** The filters with one value, in the order of the form. */
const SINGLE_VALUE = ['SearchSecretName', 'State', 'SecretType', 'ProductName', 'InstanceID', 'EncryptType', 'OrderType'];

const VALUE_FIELDS = /** @type {const} */ ([{ name: 'SecretString' }, { name: 'SecretBinary' }]);

/** The maximum number of tags of a secret. */
const MAX_TAGS = 50;

/**
 * The name of a secret for the service Tag.
 *
 * @param {import('./cloud.js').Scope} scope
 * @param {Secret} secret
 */
function resourceOf({ account, region }, { name, creator = account }) {
  return `qcs::ssm:${region}:uin/:secret/creatorUin/${creator}/${name}`;
}

/** The recovery window for several secrets. */
const RECOVERY_DAYS = 7;

/** @type {(...states: State[]) => (secret: Secret) => boolean} */
const isIn = (...states) => ({ state }) => states.includes(state);

/** @type {import('./cloud.js').Cloud} */
export const tencent = {
  run: (scope, action, parameters, signal) => runOperation(scope, action, parameters, readBody, signal),

  sizeParameter: 'Limit',
  listParameters: ({ page, size, filters }) => ({ ...parseFilters(filters), Offset: (page - 1) * size, Limit: size }),
  readList: (/** @type {Reply<'ListSecrets'>} */ reply) => ({ total: reply.TotalCount, secrets: reply.SecretMetadatas.map(secret) }),
  listColumns: ['description'],

  countFilters: (filters) => Object.keys(parseFiltersOrNone(filters)).length,
  filterFields: (operation, filters, onchange) => {
    const values = parseFiltersOrNone(filters);
    const change = () => onchange(formatFilters(values));
    const fields = SINGLE_VALUE.map((name) => {
      const { element, value } = parameterField(parameterOf(operation, name), {
        value: values[name],
        meanings: meaningsOf(name),
        onchange: () => {
          values[name] = value();
          change();
        },
      });
      return element;
    });
    const tagFilters = parameterOf(operation, 'TagFilters');
    const tags = keyValuesEditor({
      keys: null,
      maxRows: tagFilters.max_items ?? Infinity,
      rows: (values.TagFilters ?? []).map((/** @type {any} */ each) => ({ key: each.TagKey, values: each.TagValue ?? [] })),
      onchange: (rows) => {
        values.TagFilters = rows
          .filter(({ key }) => key)
          .map(({ key, values }) => ({ TagKey: key, ...(values.length > 0 ? { TagValue: values } : {}) }));
        change();
      },
    });
    const legend = h('legend', {}, nameElement(tagFilters));
    return h(
      'div',
      { class: 'stack' },
      h('div', { class: 'fields' }, fields),
      h('fieldset', {}, legend, helpElement(tagFilters), tags),
    );
  },
  filtersAsJson: (filters) => ({ label: t('parameters_json'), text: filters || '{}' }),

  describeParameters: (name) => ({ SecretName: name }),
  readDescription: secret,
  versionsParameters: (name) => ({ SecretName: name }),
  readVersions: (/** @type {Reply<'ListSecretVersionIds'>} */ reply) => {
    const versions = reply.Versions.map((version) => ({
      id: version.VersionId,
      created: time(version.CreateTime),
      stages: null,
    }));
    return { total: versions.length, size: versions.length, versions };
  },
  readValue: (/** @type {Reply<'GetSecretValue'>} */ reply) => ({
    text: reply.SecretString || reply.SecretBinary,
    isBinary: !reply.SecretString && Boolean(reply.SecretBinary),
  }),
  valueParameters: ({ text, isBinary }) => ({ [isBinary ? 'SecretBinary' : 'SecretString']: text }),
  tagFilter: ({ key, value }) => JSON.stringify({ TagFilters: [{ TagKey: key, ...(value ? { TagValue: [value] } : {}) }] }),
  // SSM sets tags only when it creates a secret; the service Tag lists and changes them.
  tags: {
    action: 'DescribeResourceTags',
    parameters: ({ account, region }, { name, creator = account }) => ({
      ServiceType: 'ssm',
      ResourcePrefix: 'secret',
      ResourceRegion: region,
      ResourceId: `creatorUin/${creator}/${name}`,
      Limit: MAX_TAGS,
    }),
    read: (/** @type {Reply<'DescribeResourceTags'>} */ { Rows }) => Rows.map(({ TagKey, TagValue }) => ({ key: TagKey, value: TagValue })),
  },
  untag: (scope, secret, key) => ({
    action: 'ModifyResourceTags',
    parameters: { Resource: resourceOf(scope, secret), DeleteTags: [{ TagKey: key }] },
  }),

  bulk: {
    delete: { action: 'DeleteSecret', parameters: (name) => ({ SecretName: name, RecoveryWindowInDays: RECOVERY_DAYS }) },
    restore: { action: 'RestoreSecret', parameters: (name) => ({ SecretName: name }) },
  },

  bulkTag: {
    action: 'ModifyResourceTags',
    parameter: 'ReplaceTags',
    parameters: (scope, secret, tags) => ({
      Resource: resourceOf(scope, secret),
      ReplaceTags: tags.map(({ key, value }) => ({ TagKey: key, TagValue: value })),
    }),
  },

  createForm: {
    name: 'create',
    action: 'CreateSecret',
    title: 'create_secret',
    fields: [
      { name: 'SecretName' },
      { name: 'SecretString' },
      { name: 'SecretBinary', isMore: true },
      { name: 'VersionId', isMore: true },
      { name: 'Description', isMore: true },
      { name: 'Tags', kind: 'tags', isMore: true },
    ],
    isOffered: () => true,
  },
  forms: [
    {
      name: 'put',
      action: 'PutSecretValue',
      title: 'put_value',
      fields: [{ name: 'VersionId', kind: 'new_version' }, ...VALUE_FIELDS],
      isOffered: isIn('enabled', 'disabled'),
    },
    {
      name: 'overwrite',
      action: 'UpdateSecret',
      title: 'overwrite_value',
      fields: [{ name: 'VersionId', kind: 'this_version' }, ...VALUE_FIELDS],
      isOfVersion: true,
      isOffered: isIn('enabled', 'disabled'),
    },
    {
      name: 'drop_version',
      action: 'DeleteSecretVersion',
      title: 'delete_version',
      fields: [{ name: 'VersionId', kind: 'this_version' }],
      isOfVersion: true,
      isDangerous: true,
      isOffered: () => true,
    },
    {
      name: 'describe',
      action: 'UpdateDescription',
      title: 'change_description',
      fields: [{ name: 'Description', kind: 'description' }],
      isOffered: isIn('enabled', 'disabled'),
    },
    {
      name: 'tag',
      action: 'ModifyResourceTags',
      title: 'add_tags',
      fields: [{ name: 'ReplaceTags', kind: 'tags' }],
      fixed: (scope, secret) => ({ Resource: resourceOf(scope, secret) }),
      isOffered: () => true,
    },
    { name: 'enable', action: 'EnableSecret', title: 'enable', fields: [], isOffered: isIn('disabled') },
    { name: 'disable', action: 'DisableSecret', title: 'disable', fields: [], isOffered: isIn('enabled') },
    { name: 'restore', action: 'RestoreSecret', title: 'restore', fields: [], isOffered: isIn('pending_deletion') },
    {
      name: 'delete',
      action: 'DeleteSecret',
      title: 'delete',
      fields: [{ name: 'RecoveryWindowInDays' }],
      isDangerous: true,
      isOffered: isIn('enabled', 'disabled'),
    },
  ],
};
