// A button that opens a panel below it.

import { h } from './dom.js';

/**
 * The panel is closed by Escape, and when the focus or a click leaves it.
 *
 * @param {string} text
 * @param {import('./dom.js').Child} content
 */
export function menu(text, content) {
  const summary = h('summary', { class: 'button' }, text);
  const element = h('details', { class: 'menu' }, summary, h('div', { class: 'menu-panel' }, content));
  const close = (/** @type {Event} */ event) => {
    if (event instanceof FocusEvent ? isOutside(event.relatedTarget) : isOutside(event.target)) element.open = false;
  };
  /** @param {EventTarget | null} target */
  const isOutside = (target) => target instanceof Node && !element.contains(target);
  element.addEventListener('focusout', close);
  element.addEventListener('toggle', () => {
    if (element.open) document.addEventListener('click', close);
    else document.removeEventListener('click', close);
  });
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !element.open) return;
    element.open = false;
    summary.focus();
  });
  return element;
}
