// The parts of what is shown of one secret.

import { timeElement, timeLeftElement } from '../shared/clock.js';
import { badge, button, emptyState, facts, message, table } from '../shared/components.js';
import { h } from '../shared/dom.js';
import { rich, t } from '../i18n/index.js';
import { pager } from './pager.js';
import { stateBadge } from './state_badge.js';
import { tagText } from './tags.js';

/** @typedef {import('./cloud.js').Secret} Secret */
/** @typedef {import('./cloud.js').Tag} Tag */
/** @typedef {{ total: number, size: number, versions: import('./cloud.js').Version[] }} Versions */
/** @typedef {import('../shared/dom.js').Child} Child */

/**
 * What it is, and whether it will be deleted.
 *
 * @param {Secret} secret
 */
export function description({ description, type, state, created, updated, plannedDeletion }) {
  /** @type {[string, Child][]} */
  const pairs = [
    [t('secret_type'), type],
    [t('secret_state'), stateBadge(state)],
    [t('secret_created_at'), timeElement(created)],
  ];
  if (updated) pairs.push([t('secret_updated_at'), timeElement(updated)]);
  return [
    h('p', { class: description ? null : 'faint' }, description || t('no_description')),
    plannedDeletion && message('warning', h('p', {}, rich('deletion_planned', { time: timeLeftElement(plannedDeletion) }))),
    facts(pairs),
  ];
}

/**
 * @param {Tag[] | null} tags
 * @param {((key: string) => void) | null} remove
 */
export function tagsSection(tags, remove) {
  return h('section', {}, h('h2', {}, t('secret_tags')), tagList(tags, remove));
}

/**
 * @param {Tag[] | null} tags
 * @param {((key: string) => void) | null} remove
 */
function tagList(tags, remove) {
  if (!tags) return h('p', { class: 'faint' }, t('tags_not_told'));
  if (tags.length === 0) return h('p', { class: 'faint' }, t('no_tags'));
  const items = tags.map((tag) => {
    const label = t('tag_remove', { tag: tagText(tag) });
    return h('li', { class: 'badge' }, tagText(tag), remove && button('×', () => remove(tag.key), { kind: 'quiet', label }));
  });
  return h('ul', { class: 'badges tags' }, items);
}

/**
 * @param {Versions} versions
 * @param {object} of
 * @param {number} of.page
 * @param {(version: string) => Child} of.value
 * @param {(version: string) => Child[]} of.actions
 */
export function versionsSection({ total, size, versions }, { page, value, actions }) {
  const pages = total > size && pager({ page, size, total, name: 'versions' });
  return h('section', {}, h('h2', {}, t('versions')), versionTable(versions, value, actions), pages);
}

/**
 * @param {Versions['versions']} versions
 * @param {(version: string) => Child} value
 * @param {(version: string) => Child[]} actions
 */
function versionTable(versions, value, actions) {
  if (versions.length === 0) return emptyState(t('no_versions'), h('p', {}, t('no_versions_next')));
  const hasStages = versions.some(({ stages }) => stages !== null);
  const hasActions = versions.some(({ id }) => actions(id).length > 0);
  const columns = [
    t('version_id'),
    ...(hasStages ? [t('version_stages')] : []),
    t('secret_created_at'),
    t('version_value'),
    ...(hasActions ? [t('version_actions')] : []),
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
  return stages.length > 0 && h('div', { class: 'badges' }, stages.map((stage) => badge(stage)));
}

/** Members of a description that are shown by themselves. */
const SHOWN = new Set(['RequestId', 'SecretName', 'Description', 'CreateTime', 'UpdateTime', 'Status', 'Tags', 'SecretType']);

/**
 * The rest of a description under the names that the cloud has for it, without what may be secret.
 *
 * @param {Record<string, unknown>} description
 * @param {import('../shared/settings.js').Operation} create
 * @returns {[string, string][]}
 */
export function restOf(description, create) {
  const sensitive = new Set(create.parameters.filter((each) => each.sensitive).map((each) => each.name));
  return Object.entries(description)
    .filter(([key]) => !SHOWN.has(key) && !sensitive.has(key))
    .map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]);
}
