// Buttons that filter the journal by a cloud, code or verdict that the listed requests have.

import { number } from '../i18n/format.js';
import { t } from '../i18n/index.js';
import { changed, go } from '../shared/address.js';
import { fill, h } from '../shared/dom.js';

/** @typedef {import('../shared/control_api.js').JournalEntry} JournalEntry */

/** How many codes are offered. */
const MAX_CODES = 6;

/** The filters in the address, with the text of a value. */
const FILTERS = /** @type {const} */ ([
  { name: 'only_cloud', of: (/** @type {JournalEntry} */ { cloud }) => cloud, text: (/** @type {string} */ value) => t(/** @type {any} */ (`journal_cloud_${value}`)) },
  { name: 'code', of: (/** @type {JournalEntry} */ { code }) => code, text: (/** @type {string} */ value) => value },
  { name: 'verdict', of: (/** @type {JournalEntry} */ { verdict }) => verdict, text: (/** @type {string} */ value) => t(/** @type {any} */ (`verdict_${value}`)) },
]);

export function filterPills() {
  const element = h('div', { class: 'pills', role: 'group', 'aria-label': t('journal_pills') });

  /**
   * @param {readonly JournalEntry[]} entries
   * @param {Readonly<Record<string, string>>} values
   */
  const show = (entries, values) => {
    const focused = element.contains(document.activeElement) ? document.activeElement?.getAttribute('data-pill') : null;
    const groups = FILTERS.map(({ name, of, text }) => {
      const counts = countsOf(entries, of);
      const active = values[name];
      if (active && !counts.has(active)) counts.set(active, 0);
      const offered = [...counts].sort(([, one], [, other]) => other - one).slice(0, MAX_CODES);
      // A single value filters nothing.
      if (offered.length < 2 && !active) return null;
      return h(
        'span',
        { class: 'pill-group' },
        offered.map(([value, count]) => pill(name, value, text(value), count, value === active)),
      );
    });
    fill(element, groups);
    if (focused) element.querySelector(`[data-pill="${CSS.escape(focused)}"]`)?.dispatchEvent(new Event('refocus'));
  };
  return { element, show };
}

/**
 * @param {string} name
 * @param {string} value
 * @param {string} text
 * @param {number} count
 * @param {boolean} isPressed
 */
function pill(name, value, text, count, isPressed) {
  const element = h(
    'button',
    {
      type: 'button',
      class: 'pill',
      'aria-pressed': String(isPressed),
      'data-pill': `${name}=${value}`,
      onclick: () => go(changed({ [name]: isPressed ? '' : value })),
      onrefocus: () => element.focus(),
    },
    text,
    ' ',
    h('span', { class: 'faint' }, number(count)),
  );
  return element;
}

/**
 * @param {readonly JournalEntry[]} entries
 * @param {(entry: JournalEntry) => string} of
 */
function countsOf(entries, of) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const entry of entries) counts.set(of(entry), (counts.get(of(entry)) ?? 0) + 1);
  return counts;
}
