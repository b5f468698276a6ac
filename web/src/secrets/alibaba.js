// Alibaba Cloud KMS.

import { t } from '../i18n/index.js';
import { keyValuesEditor } from '../shared/key_values_editor.js';
import { parameterOf } from '../shared/operations.js';
import { runOperation } from './cloud_request.js';

/** @typedef {import('./cloud.js').Secret} Secret */
/**
 * @template {string} Action
 * @typedef {import('../shared/control_api.js').AlibabaReply<Action>} Reply
 */

/** @type {import('./cloud_request.js').ReadBody} */
function readBody(body) {
  return { result: body, error: body.Code ? { code: body.Code, text: body.Message } : null };
}

/**
 * The filters of an address for the form. Invalid filters are left out: the list shows the error of the cloud.
 *
 * @param {string} filters
 * @returns {{ Key: string, Values: string[] }[]}
 */
function parseFilters(filters) {
  try {
    const list = JSON.parse(filters);
    return Array.isArray(list) ? list.filter((each) => Array.isArray(each?.Values)) : [];
  } catch {
    return [];
  }
}

/**
 * @param {Reply<'ListSecrets'>['SecretList']['Secret'][number] & { Description?: string, EncryptionKeyId?: string | null }} reply
 * @returns {Secret}
 */
function secret(reply) {
  const planned = reply.PlannedDeleteTime;
  return {
    name: reply.SecretName,
    type: reply.SecretType,
    state: planned ? 'pending_deletion' : 'enabled',
    plannedDeletion: planned ? new Date(planned) : null,
    created: new Date(reply.CreateTime),
    updated: new Date(reply.UpdateTime),
    description: reply.Description ?? null,
    encryptionKey: reply.EncryptionKeyId || null,
    tags: (reply.Tags?.Tag ?? []).map(({ TagKey, TagValue }) => ({ key: TagKey, value: TagValue })),
  };
}

/** The shortest recovery window, for several secrets. */
const RECOVERY_DAYS = '7';

/** @param {Secret} secret */
const isInUse = ({ state }) => state !== 'pending_deletion';
/** @param {Secret} secret */
const isGeneric = (secret) => isInUse(secret) && secret.type === 'Generic';
/** @param {Secret} secret */
const isManaged = (secret) => isInUse(secret) && secret.type !== 'Generic';

/** @type {import('./cloud.js').Cloud} */
export const alibaba = {
  run: (scope, action, parameters, signal) => runOperation(scope, action, parameters, readBody, signal),

  sizeParameter: 'PageSize',
  listParameters: ({ page, size, filters }) => ({
    PageNumber: page,
    PageSize: size,
    FetchTags: true,
    ...(filters ? { Filters: filters } : {}),
  }),
  readList: (/** @type {Reply<'ListSecrets'>} */ reply) => ({ total: reply.TotalCount, secrets: reply.SecretList.Secret.map(secret) }),
  listColumns: ['tags', 'updated'],

  countFilters: (filters) => parseFilters(filters).length,
  filterFields: (operation, filters, onchange) => {
    const parameter = parameterOf(operation, 'Filters');
    return keyValuesEditor({
      keys: parameter.keys ?? [],
      maxRows: parameter.max_items ?? Infinity,
      rows: parseFilters(filters).map(({ Key, Values }) => ({ key: Key, values: Values })),
      onchange: (rows) => {
        const filled = rows.filter(({ values }) => values.length > 0);
        const list = filled.map(({ key, values }) => ({ Key: key, Values: values }));
        onchange(list.length > 0 ? JSON.stringify(list) : '');
      },
    });
  },
  filtersAsJson: (filters) => ({ label: t('filters_json'), text: filters || '[]' }),

  describeParameters: (name) => ({ SecretName: name, FetchTags: true }),
  readDescription: secret,
  versionsParameters: (name, page) => ({ SecretName: name, IncludeDeprecated: true, PageNumber: page }),
  readVersions: (/** @type {Reply<'ListSecretVersionIds'>} */ reply) => ({
    total: reply.TotalCount,
    size: reply.PageSize,
    versions: reply.VersionIds.VersionId.map((version) => ({
      id: version.VersionId,
      created: new Date(version.CreateTime),
      stages: version.VersionStages.VersionStage,
    })),
  }),
  readValue: (/** @type {Reply<'GetSecretValue'>} */ reply) => ({ text: reply.SecretData, isBinary: reply.SecretDataType === 'binary' }),
  valueParameters: ({ text, isBinary }) => ({ SecretData: text, ...(isBinary ? { SecretDataType: 'binary' } : {}) }),
  tagFilter: ({ key, value }) => JSON.stringify([{ Key: 'TagKey', Values: [key] }, ...(value ? [{ Key: 'TagValue', Values: [value] }] : [])]),
  tags: null,
  untag: (_, { name }, key) => ({
    action: 'UntagResource',
    parameters: { SecretName: name, TagKeys: JSON.stringify([key]) },
  }),

  bulk: {
    delete: { action: 'DeleteSecret', parameters: (name) => ({ SecretName: name, RecoveryWindowInDays: RECOVERY_DAYS }) },
    restore: { action: 'RestoreSecret', parameters: (name) => ({ SecretName: name }) },
  },

  bulkTag: {
    action: 'TagResource',
    parameter: 'Tags',
    parameters: (_, { name }, tags) => ({ SecretName: name, Tags: JSON.stringify(tags.map(({ key, value }) => ({ TagKey: key, TagValue: value }))) }),
  },

  createForm: {
    name: 'create',
    action: 'CreateSecret',
    title: 'create_secret',
    fields: [
      { name: 'SecretName' },
      { name: 'SecretData' },
      { name: 'VersionId', isMore: true },
      { name: 'SecretDataType', isMore: true },
      { name: 'Description', isMore: true },
      { name: 'Tags', kind: 'tags', isMore: true },
      { name: 'EncryptionKeyId', isMore: true },
      { name: 'SecretType', isMore: true },
      { name: 'ExtendedConfig', kind: 'long', isMore: true },
    ],
    isOffered: () => true,
  },
  forms: [
    {
      name: 'put',
      action: 'PutSecretValue',
      title: 'put_value',
      fields: [
        { name: 'VersionId', kind: 'new_version' },
        { name: 'SecretData' },
        { name: 'SecretDataType' },
        { name: 'VersionStages', kind: 'lines' },
      ],
      isOffered: isGeneric,
    },
    {
      name: 'stage',
      action: 'UpdateSecretVersionStage',
      title: 'move_stage',
      fields: [
        { name: 'VersionStage', kind: 'stage' },
        { name: 'RemoveFromVersion', kind: 'version' },
        { name: 'MoveToVersion', kind: 'this_version' },
      ],
      isOfVersion: true,
      isOffered: isGeneric,
    },
    {
      name: 'rotate',
      action: 'RotateSecret',
      title: 'rotate',
      fields: [{ name: 'VersionId' }],
      isOffered: isManaged,
    },
    {
      name: 'describe',
      action: 'UpdateSecret',
      title: 'change_description',
      fields: [{ name: 'Description', kind: 'description' }],
      isOffered: isInUse,
    },
    {
      name: 'tag',
      action: 'TagResource',
      title: 'add_tags',
      fields: [{ name: 'Tags', kind: 'tags' }],
      isOffered: () => true,
    },
    { name: 'restore', action: 'RestoreSecret', title: 'restore', fields: [], isOffered: (each) => !isInUse(each) },
    {
      name: 'delete',
      action: 'DeleteSecret',
      title: 'delete',
      fields: [{ name: 'RecoveryWindowInDays' }, { name: 'ForceDeleteWithoutRecovery' }],
      isDangerous: true,
      isOffered: () => true,
    },
  ],
};
