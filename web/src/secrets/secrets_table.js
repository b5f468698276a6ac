// The table of secrets.

import { t } from '../i18n/index.js';
import { changed, go, link } from '../shared/address.js';
import { table } from '../shared/components.js';
import { h } from '../shared/dom.js';
import { timeElement, timeLeftElement } from '../shared/time_elements.js';
import { COLUMNS } from './columns.js';
import { stateBadge } from './state_badge.js';
import { tagBadges } from './tags.js';

/** @typedef {import('./cloud.js').Secret} Secret */
/** @typedef {import('./all_secrets.js').Sort} Sort */
/** @typedef {import('./columns.js').Column} Column */

/** The columns that cannot be sorted by. */
const UNSORTED = ['tags', 'description'];

/**
 * @param {import('./cloud.js').Cloud} cloud
 * @param {readonly Secret[]} secrets
 * @param {object} options
 * @param {readonly Column[]} options.columns The columns after the name.
 * @param {string} options.sort The column in the address.
 * @param {(name: string) => HTMLElement} options.checkbox
 */
export function secretsTable(cloud, secrets, { columns, sort, checkbox }) {
  const heads = columns.map((column) => {
    const text = t(COLUMNS[column]);
    return UNSORTED.includes(column) ? text : sortButton(/** @type {Sort} */ (column), text, sort);
  });
  const rows = secrets.map((secret) => [
    h(
      'span',
      { class: 'with-check' },
      checkbox(secret.name),
      h('a', { href: link('secret', { name: secret.name }), class: 'secret-name' }, secret.name),
    ),
    ...columns.map((column) => cell(cloud, secret, column)),
  ]);
  return table(t('nav_secrets'), [sortButton('name', t('secret_name'), sort), ...heads], rows);
}

/**
 * @param {import('./cloud.js').Cloud} cloud
 * @param {Secret} secret
 * @param {Column} column
 * @returns {import('../shared/dom.js').Child}
 */
function cell(cloud, secret, column) {
  switch (column) {
    case 'type':
      return h('span', { class: 'nowrap' }, secret.type);
    case 'state':
      return secret.state === 'enabled' ? t('state_enabled') : stateBadge(secret.state);
    case 'deletion':
      return secret.plannedDeletion && timeLeftElement(secret.plannedDeletion);
    case 'tags':
      return tagBadges(secret.tags ?? [], (tag) => changed({ filters: cloud.tagFilter(tag), page: '' }));
    case 'description':
      return secret.description && h('div', { class: 'description' }, secret.description);
    default:
      return timeElement(secret[column]);
  }
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
  const order = { [column]: 'ascending', [`-${column}`]: 'descending' }[sort];
  return h(
    'button',
    {
      type: 'button',
      class: 'sort',
      'data-sort': column,
      'data-order': order,
      title: t('sort_by', { column: text }),
      onclick: () => go(changed({ sort: next, page: '' })),
    },
    text,
  );
}
