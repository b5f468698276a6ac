// Waits for requests of clients, and links to the latest one.

import { t } from '../i18n/index.js';
import { link } from '../shared/address.js';
import { h, fill } from '../shared/dom.js';
import { codeBadge } from '../journal/badges.js';
import { followJournal } from '../journal/feed.js';
import { timeElement } from '../shared/time_elements.js';

/** @typedef {import('../shared/control_api.js').JournalEntry} JournalEntry */

/**
 * @param {import('../shared/control_api.js').Settings} settings
 * @param {AbortSignal} signal
 */
export function firstRequest(settings, signal) {
  const content = h('div', { role: 'status' });
  /** @param {JournalEntry | undefined} entry */
  const show = (entry) => {
    fill(content, entry ? latest(entry) : h('p', { class: 'waiting' }, h('span', { class: 'dot', 'aria-hidden': 'true' }), t('connect_waiting')));
  };
  if (settings.journal === 0) {
    fill(content, h('p', { class: 'faint' }, t('journal_off')));
  } else {
    void followJournal(
      {},
      () => 1,
      {
        onlist: ([entry]) => show(entry),
        onentry: show,
        onlost: () => {},
        onconnected: () => {},
        onrejected: () => {},
      },
      signal,
    );
  }
  return h('section', { class: 'panel connect-first' }, h('h2', {}, t('connect_latest')), content);
}

/** @param {JournalEntry} entry */
function latest(entry) {
  return h(
    'div',
    {},
    h('p', {}, h('a', { href: link('journal', { request: entry.request_id }), class: 'mono' }, entry.action ?? t('journal_no_action')), ' ', codeBadge(entry)),
    h('p', { class: 'faint' }, t(`cloud_${entry.cloud}`), ' · ', timeElement(new Date(entry.time)), ' UTC'),
    entry.mismatch && h('p', {}, h('a', { href: link('journal', { request: entry.request_id, tab: 'signature' }) }, t('connect_see_signature'))),
  );
}
