// Tencent Cloud SSM.

import { prose } from '../shared/components.js';
import { h } from '../shared/dom.js';
import { Notice } from '../shared/errors.js';
import { parameterField } from '../shared/parameter_fields.js';
import { keyValuesEditor } from '../shared/key_values_editor.js';
import { t, translated } from '../i18n/index.js';
import { perform } from './run_operation.js';
import { parameterOf } from '../shared/settings.js';

/** @typedef {import('./cloud.js').Secret} Secret */
/** @typedef {import('./cloud.js').State} State */

/** @param {any} body */
function read(body) {
  const { Error: error, ...result } = body.Response ?? {};
  return { result, refusal: error ? { code: error.Code, text: error.Message } : null };
}

/**
 * The filters of an address: parameters of `ListSecrets`.
 *
 * @param {string} filters
 * @returns {Record<string, any>}
 */
function parsed(filters) {
  if (!filters) return {};
  try {
    const parameters = JSON.parse(filters);
    if (isFilters(parameters)) return parameters;
  } catch {
    // Said below.
  }
  throw new Notice(t('filters_unreadable'));
}

/** @param {any} parameters */
function isFilters(parameters) {
  if (!parameters || typeof parameters !== 'object' || Array.isArray(parameters)) return false;
  return Object.entries(parameters).every(([name, value]) => {
    if (name !== 'TagFilters') return PLAIN.includes(name) && typeof value !== 'object';
    return Array.isArray(value) && value.every(isTagFilter);
  });
}

/** @param {any} filter */
function isTagFilter(filter) {
  return typeof filter?.TagKey === 'string' && (filter.TagValue === undefined || Array.isArray(filter.TagValue));
}

/**
 * The same for the form, which has nothing to say of what cannot be read.
 *
 * @param {string} filters
 * @returns {Record<string, any>}
 */
function parsedOrNone(filters) {
  try {
    return parsed(filters);
  } catch {
    return {};
  }
}

/** @param {Record<string, unknown>} filters */
function formatted(filters) {
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

/** What the numbers of parameters stand for, in their order from 0 on. */
const CHOICES = /** @type {const} */ ({
  State: ['choice_all', 'state_enabled', 'state_disabled', 'state_pending_deletion', 'state_creating', 'state_failed'],
  OrderType: ['choice_newest', 'choice_oldest'],
  SecretType: ['type_own', 'type_database', 'type_ssh', 'type_api_key', 'type_redis'],
  EncryptType: ['choice_kms_key', 'choice_software_key'],
});

/** @param {string} name */
function choices(name) {
  const keys = CHOICES[/** @type {keyof typeof CHOICES} */ (name)];
  return keys?.map((key) => t(key));
}

/** @param {number} seconds */
function time(seconds) {
  return new Date(seconds * 1000);
}

/**
 * @param {any} member
 * @returns {Secret}
 */
function secret(member) {
  return {
    name: member.SecretName,
    type: choices('SecretType')?.[member.SecretType] ?? String(member.SecretType),
    state: STATES[member.Status] ?? 'failed',
    plannedDeletion: member.DeleteTime ? time(member.DeleteTime) : null,
    created: time(member.CreateTime),
    updated: null,
    description: member.Description,
    tags: null,
  };
}

/** The filters that have one value each, in the order of the form. */
const PLAIN = ['SearchSecretName', 'State', 'SecretType', 'ProductName', 'InstanceID', 'EncryptType', 'OrderType'];

const VALUE = /** @type {const} */ ([{ name: 'SecretString' }, { name: 'SecretBinary' }]);

/** @type {(...states: State[]) => (secret: Secret) => boolean} */
const among = (...states) => ({ state }) => states.includes(state);

/** @type {import('./cloud.js').Cloud} */
export const tencent = {
  run: (scope, action, parameters, signal) => perform(scope, action, parameters, read, signal),

  sizeParameter: 'Limit',
  listParameters: ({ page, size, filters }) => ({ ...parsed(filters), Offset: (page - 1) * size, Limit: size }),
  readList: (reply) => ({ total: reply.TotalCount, secrets: reply.SecretMetadatas.map(secret) }),
  listed: ['description'],

  countFilters: (filters) => Object.keys(parsedOrNone(filters)).length,
  filterFields: (operation, filters, onchange) => {
    const values = parsedOrNone(filters);
    const change = () => onchange(formatted(values));
    const fields = PLAIN.map((name) => {
      const made = parameterField(parameterOf(operation, name), {
        value: values[name],
        choices: choices(name),
        onchange: () => {
          values[name] = made.value();
          change();
        },
      });
      return made.element;
    });
    const tagFilters = parameterOf(operation, 'TagFilters');
    const tags = keyValuesEditor({
      keys: null,
      mostRows: tagFilters.max_items ?? Infinity,
      rows: (values.TagFilters ?? []).map((/** @type {any} */ each) => ({ key: each.TagKey, values: each.TagValue ?? [] })),
      onchange: (rows) => {
        values.TagFilters = rows
          .filter(({ key }) => key)
          .map(({ key, values }) => ({ TagKey: key, ...(values.length > 0 ? { TagValue: values } : {}) }));
        change();
      },
    });
    const legend = h('legend', {}, h('code', {}, tagFilters.name));
    const help = h('p', { class: 'help' }, prose(translated(tagFilters.help)));
    return h('div', { class: 'stack' }, h('div', { class: 'fields' }, fields), h('fieldset', {}, legend, help, tags));
  },
  filtersAsJson: (filters) => ({ label: t('parameters_json'), text: filters || '{}' }),

  describeParameters: (name) => ({ SecretName: name }),
  readDescription: secret,
  versionsParameters: (name) => ({ SecretName: name }),
  readVersions: (reply) => {
    const versions = reply.Versions.map((/** @type {any} */ version) => ({
      id: version.VersionId,
      created: time(version.CreateTime),
      stages: null,
    }));
    return { total: versions.length, size: versions.length, versions };
  },
  readValue: (reply) => ({
    text: reply.SecretString || reply.SecretBinary,
    isBinary: !reply.SecretString && Boolean(reply.SecretBinary),
  }),
  untag: null,

  create: {
    name: 'create',
    action: 'CreateSecret',
    title: 'create_secret',
    fields: [
      { name: 'SecretName' },
      { name: 'VersionId' },
      ...VALUE,
      { name: 'Description' },
      { name: 'Tags', kind: 'tags' },
    ],
    offered: () => true,
  },
  forms: [
    {
      name: 'put',
      action: 'PutSecretValue',
      title: 'put_value',
      fields: [{ name: 'VersionId' }, ...VALUE],
      offered: among('enabled', 'disabled'),
    },
    {
      name: 'overwrite',
      action: 'UpdateSecret',
      title: 'overwrite_value',
      fields: [{ name: 'VersionId', kind: 'this_version' }, ...VALUE],
      ofVersion: true,
      offered: among('enabled', 'disabled'),
    },
    {
      name: 'drop_version',
      action: 'DeleteSecretVersion',
      title: 'delete_version',
      fields: [{ name: 'VersionId', kind: 'this_version' }],
      ofVersion: true,
      dangerous: true,
      offered: () => true,
    },
    {
      name: 'describe',
      action: 'UpdateDescription',
      title: 'change_description',
      fields: [{ name: 'Description', kind: 'description' }],
      offered: among('enabled', 'disabled'),
    },
    { name: 'enable', action: 'EnableSecret', title: 'enable', fields: [], offered: among('disabled') },
    { name: 'disable', action: 'DisableSecret', title: 'disable', fields: [], offered: among('enabled') },
    { name: 'restore', action: 'RestoreSecret', title: 'restore', fields: [], offered: among('pending_deletion') },
    {
      name: 'delete',
      action: 'DeleteSecret',
      title: 'delete',
      fields: [{ name: 'RecoveryWindowInDays' }],
      dangerous: true,
      offered: among('enabled', 'disabled'),
    },
  ],
};
