// The sections of the view of a secret.

import { richText, t } from '../i18n/index.js';
import { badge, button, emptyState, facts, message, table } from '../shared/components.js';
import { h } from '../shared/dom.js';
import { sensitiveNames } from '../shared/operations.js';
import { timeElement, timeLeftElement } from '../shared/time_elements.js';
import { pager } from './pager.js';
import { stateBadge } from './state_badge.js';
import { tagText } from './tags.js';

/** @typedef {import('./cloud.js').Secret} Secret */
/** @typedef {import('./cloud.js').Tag} Tag */
/** @typedef {import('./cloud.js').VersionPage} VersionPage */
/** @typedef {import('./cloud.js').Version} Version */
/** @typedef {import('../shared/dom.js').Child} Child */

/**
 * The description and the metadata of a secret, with a warning if its deletion is planned.
 *
 * @param {Secret} secret
 * @param {Child} encryptionKey The key of the secret, if it has one.
 */
export function descriptionSection({ description, type, state, created, updated, plannedDeletion }, encryptionKey) {
  /** @type {[string, Child][]} */
  const pairs = [
    [t('secret_type'), type],
    [t('secret_state'), stateBadge(state)],
    [t('secret_created_at'), timeElement(created)],
  ];
  if (updated) pairs.push([t('secret_updated_at'), timeElement(updated)]);
  if (encryptionKey) pairs.push([t('secret_key'), encryptionKey]);
  return [
    h('p', { class: description ? null : 'faint' }, description || t('no_description')),
    plannedDeletion && message('warning', h('p', {}, richText('deletion_planned', { time: timeLeftElement(plannedDeletion) }))),
    facts(pairs),
  ];
}

/**
 * @param {Tag[] | null} tags
 * @param {(key: string) => void} remove
 */
export function tagsSection(tags, remove) {
  return h('section', {}, h('h2', {}, t('secret_tags')), tagList(tags, remove));
}

/**
 * @param {Tag[] | null} tags
 * @param {(key: string) => void} remove
 */
function tagList(tags, remove) {
  if (!tags) return h('p', { class: 'faint' }, t('tags_unreadable'));
  if (tags.length === 0) return h('p', { class: 'faint' }, t('no_tags'));
  const items = tags.map((tag) => {
    const label = t('tag_remove', { tag: tagText(tag) });
    return h('li', { class: 'badge' }, tagText(tag), button('×', () => remove(tag.key), { kind: 'quiet', label }));
  });
  return h('ul', { class: 'badges tags' }, items);
}

/**
 * @param {VersionPage} versions
 * @param {object} options
 * @param {number} options.page
 * @param {boolean} options.canPut Whether a value can be put.
 * @param {(version: string) => Child} options.value
 * @param {(version: string) => Child[]} options.actions
 */
export function versionsSection({ total, size, versions }, { page, canPut, value, actions }) {
  const pages = total > size && pager({ page, size, total, name: 'versions' });
  return h('section', {}, h('h2', {}, t('versions')), versionTable(versions, canPut, value, actions), pages);
}

/**
 * @param {Version[]} versions
 * @param {boolean} canPut
 * @param {(version: string) => Child} value
 * @param {(version: string) => Child[]} actions
 */
function versionTable(versions, canPut, value, actions) {
  if (versions.length === 0) return emptyState(t('no_versions'), h('p', {}, t(canPut ? 'no_versions_next' : 'no_versions_managed')));
  const hasStages = versions.some(({ stages }) => stages !== null);
  const hasActions = versions.some(({ id }) => actions(id).length > 0);
  const columns = [
    t('version_id'),
    ...(hasStages ? [t('version_stages')] : []),
    t('secret_created_at'),
    t('version_value'),
    ...(hasActions ? [t('actions')] : []),
  ];
  const rows = versions.map(({ id, created, stages }) => [
    h('code', {}, id),
    ...(hasStages ? [stageBadges(stages ?? [])] : []),
    timeElement(created),
    value(id),
    ...(hasActions ? [h('div', { class: 'row' }, actions(id))] : []),
  ]);
  return table(t('versions'), columns, rows);
}

/** @param {string[]} stages */
function stageBadges(stages) {
  return (
    stages.length > 0 &&
    h(
      'div',
      { class: 'badges' },
      stages.map((stage) => badge(stage)),
    )
  );
}

/** The members of a description that have a separate place in the view. */
const SHOWN = new Set(['RequestId', 'SecretName', 'Description', 'CreateTime', 'UpdateTime', 'Status', 'Tags', 'SecretType', 'EncryptionKeyId']);

/**
 * The other members of a description, without those that can contain secret values.
 *
 * @param {Record<string, unknown>} description
 * @param {import('../shared/control_api.js').Operation} create `CreateSecret`, which describes the sensitive parameters.
 * @returns {[string, string][]}
 */
export function otherMembers(description, create) {
  const sensitive = sensitiveNames(create);
  return Object.entries(description)
    .filter(([key]) => !SHOWN.has(key) && !sensitive.has(key))
    .map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]);
}
