// What was asked.

import { h } from './dom.js';
import { t } from './i18n.js';

/** @type {import('./main.js').MakeView} */
export function view() {
  const title = t('nav_journal');
  return { title, element: h('div', {}, h('h1', {}, title)) };
}
