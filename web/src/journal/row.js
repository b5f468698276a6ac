// A request as a row of the list.

import { utc } from '../i18n/format.js';
import { language, t } from '../i18n/index.js';
import { format } from '../shared/address.js';
import { badge } from '../shared/components.js';
import { h } from '../shared/dom.js';
import { verdictBadge } from './badges.js';

/** @typedef {import('../shared/control_api.js').JournalEntry} JournalEntry */

/** The columns of a row, in the order of the wide layout. */
export const COLUMNS = /** @type {const} */ (['time', 'request', 'code', 'verdict', 'parameters', 'key', 'region', 'duration']);

/**
 * @param {JournalEntry} entry
 * @param {Readonly<Record<string, string>>} values The values in the address.
 * @param {string} defaultAccount The account that is not shown.
 */
export function requestRow(entry, values, defaultAccount) {
  /** @type {(column: typeof COLUMNS[number], ...content: import('../shared/dom.js').Child[]) => HTMLElement} */
  const cell = (column, ...content) => h('span', { class: `cell-${column}` }, content);
  const place = [entry.region, entry.account !== defaultAccount && entry.account].filter(Boolean).join(' · ');
  return h(
    'div',
    { class: 'request-item', role: 'listitem' },
    h(
      'a',
      { href: format('journal', { ...values, request: entry.request_id }), class: 'request-row', 'data-id': entry.request_id },
      cell('time', timeOf(entry)),
      cell(
        'request',
        h('span', { class: 'request-action mono' }, entry.action ?? t('journal_no_action')),
        ' ',
        h('span', { class: 'faint request-cloud' }, t(`journal_cloud_${entry.cloud}`)),
        entry.source === 'call' && [' ', badge(t('journal_source_call'))],
      ),
      cell('code', badge(entry.code, entry.code === 'OK' ? 'good' : 'bad'), ' ', h('span', { class: 'faint' }, entry.status)),
      cell(
        'verdict',
        entry.verdict === 'valid' ? h('span', { class: 'faint usual' }, t('verdict_valid')) : verdictBadge(entry.verdict),
        entry.fault !== null && entry.fault !== undefined && [' ', badge(t('journal_fault', { id: entry.fault }), 'warning')],
      ),
      cell('parameters', h('span', { class: 'mono' }, parametersText(entry))),
      cell('key', h('span', { class: 'mono' }, entry.access_key_id ?? '–')),
      cell('region', place || '–'),
      cell('duration', `${entry.duration_ms.toFixed(1)} ms`),
    ),
  );
}

/** @param {JournalEntry} entry */
function timeOf({ time }) {
  return h(
    'time',
    { datetime: time, title: t('time_local', { time: new Date(time).toLocaleString(language()) }), class: 'mono' },
    utc(new Date(time)).slice('2026-11-25 '.length),
    h('span', { class: 'faint' }, time.slice('2026-11-25T10:00:00'.length, -1)),
  );
}

/** @param {Pick<JournalEntry, 'parameters'>} entry */
export function parametersText({ parameters }) {
  if (!parameters) return t('journal_unreadable');
  // The name of the secret comes first: the column has room for little else.
  const pairs = Object.entries(parameters).sort(([one], [other]) => Number(other === 'SecretName') - Number(one === 'SecretName'));
  return pairs.map(([name, value]) => `${name}=${value}`).join(' ');
}
