// Alibaba Cloud KMS.

import { keyValuesEditor } from '../shared/key_values_editor.js';
import { perform } from './run_operation.js';
import { t } from '../i18n/index.js';
import { parameterOf } from '../shared/settings.js';

/** @typedef {import('./cloud.js').Secret} Secret */

/** @param {any} body */
function read(body) {
  const refusal = body.Code ? { code: body.Code, text: body.Message } : null;
  return { result: body, refusal };
}

/**
 * The filters of an address, none where they cannot be read: the cloud says what is wrong then.
 *
 * @param {string} filters
 * @returns {{ Key: string, Values: string[] }[]}
 */
function parsed(filters) {
  try {
    const list = JSON.parse(filters);
    return Array.isArray(list) ? list.filter((each) => Array.isArray(each?.Values)) : [];
  } catch {
    return [];
  }
}

/**
 * @param {any} member
 * @returns {Secret}
 */
function secret(member) {
  const planned = member.PlannedDeleteTime;
  return {
    name: member.SecretName,
    type: member.SecretType,
    state: planned ? 'pending_deletion' : 'enabled',
    plannedDeletion: planned ? new Date(planned) : null,
    created: new Date(member.CreateTime),
    updated: new Date(member.UpdateTime),
    description: member.Description ?? null,
    tags: (member.Tags?.Tag ?? []).map((/** @type {any} */ tag) => ({ key: tag.TagKey, value: tag.TagValue })),
  };
}

/** @param {Secret} secret */
const inUse = ({ state }) => state !== 'pending_deletion';
/** @param {Secret} secret */
const isGeneric = (secret) => inUse(secret) && secret.type === 'Generic';
/** @param {Secret} secret */
const isManaged = (secret) => inUse(secret) && secret.type !== 'Generic';

/** @type {import('./cloud.js').Cloud} */
export const alibaba = {
  run: (scope, action, parameters, signal) => perform(scope, action, parameters, read, signal),

  sizeParameter: 'PageSize',
  listParameters: ({ page, size, filters }) => ({
    PageNumber: page,
    PageSize: size,
    FetchTags: true,
    ...(filters ? { Filters: filters } : {}),
  }),
  readList: (reply) => ({ total: reply.TotalCount, secrets: reply.SecretList.Secret.map(secret) }),
  listed: ['tags', 'updated'],

  countFilters: (filters) => parsed(filters).length,
  filterFields: (operation, filters, onchange) => {
    const parameter = parameterOf(operation, 'Filters');
    return keyValuesEditor({
      keys: parameter.keys ?? [],
      mostRows: parameter.max_items ?? Infinity,
      rows: parsed(filters).map(({ Key, Values }) => ({ key: Key, values: Values })),
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
  readVersions: (reply) => ({
    total: reply.TotalCount,
    size: reply.PageSize,
    versions: reply.VersionIds.VersionId.map((/** @type {any} */ version) => ({
      id: version.VersionId,
      created: new Date(version.CreateTime),
      stages: version.VersionStages.VersionStage,
    })),
  }),
  readValue: (reply) => ({ text: reply.SecretData, isBinary: reply.SecretDataType === 'binary' }),
  untag: (name, key) => ({
    action: 'UntagResource',
    parameters: { SecretName: name, TagKeys: JSON.stringify([key]) },
  }),

  create: {
    name: 'create',
    action: 'CreateSecret',
    title: 'create_secret',
    fields: [
      { name: 'SecretName' },
      { name: 'VersionId' },
      { name: 'SecretData' },
      { name: 'SecretDataType' },
      { name: 'Description' },
      { name: 'Tags', kind: 'tags' },
      { name: 'SecretType' },
      { name: 'ExtendedConfig', kind: 'long' },
    ],
    offered: () => true,
  },
  forms: [
    {
      name: 'put',
      action: 'PutSecretValue',
      title: 'put_value',
      fields: [
        { name: 'VersionId' },
        { name: 'SecretData' },
        { name: 'SecretDataType' },
        { name: 'VersionStages', kind: 'lines' },
      ],
      offered: isGeneric,
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
      ofVersion: true,
      offered: isGeneric,
    },
    {
      name: 'rotate',
      action: 'RotateSecret',
      title: 'rotate',
      fields: [{ name: 'VersionId' }],
      offered: isManaged,
    },
    {
      name: 'describe',
      action: 'UpdateSecret',
      title: 'change_description',
      fields: [{ name: 'Description', kind: 'description' }],
      offered: inUse,
    },
    {
      name: 'tag',
      action: 'TagResource',
      title: 'add_tags',
      fields: [{ name: 'Tags', kind: 'tags' }],
      offered: () => true,
    },
    { name: 'restore', action: 'RestoreSecret', title: 'restore', fields: [], offered: (each) => !inUse(each) },
    {
      name: 'delete',
      action: 'DeleteSecret',
      title: 'delete',
      fields: [{ name: 'RecoveryWindowInDays' }, { name: 'ForceDeleteWithoutRecovery' }],
      dangerous: true,
      offered: () => true,
    },
  ],
};
