// The journal: the list of requests, and next to it the request that is selected.

import { number } from '../i18n/format.js';
import { t } from '../i18n/index.js';
import { changed, go } from '../shared/address.js';
import { announce } from '../shared/announce.js';
import { button, checkField } from '../shared/components.js';
import { openDialog } from '../shared/dialog.js';
import { fill, h } from '../shared/dom.js';
import { request } from '../shared/http.js';
import { journalEntry } from './entry.js';
import { journalFilters, journalQuery, listQuery } from './filters.js';
import { journalList } from './list.js';

/** The delay until a search is written to the address. */
const SEARCH_AFTER_MS = 200;

/** @type {import('../main.js').CreateView} */
export function view(context) {
  const { settings, signal } = context;
  let now = context;
  const list = journalList(settings, signal);
  const filters = h('div');
  let filterKey = '';
  const side = h('div', { class: 'entry-side' });
  const split = h('div', { class: 'split' }, list.element, side);
  /** @type {ReturnType<typeof journalEntry> | null} */
  let entry = null;
  let shownId = '';
  let entryAbort = new AbortController();

  const search = h('input', {
    type: 'search',
    class: 'search',
    'aria-label': t('journal_search'),
    placeholder: t('journal_search'),
    autocomplete: 'off',
    spellcheck: 'false',
    oninput: () => {
      clearTimeout(searchTimer);
      searchTimer = setTimeout(() => go(changed({ text: search.value.trim() }), { replace: true }), SEARCH_AFTER_MS);
    },
  });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let searchTimer;
  const calls = h('input', { type: 'checkbox', onchange: () => go(changed({ calls: calls.checked ? 'yes' : '' })) });

  /** @param {import('../main.js').Context} context */
  const update = (context) => {
    now = context;
    const { values } = now;
    if (document.activeElement !== search) search.value = values.text ?? '';
    calls.checked = values.calls === 'yes';
    const key = JSON.stringify(journalQuery(values));
    if (key !== filterKey) fill(filters, journalFilters(values, settings));
    filterKey = key;
    list.show(values);
    showEntry(values);
  };

  /** @param {Readonly<Record<string, string>>} values */
  const showEntry = (values) => {
    const id = values.request ?? '';
    if (id === shownId) {
      list.select(id);
      entry?.select(values.tab);
      return;
    }
    shownId = id;
    entryAbort.abort();
    entryAbort = new AbortController();
    entry = id ? journalEntry(id, values, AbortSignal.any([signal, entryAbort.signal])) : null;
    split.classList.toggle('has-entry', id !== '');
    list.select(id);
    fill(side, entry?.element);
    // Below the list on a narrow screen.
    if (id && side.getBoundingClientRect().top > innerHeight) side.scrollIntoView();
  };

  const clear = () => {
    const query = listQuery(now.values);
    const isFiltered = Object.keys(journalQuery(now.values)).length > 0;
    openDialog({
      title: t('journal_clear'),
      content: h('p', {}, t(isFiltered ? 'journal_clear_some' : 'journal_clear_all')),
      action: t('journal_clear'),
      dangerous: true,
      submit: async () => {
        // Without filters the requests of every source are deleted.
        const { removed } = await request('/journal', { method: 'delete', query: isFiltered ? query : {}, signal });
        list.forget();
        announce(t('journal_cleared', { count: number(removed) }));
      },
    });
  };

  const element = h(
    'div',
    { class: 'journal-view' },
    h(
      'div',
      { class: 'row apart view-head' },
      h('h1', {}, t('nav_journal')),
      h('div', { class: 'row' }, list.pauseButton, button(t('journal_clear'), clear, { kind: 'danger' })),
    ),
    h('div', { class: 'row journal-tools' }, search, checkField(t('journal_calls'), calls)),
    filters,
    h('div', { class: 'row apart' }, list.status, list.pills),
    split,
  );
  update(context);
  return {
    get title() {
      return shownId ? `${shownId} – ${t('nav_journal')}` : t('nav_journal');
    },
    element,
    update,
    dispose: () => clearTimeout(searchTimer),
  };
}
