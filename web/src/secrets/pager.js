// From page to page of a list that the server cuts.

import { changed, go } from '../shared/address.js';
import { button, field, select } from '../shared/components.js';
import { h } from '../shared/dom.js';
import { number, t } from '../i18n/index.js';

const SIZES = [10, 20, 50, 100, 200, 500, 1000];

/**
 * @typedef {object} Paging
 * @property {number} page From 1 on.
 * @property {number} size
 * @property {number} total
 * @property {string} name The value of the address that has the page.
 */

/** @param {Paging} paging */
export function lastPage({ size, total }) {
  return Math.max(1, Math.ceil(total / Math.max(1, size)));
}

/**
 * Links to the first, previous, next and last page, and a field for any other.
 *
 * @param {Paging} paging
 */
export function pager(paging) {
  const { page, name } = paging;
  const last = lastPage(paging);
  const input = h('input', { type: 'number', min: 1, max: last, value: page, required: true, class: 'page-number' });
  /** @param {SubmitEvent} event */
  const onsubmit = (event) => {
    event.preventDefault();
    go(changed({ [name]: input.value }));
  };
  return h(
    'nav',
    { class: 'row', 'aria-label': t('pages') },
    pageLink(name, 1, t('page_first'), page > 1),
    pageLink(name, Math.min(page - 1, last), t('page_previous'), page > 1),
    h('form', { class: 'row page-form', onsubmit }, field(t('page_number'), input), h('span', {}, t('page_of', { last: number(last) }))),
    pageLink(name, page + 1, t('page_next'), page < last),
    pageLink(name, last, t('page_last'), page < last),
  );
}

/**
 * @param {string} name
 * @param {number} page
 * @param {string} text
 * @param {boolean} leadsElsewhere
 */
function pageLink(name, page, text, leadsElsewhere) {
  if (!leadsElsewhere) return button(text, () => {}, { disabled: true });
  return h('a', { class: 'button', href: changed({ [name]: page }) }, text);
}

/**
 * The choice of how many are on a page, within what the parameter allows.
 *
 * @param {import('../shared/settings.js').Parameter} parameter
 * @param {number} size
 */
export function sizePicker({ minimum = 1, maximum = Infinity, default: preset }, size) {
  const sizes = new Set([...SIZES.filter((each) => each >= minimum && each <= maximum), size, Number(preset)]);
  const sorted = [...sizes].filter((each) => each > 0).sort((one, other) => one - other);
  const options = sorted.map((each) => /** @type {const} */ ([String(each), number(each)]));
  const control = select(options, String(size), {
    onchange: () => go(changed({ size: control.value, page: '' })),
  });
  return field(t('page_size'), control);
}
