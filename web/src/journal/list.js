// The list of the latest requests, the latest first.

import { number } from '../i18n/format.js';
import { t } from '../i18n/index.js';
import { changed, go } from '../shared/address.js';
import { badge, button, emptyState, loading, message } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/error_message.js';
import { PAGE_ENTRIES, followJournal } from './feed.js';
import { journalQuery, listQuery, noFilters } from './filters.js';
import { filterPills } from './pills.js';
import { COLUMNS, requestRow } from './row.js';
import { arrowKeys } from './row_keys.js';

/** @typedef {import('../shared/control_api.js').JournalEntry} JournalEntry */
/** @typedef {Readonly<Record<string, string>>} Values */

/** The interval between updates of the count, which screen readers read out. */
const COUNT_EVERY_MS = 5000;

/**
 * @param {import('../shared/control_api.js').Settings} settings
 * @param {AbortSignal} signal Ends the updates.
 */
export function journalList(settings, signal) {
  const status = h('p', { class: 'list-status', role: 'status' });
  const connection = h('div');
  const live = h('span');
  const waiting = h('span', { class: 'faint' });
  const content = h('div', { class: 'requests-frame' }, loading());
  const rows = h('ol', { class: 'requests', 'aria-label': t('nav_journal') });
  rows.addEventListener('keydown', arrowKeys(rows));
  const older = button(t('journal_older'), () => showOlder());
  const pills = filterPills();
  const pauseButton = button(t('journal_pause'), () => (isPaused ? resume() : pause()));

  /** @type {Values} */
  let values = {};
  /** @type {JournalEntry[]} The latest first. */
  let entries = [];
  let count = 0;
  let limit = PAGE_ENTRIES;
  let isStarted = false;
  let isPaused = false;
  let isDrawScheduled = false;
  let isCountScheduled = false;
  /** The number of the latest entry that is shown. */
  let latest = 0;
  let selected = '';
  let following = new AbortController();

  const draw = () => {
    isDrawScheduled = false;
    if (isPaused || signal.aborted) return;
    if (entries.length === 0) {
      rows.replaceChildren();
      fill(content, settings.journal === 0 ? journalOff() : noEntries(Object.keys(journalQuery(values)).length > 0));
    } else {
      const fresh = entries.filter((entry) => entry.number > latest);
      rows.prepend(...fresh.map((entry) => requestRow(entry, values, settings.default_account)));
      while (rows.children.length > entries.length) rows.lastChild?.remove();
      if (!content.contains(rows)) fill(content, columnNames(), rows, older);
      older.hidden = count <= entries.length;
    }
    latest = entries[0]?.number ?? 0;
    mark();
    pills.show(entries, values);
    updateCount();
  };

  /** Marks the selected request. */
  const mark = () => {
    for (const row of rows.querySelectorAll('a')) {
      if (row.dataset.id === selected) row.setAttribute('aria-current', 'true');
      else row.removeAttribute('aria-current');
    }
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
    const shown = Math.min(rows.children.length, count);
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

  const follow = () => {
    following.abort();
    following = new AbortController();
    void followJournal(
      listQuery(values),
      limit,
      {
        onlist: (listed, total) => {
          entries = listed;
          count = total;
          // After a restart of the server the numbers start at 1 again.
          if (!isPaused) {
            rows.replaceChildren();
            latest = 0;
          }
          showWaiting();
          draw();
        },
        onentry: (entry) => {
          entries = [entry, ...entries].slice(0, limit);
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
      AbortSignal.any([signal, following.signal]),
    );
  };

  const showOlder = () => {
    limit += PAGE_ENTRIES;
    follow();
  };

  return {
    status: h('div', { class: 'row list-head' }, status, live, waiting),
    element: h('div', { class: 'requests-side' }, connection, content),
    pills: pills.element,
    pauseButton,
    /**
     * Lists the requests that match the filters in the address.
     *
     * @param {Values} next
     */
    show: (next) => {
      const before = JSON.stringify(listQuery(values));
      values = next;
      if (isStarted && JSON.stringify(listQuery(values)) === before) return;
      isStarted = true;
      limit = PAGE_ENTRIES;
      follow();
    },
    /** @param {string} id The request that is shown, or empty. */
    select: (id) => {
      selected = id;
      mark();
    },
    /** Takes over that requests were deleted. */
    forget: () => {
      entries = [];
      count = 0;
      latest = 0;
      resume();
      showCount();
    },
  };
}

/** The names of the columns above a wide list. The cells speak for themselves to screen readers. */
function columnNames() {
  return h(
    'div',
    { class: 'request-columns', 'aria-hidden': 'true' },
    COLUMNS.map((name) => h('span', { class: `cell-${name}` }, t(`journal_${name}`))),
  );
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
