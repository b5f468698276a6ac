// What was asked: the last requests as they come, or one of them.

import { fill, h } from '../shared/dom.js';
import { focusHeading } from '../shared/focus.js';
import { t } from '../i18n/index.js';
import { journalEntry } from './entry.js';
import { journalQuery } from './filters.js';
import { journalList } from './list.js';

/** @type {import('../main.js').MakeView} */
export function view(context) {
  const element = h('div');
  let now = context;
  /** What ends with the part that is shown. */
  let showing = new AbortController();
  /** @type {HTMLElement | null} The list is kept behind the entry that is opened from it. */
  let list = null;
  let listed = '';
  let following = new AbortController();
  let opened = '';

  /** @param {import('../main.js').Context} context */
  const update = (context) => {
    now = context;
    showing.abort();
    showing = new AbortController();
    const id = now.values.request ?? '';
    opened = id;
    const part = id ? journalEntry(id, AbortSignal.any([now.signal, showing.signal])) : currentList();
    if (part === element.firstChild) return;
    const isFirst = !element.firstChild;
    fill(element, part);
    if (!isFirst) focusHeading();
  };

  const currentList = () => {
    const wanted = journalQuery(now.values);
    if (!list || wanted !== listed) {
      following.abort();
      following = new AbortController();
      listed = wanted;
      list = journalList(now, AbortSignal.any([now.signal, following.signal]));
    }
    return list;
  };

  update(context);
  return {
    get title() {
      return opened ? `${opened} – ${t('nav_journal')}` : t('nav_journal');
    },
    element,
    update,
  };
}
