// The list of operations and credential sources, with a filter.

import { t, translated } from '../i18n/index.js';
import { h, uniqueId } from '../shared/dom.js';
import { isSource } from '../shared/operations.js';

/** @typedef {import('../shared/control_api.js').Operation} Operation */

/**
 * @param {readonly Operation[]} operations
 * @param {(action: string) => string} address The address of an operation.
 */
export function operationList(operations, address) {
  const count = h('p', { class: 'faint call-count', role: 'status' });
  const items = operations.map((operation) => {
    const anchor = h('a', {}, operation.action);
    return {
      operation,
      anchor,
      element: h('li', {}, anchor),
      text: `${operation.action} ${operation.summary} ${translated(operation.summary)}`.toLowerCase(),
    };
  });
  const elementsOf = (/** @type {boolean} */ ofSources) =>
    items.filter(({ operation }) => isSource(operation) === ofSources).map(({ element }) => element);
  const heading = h('p', { id: uniqueId('sources') }, t('call_sources'));
  const sources = h('ul', { 'aria-labelledby': heading.id }, elementsOf(true));
  const list = h('div', { class: 'operations' }, h('ul', {}, elementsOf(false)), heading, sources);
  const visible = () => items.filter(({ element }) => !element.hidden);

  const apply = () => {
    const words = filter.value.toLowerCase().split(/\s+/);
    for (const { element, text } of items) element.hidden = !words.every((word) => text.includes(word));
    heading.hidden = sources.hidden = !sources.querySelector('li:not([hidden])');
    const found = visible().length;
    count.textContent = found > 0 ? t('call_operations_found', { count: found }) : t('call_operations_none');
  };

  /** @param {KeyboardEvent} event */
  const onkeydown = (event) => {
    const anchors = visible().map(({ anchor }) => anchor);
    const at = anchors.findIndex((anchor) => anchor === document.activeElement);
    if (event.key === 'ArrowDown') anchors[at + 1]?.focus();
    else if (event.key === 'ArrowUp') (at > 0 ? anchors[at - 1] : filter)?.focus();
    else if (event.key === 'Enter' && at < 0) anchors[0]?.click();
    else return;
    event.preventDefault();
  };

  const filter = h('input', {
    type: 'search',
    'aria-label': t('call_filter'),
    placeholder: t('call_filter'),
    oninput: apply,
    autocomplete: 'off',
    spellcheck: 'false',
  });
  apply();
  return {
    element: h('nav', { class: 'call-list', 'aria-label': t('call_operations'), onkeydown }, filter, count, list),
    /** @param {string} action The operation that is shown. */
    mark: (action) => {
      for (const { operation, anchor } of items) {
        anchor.setAttribute('href', address(operation.action));
        if (operation.action === action) anchor.setAttribute('aria-current', 'true');
        else anchor.removeAttribute('aria-current');
      }
      scrollToItem(list, items.find(({ operation }) => operation.action === action)?.element);
    },
  };
}

/**
 * Scrolls the list, but not the page.
 *
 * @param {HTMLElement} list
 * @param {HTMLElement | undefined} item
 */
function scrollToItem(list, item) {
  if (!item) return;
  const frame = list.getBoundingClientRect();
  const { top, bottom } = item.getBoundingClientRect();
  if (top < frame.top) list.scrollTop -= frame.top - top;
  else if (bottom > frame.bottom) list.scrollTop += bottom - frame.bottom;
}
