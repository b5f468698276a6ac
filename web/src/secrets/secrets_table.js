// The table of secrets.

import { t } from '../i18n/index.js';
import { changed, go, link } from '../shared/address.js';
import { table } from '../shared/components.js';
import { h } from '../shared/dom.js';
import { timeElement, timeLeftElement } from '../shared/time_elements.js';
import { stateBadge } from './state_badge.js';
import { tagBadges } from './tags.js';

/** @typedef {import('./cloud.js').Secret} Secret */
/** @typedef {import('./all_secrets.js').Sort} Sort */

/**
 * @param {import('./cloud.js').Cloud} cloud
 * @param {readonly Secret[]} secrets
 * @param {object} options
 * @param {string} options.sort The column in the address.
 * @param {(name: string) => HTMLElement} options.checkbox
 */
export function secretsTable(cloud, secrets, { sort, checkbox }) {
  const has = (/** @type {'tags' | 'description' | 'updated'} */ column) => cloud.listColumns.includes(column);
  const columns = [
    sortButton('name', t('secret_name'), sort),
    sortButton('type', t('secret_type'), sort),
    sortButton('state', t('secret_state'), sort),
    sortButton('deletion', t('secret_deletion'), sort),
    ...(has('tags') ? [t('secret_tags')] : []),
    ...(has('description') ? [t('secret_description')] : []),
    sortButton('created', t('secret_created_at'), sort),
    ...(has('updated') ? [sortButton('updated', t('secret_updated_at'), sort)] : []),
  ];
  const rows = secrets.map((secret) => [
    h(
      'span',
      { class: 'with-check' },
      checkbox(secret.name),
      h('a', { href: link('secret', { name: secret.name }), class: 'secret-name' }, secret.name),
    ),
    h('span', { class: 'nowrap' }, secret.type),
    secret.state === 'enabled' ? h('span', { class: 'faint' }, t('state_enabled')) : stateBadge(secret.state),
    secret.plannedDeletion && timeLeftElement(secret.plannedDeletion),
    ...(has('tags') ? [tagBadges(secret.tags ?? [], (tag) => changed({ filters: cloud.tagFilter(tag), page: '' }))] : []),
    ...(has('description') ? [secret.description && h('div', { class: 'description' }, secret.description)] : []),
    timeElement(secret.created),
    ...(has('updated') ? [timeElement(secret.updated)] : []),
  ]);
  return table(t('nav_secrets'), columns, rows);
}

/**
 * A column name that sorts by the column: ascending, descending, and then in the order of the cloud again.
 *
 * @param {Sort} column
 * @param {string} text
 * @param {string} sort
 */
function sortButton(column, text, sort) {
  const next = { [column]: `-${column}`, [`-${column}`]: '' }[sort] ?? column;
  const arrow = { [column]: ' ↑', [`-${column}`]: ' ↓' }[sort] ?? '';
  return h(
    'button',
    { type: 'button', class: 'sort', 'data-sort': column, title: t('sort_by', { column: text }), onclick: () => go(changed({ sort: next, page: '' })) },
    text,
    h('span', { 'aria-hidden': 'true' }, arrow),
  );
}
