// Links to the pages of a list.

import { number } from '../i18n/format.js';
import { t } from '../i18n/index.js';
import { changed, go } from '../shared/address.js';
import { button, field, select } from '../shared/components.js';
import { h } from '../shared/dom.js';

const SIZES = [10, 20, 50, 100, 200, 500, 1000];

/** The page size if the address has none. Both clouds allow it. */
const DEFAULT_SIZE = 20;

/**
 * @typedef {object} Paging
 * @property {number} page The current page; the first is 1.
 * @property {number} size
 * @property {number} total
 * @property {string} name The name of the page in the address.
 */

/**
 * The page and the page size of an address. Invalid values are ignored.
 *
 * @param {Readonly<Record<string, string>>} values
 */
export function pagingOf(values) {
  return { page: positive(values.page) ?? 1, size: positive(values.size) ?? DEFAULT_SIZE };
}

/** @param {string | undefined} text */
function positive(text) {
  const value = Number(text);
  return Number.isSafeInteger(value) && value > 0 ? value : null;
}

/** @param {Pick<Paging, 'size' | 'total'>} paging */
export function lastPage({ size, total }) {
  return Math.max(1, Math.ceil(total / Math.max(1, size)));
}

/**
 * Links to the first, previous, next and last page, and a field for any other page.
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
 * @param {boolean} isEnabled
 */
function pageLink(name, page, text, isEnabled) {
  if (!isEnabled) return button(text, () => {}, { disabled: true });
  return h('a', { class: 'button', href: changed({ [name]: page }) }, text);
}

/**
 * The page sizes to choose from: common sizes that the parameter allows, its default and the current size.
 *
 * @param {Pick<import('../shared/control_api.js').Parameter, 'minimum' | 'maximum' | 'default'>} parameter
 * @param {number} size
 */
export function pageSizes({ minimum, maximum, default: preset }, size) {
  const allowed = SIZES.filter((each) => each >= (minimum ?? 1) && each <= (maximum ?? Infinity));
  const sizes = new Set([...allowed, size, Number(preset)]);
  return [...sizes].filter((each) => each > 0).sort((one, other) => one - other);
}

/**
 * A drop-down list of page sizes.
 *
 * @param {import('../shared/control_api.js').Parameter} parameter
 * @param {number} size
 */
export function sizePicker(parameter, size) {
  const options = pageSizes(parameter, size).map((each) => /** @type {const} */ ([String(each), number(each)]));
  const control = select(options, String(size), {
    onchange: () => go(changed({ size: control.value, page: '' })),
  });
  return field(t('page_size'), control);
}
