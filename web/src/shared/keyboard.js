// Keys that work in every view.

import { t } from '../i18n/index.js';
import { link, go } from './address.js';
import { table } from './components.js';
import { openNotice } from './dialog.js';
import { h } from './dom.js';

/** The time for the second key of a sequence. */
const SEQUENCE_MS = 1500;

/** The views by the key after `g`. */
const VIEW_KEYS = /** @type {const} */ ({ h: 'connect', s: 'secrets', k: 'keys', c: 'call', j: 'journal', o: 'controls' });

/** @param {() => void} openPalette */
export function listenToKeys(openPalette) {
  let started = 0;
  addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k' && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      if (!isDialogOpen()) openPalette();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isDialogOpen() || isTyping(event.target)) return;
    const isSequence = event.timeStamp - started < SEQUENCE_MS;
    started = 0;
    const view = VIEW_KEYS[/** @type {keyof typeof VIEW_KEYS} */ (event.key)];
    if (isSequence && view) go(link(view));
    else if (event.key === 'g') started = event.timeStamp;
    else if (event.key === '/') focusSearch();
    else if (event.key === '?') showKeys();
    else return;
    event.preventDefault();
  });
}

function isDialogOpen() {
  return document.querySelector('dialog[open]') !== null;
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLElement && target.matches('textarea, select, input:not([type="checkbox"], [type="radio"])');
}

/** Focuses the search box of the view, or opens the journal, which has one. */
function focusSearch() {
  const search = document.querySelector('main input[type="search"]');
  if (search instanceof HTMLElement) search.focus();
  else go(link('journal'));
}

export function showKeys() {
  const keys = [
    ['/', t('keys_search')],
    ...Object.entries(VIEW_KEYS).map(([key, view]) => [`g ${key}`, t(`nav_${view}`)]),
    ['Ctrl K', t('keys_palette')],
    ['↑ ↓', t('keys_rows')],
    ['?', t('keys_title')],
  ];
  const rows = keys.map(([key = '', text]) => [h('kbd', {}, key), text]);
  openNotice(t('keys_title'), table(t('keys_title'), [t('keys_key'), t('keys_effect')], rows));
}
