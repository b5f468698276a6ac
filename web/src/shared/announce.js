// Short messages about what happened, also read out by screen readers.

import { byId, h } from './dom.js';

const SHOWN_FOR_MS = 4000;

/**
 * Shows a sentence for some seconds in the live region of the page.
 *
 * @param {string} sentence
 */
export function announce(sentence) {
  const note = h('p', { class: 'note' }, sentence);
  byId('announcements').replaceChildren(note);
  setTimeout(() => note.remove(), SHOWN_FOR_MS);
}
