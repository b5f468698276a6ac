// The journal: the list of requests, or one request.

import { t } from '../i18n/index.js';
import { fill, h } from '../shared/dom.js';
import { focusHeading } from '../shared/focus.js';
import { journalEntry } from './entry.js';
import { listQuery } from './filters.js';
import { journalList } from './list.js';

/** @type {import('../main.js').CreateView} */
export function view(context) {
  const element = h('div');
  let now = context;
  /** Ends with the entry that is shown. */
  let entryAbort = new AbortController();
  /** @type {HTMLElement | null} The list continues to be updated while an entry is shown. */
  let list = null;
  let listKey = '';
  let listAbort = new AbortController();
  let shownId = '';

  /** @param {import('../main.js').Context} context */
  const update = (context) => {
    now = context;
    entryAbort.abort();
    entryAbort = new AbortController();
    shownId = now.values.request ?? '';
    const part = shownId ? journalEntry(shownId, AbortSignal.any([now.signal, entryAbort.signal])) : currentList();
    if (part === element.firstChild) return;
    const isFirst = !element.firstChild;
    fill(element, part);
    if (!isFirst) focusHeading();
  };

  const currentList = () => {
    const key = JSON.stringify(listQuery(now.values));
    if (!list || key !== listKey) {
      listAbort.abort();
      listAbort = new AbortController();
      listKey = key;
      list = journalList(now, AbortSignal.any([now.signal, listAbort.signal]));
    }
    return list;
  };

  update(context);
  return {
    get title() {
      return shownId ? `${shownId} – ${t('nav_journal')}` : t('nav_journal');
    },
    element,
    update,
  };
}
