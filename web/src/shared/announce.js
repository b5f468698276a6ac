// What is told to everybody, screen readers included, and passes.

import { byId, h } from './dom.js';

const SHOWN_FOR = 4000;

/**
 * Shows a sentence for a while, and has it read out.
 *
 * @param {string} sentence
 */
export function say(sentence) {
  const note = h('p', { class: 'note' }, sentence);
  byId('announcements').replaceChildren(note);
  setTimeout(() => note.remove(), SHOWN_FOR);
}
