// The list of the latest requests, the latest first.

import { number } from '../i18n/format.js';
import { t } from '../i18n/index.js';
import { changed, go } from '../shared/address.js';
import { badge, button, emptyState, loading, message } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/error_message.js';
import { isAbort } from '../shared/errors.js';
import { PAGE_ENTRIES, followJournal, olderEntries } from './feed.js';
import { journalQuery, listQuery, noFilters } from './filters.js';
import { filterPills } from './pills.js';
import { COLUMNS, requestRow } from './row.js';
import { rowChunks } from './row_chunks.js';
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
  const list = h('div', { class: 'requests', role: 'list', 'aria-label': t('nav_journal') });
  list.addEventListener('keydown', arrowKeys(list));
  const rows = rowChunks(list);
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
  /** @type {Map<string, HTMLElement>} The rows that are shown, by the request id. */
  const shown = new Map();
  /** Whether the rows have to be drawn again. */
  let isStale = false;
  let selected = '';
  /** @type {HTMLElement | null} The link of the selected request. */
  let marked = null;
  let following = new AbortController();

  const draw = () => {
    isDrawScheduled = false;
    content.removeAttribute('aria-busy');
    if (isPaused || signal.aborted) return;
    if (entries.length === 0) {
      clear();
      fill(content, settings.journal === 0 ? journalOff() : noEntries(Object.keys(journalQuery(values)).length > 0));
    } else {
      if (isStale || !entries.some(isShown)) clear();
      // Rows that are shown stay, because a long list takes long to draw.
      const { start } = shownRange();
      addOlderRows();
      rows.prepend(entries.slice(0, start).map(newRow));
      while (rows.count > entries.length) shown.delete(rows.removeLast()?.querySelector('a')?.dataset.id ?? '');
      if (!content.contains(list)) fill(content, columnNames(), list, older);
    }
    mark();
    pills.show(entries, values);
    updateCount();
  };

  const addOlderRows = () => {
    rows.append(entries.slice(shownRange().end).map(newRow));
    older.hidden = count <= entries.length;
  };

  /** @param {JournalEntry} entry */
  const newRow = (entry) => {
    const row = requestRow(entry, values, settings.default_account);
    shown.set(entry.request_id, row);
    return row;
  };
  const clear = () => {
    rows.clear();
    shown.clear();
    isStale = false;
  };

  /** @param {JournalEntry} entry */
  const isShown = ({ request_id: id }) => shown.has(id);
  /** The range of the entries that have rows; it is empty and at the start if none has. */
  const shownRange = () => ({ start: Math.max(0, entries.findIndex(isShown)), end: entries.findLastIndex(isShown) + 1 });

  /** Marks the selected request. */
  const mark = () => {
    const link = shown.get(selected)?.querySelector('a') ?? null;
    if (link === marked) return;
    marked?.removeAttribute('aria-current');
    link?.setAttribute('aria-current', 'true');
    link?.scrollIntoView({ block: 'nearest' });
    marked = link;
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
    const listed = Math.min(rows.count, count);
    const text =
      count > listed ? t('journal_count_of', { count: number(count), shown: number(listed) }) : t('journal_count', { count: number(count) });
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
    const fresh = entries.some(isShown) ? shownRange().start : entries.length;
    waiting.textContent = isPaused ? t('journal_waiting', { count: number(fresh) }) : '';
  };

  const follow = () => {
    following.abort();
    following = new AbortController();
    content.setAttribute('aria-busy', 'true');
    void followJournal(
      listQuery(values),
      () => limit,
      {
        onlist: (listed, total) => {
          entries = listed;
          count = total;
          const { start, end } = shownRange();
          // After a restart of the server, or after requests were deleted, the rows are not a part of the list.
          if (end - start !== shown.size) isStale = true;
          showWaiting();
          draw();
          showCount();
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
          content.removeAttribute('aria-busy');
          if (entries.length === 0) fill(content);
        },
        onrejected: (error) => {
          fill(connection, errorMessage(error));
          content.removeAttribute('aria-busy');
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

  const showOlder = async () => {
    const current = AbortSignal.any([signal, following.signal]);
    const last = entries.at(-1)?.number ?? 0;
    limit += PAGE_ENTRIES;
    try {
      const found = await olderEntries(listQuery(values), last, current);
      if (current.aborted || isStale) return;
      // A second click, or a new connection, may have listed them meanwhile.
      if (entries.at(-1)?.number === last) {
        entries = [...entries, ...found.entries];
        count = entries.length + found.count - found.entries.length;
      }
      addOlderRows();
      updateCount();
    } catch (error) {
      if (!isAbort(error)) fill(connection, errorMessage(error));
    }
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
      // The rows link to addresses with the filters.
      isStale = true;
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
