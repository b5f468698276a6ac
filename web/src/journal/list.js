// The table of the latest requests, the latest first.

import { number, utc } from '../i18n/format.js';
import { t } from '../i18n/index.js';
import { changed, go } from '../shared/address.js';
import { announce } from '../shared/announce.js';
import { badge, button, checkField, emptyState, loading, message, scrolling } from '../shared/components.js';
import { openDialog } from '../shared/dialog.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/error_message.js';
import { request } from '../shared/http.js';
import { MAX_ENTRIES, followJournal } from './feed.js';
import { journalFilters, journalQuery, listQuery, noFilters } from './filters.js';

/** @typedef {import('../shared/control_api.js').JournalEntry} JournalEntry */

/** The interval between updates of the count, which screen readers read out. */
const COUNT_EVERY_MS = 5000;

/**
 * The list for the filters in the address, updated until the signal.
 *
 * @param {import('../main.js').Context} context
 * @param {AbortSignal} signal
 */
export function journalList({ values, settings }, signal) {
  const query = listQuery(values);
  const isFiltered = Object.keys(journalQuery(values)).length > 0;
  const calls = h('input', {
    type: 'checkbox',
    checked: values.calls === 'yes',
    onchange: () => go(changed({ calls: calls.checked ? 'yes' : '' })),
  });
  const status = h('p', { class: 'list-status', role: 'status' });
  const connection = h('div');
  const live = h('span');
  const content = h('div', {}, loading());
  const body = h('tbody');
  const waiting = h('span', { class: 'faint' });
  const pauseButton = button(t('journal_pause'), () => (isPaused ? resume() : pause()));

  /** @type {JournalEntry[]} The latest first. */
  let entries = [];
  let count = 0;
  let isPaused = false;
  let isDrawScheduled = false;
  let isCountScheduled = false;
  /** The number of the latest entry that is shown. */
  let latest = 0;

  const draw = () => {
    isDrawScheduled = false;
    if (isPaused || signal.aborted) return;
    if (entries.length === 0) {
      body.replaceChildren();
      fill(content, settings.journal === 0 ? journalOff() : noEntries(isFiltered));
    } else {
      const fresh = entries.filter((entry) => entry.number > latest);
      body.prepend(...fresh.map((entry) => row(entry, settings.default_account)));
      while (body.children.length > entries.length) body.lastChild?.remove();
      if (!content.contains(body)) fill(content, tableAround(body));
    }
    latest = entries[0]?.number ?? 0;
    updateCount();
  };

  const updateCount = () => {
    if (isCountScheduled) return;
    isCountScheduled = true;
    showCount();
    setTimeout(() => {
      isCountScheduled = false;
      showCount();
    }, COUNT_EVERY_MS);
  };
  const showCount = () => {
    const shown = Math.min(body.children.length, count);
    const text =
      count > shown ? t('journal_count_of', { count: number(count), shown: number(shown) }) : t('journal_count', { count: number(count) });
    if (status.textContent !== text) status.textContent = text;
  };

  const pause = () => {
    isPaused = true;
    pauseButton.textContent = t('journal_resume');
    showWaiting();
  };
  const resume = () => {
    isPaused = false;
    pauseButton.textContent = t('journal_pause');
    showWaiting();
    draw();
  };
  const showWaiting = () => {
    const fresh = entries.filter((entry) => entry.number > latest).length;
    waiting.textContent = isPaused ? t('journal_waiting', { count: number(fresh) }) : '';
  };

  void followJournal(
    query,
    {
      onlist: (listed, total) => {
        entries = listed;
        count = total;
        // After a restart of the server the numbers start at 1 again.
        if (!isPaused) {
          body.replaceChildren();
          latest = 0;
        }
        showWaiting();
        draw();
      },
      onentry: (entry) => {
        entries = [entry, ...entries].slice(0, MAX_ENTRIES);
        count += 1;
        if (isPaused) showWaiting();
        else if (!isDrawScheduled) requestAnimationFrame(draw);
        isDrawScheduled = !isPaused;
      },
      onlost: (seconds) => {
        fill(connection, message('warning', h('p', {}, t('journal_lost', { seconds }))));
        fill(live);
        if (entries.length === 0) fill(content);
      },
      onrejected: (error) => {
        fill(connection, errorMessage(error));
        fill(content, noEntries(true));
      },
      onconnected: () => {
        fill(connection);
        fill(live, badge(t('journal_live'), 'good'));
      },
    },
    signal,
  );

  const clear = () =>
    openDialog({
      title: t('journal_clear'),
      content: h('p', {}, t(isFiltered ? 'journal_clear_some' : 'journal_clear_all')),
      action: t('journal_clear'),
      dangerous: true,
      submit: async () => {
        // Without filters the requests of every source are deleted.
        const { removed } = await request('/journal', { method: 'delete', query: isFiltered ? query : {}, signal });
        entries = [];
        count = 0;
        latest = 0;
        resume();
        showCount();
        announce(t('journal_cleared', { count: number(removed) }));
      },
    });

  return h(
    'div',
    {},
    h(
      'div',
      { class: 'row apart view-head' },
      h('h1', {}, t('nav_journal')),
      h('div', { class: 'row' }, waiting, pauseButton, button(t('journal_clear'), clear, { kind: 'danger' })),
    ),
    journalFilters(values, settings),
    h('div', { class: 'row list-head' }, status, live, checkField(t('journal_calls'), calls)),
    connection,
    content,
  );
}

/** @param {HTMLElement} body */
function tableAround(body) {
  const columns = /** @type {const} */ (['request', 'time', 'cloud', 'code', 'parameters', 'verdict', 'key', 'region', 'duration']);
  const names = columns.map((name) => h('th', { scope: 'col' }, t(`journal_${name}`)));
  const caption = h('caption', { class: 'visually-hidden' }, t('nav_journal'));
  return scrolling(t('nav_journal'), h('table', { class: 'journal' }, caption, h('thead', {}, h('tr', {}, names)), body));
}

/**
 * @param {JournalEntry} entry
 * @param {string} defaultAccount The account that is not shown.
 */
function row(entry, defaultAccount) {
  const time = h(
    'time',
    { datetime: entry.time, title: t('time_local', { time: new Date(entry.time).toLocaleString() }), class: 'mono' },
    utc(new Date(entry.time)).slice('2026-11-25 '.length),
    h('span', { class: 'faint' }, entry.time.slice('2026-11-25T10:00:00'.length, -1)),
  );
  /** @type {(column: import('../i18n/index.js').TextKey, content: import('../shared/dom.js').Child, kind?: string) => HTMLElement} */
  const cell = (column, content, kind) => h('td', { class: kind, 'data-label': t(column) }, h('div', {}, content));
  return h(
    'tr',
    {},
    h(
      'th',
      { scope: 'row' },
      h('a', { href: changed({ request: entry.request_id }), class: 'mono' }, entry.action ?? t('journal_no_action')),
      ' ',
      h('span', { class: 'faint' }, `#${entry.number}`),
      entry.source === 'call' && [' ', badge(t('journal_source_call'))],
    ),
    cell('journal_time', time),
    cell('journal_cloud', t(`journal_cloud_${entry.cloud}`)),
    cell('journal_code', codeBadge(entry)),
    cell('journal_parameters', parametersText(entry), 'journal-parameters mono'),
    cell('journal_verdict', verdictBadge(entry.verdict)),
    cell('journal_key', entry.access_key_id ?? '–', 'mono'),
    cell('journal_region', [entry.region ?? '–', entry.account && entry.account !== defaultAccount && h('div', { class: 'faint' }, entry.account)]),
    cell('journal_duration', `${entry.duration_ms.toFixed(1)} ms`, 'nowrap'),
  );
}

/** @param {JournalEntry} entry */
export function codeBadge({ code, status, fault }) {
  return [
    badge(code, code === 'OK' ? 'good' : 'bad'),
    ' ',
    h('span', { class: 'faint' }, status),
    fault !== null && fault !== undefined && [' ', badge(t('journal_fault', { id: fault }), 'warning')],
  ];
}

/** @param {import('../shared/control_api.js').Verdict} verdict */
export function verdictBadge(verdict) {
  const kind = { valid: 'good', unsigned: '', unchecked: '', refused: 'bad', not_reached: 'warning' }[verdict];
  return badge(t(`verdict_${verdict}`), kind);
}

/** @param {JournalEntry} entry */
export function parametersText({ parameters }) {
  if (!parameters) return t('journal_unreadable');
  // The name of the secret comes first: the column has room for little else.
  const pairs = Object.entries(parameters).sort(([one], [other]) => Number(other === 'SecretName') - Number(one === 'SecretName'));
  return pairs.map(([name, value]) => `${name}=${value}`).join(' ');
}

/** @param {boolean} isFiltered */
function noEntries(isFiltered) {
  if (isFiltered) {
    return emptyState(
      t('journal_none_match'),
      h('p', {}, t('journal_none_match_next')),
      h('button', { type: 'button', onclick: () => go(changed(noFilters())) }, t('filters_clear')),
    );
  }
  return emptyState(t('journal_none'), h('p', {}, t('journal_none_next')));
}

function journalOff() {
  return emptyState(t('journal_off'), h('p', {}, t('journal_off_next')));
}
