// The form of filters: keys, each with values of which one must match.

import { button, field, prose, select } from './components.js';
import { fill, h } from './dom.js';
import { number, t, translated } from '../i18n/index.js';

/** @typedef {{ name: string, max_values: number, value: string }} Key */
/** @typedef {{ key: string, values: string[] }} Row */

/**
 * @param {object} options
 * @param {readonly Key[] | null} options.keys The keys that there are; `null` for any.
 * @param {number} options.mostRows
 * @param {readonly Row[]} options.rows
 * @param {(rows: Row[]) => void} options.onchange Learns of each change, values that are empty left out.
 */
export function keyValuesEditor({ keys, mostRows, rows: initial, onchange }) {
  const list = h('div', { class: 'stack' });
  /** @type {Map<Element, () => Row>} */
  const readers = new Map();
  const add = button(t('filter_add'), () => {
    const row = addRow({ key: keys?.[0]?.name ?? '', values: [] });
    changed();
    const first = row.querySelector('select, input');
    if (first instanceof HTMLElement) first.focus();
  });

  const count = () => {
    add.disabled = list.children.length >= mostRows;
    [...list.children].forEach((row, index) => row.setAttribute('aria-label', t('filter_number', { number: index + 1 })));
  };
  const changed = () => {
    count();
    onchange([...list.children].flatMap((row) => readers.get(row)?.() ?? []));
  };

  /** @param {Row} row */
  const addRow = (row) => {
    const made = filterRow(keys, row, changed, () => {
      made.element.remove();
      changed();
      add.focus();
    });
    readers.set(made.element, made.read);
    list.append(made.element);
    return made.element;
  };

  initial.forEach(addRow);
  count();
  return h('div', { class: 'stack' }, list, h('div', {}, add));
}

/**
 * @param {readonly Key[] | null} keys
 * @param {Row} row
 * @param {() => void} changed
 * @param {() => void} remove
 */
function filterRow(keys, row, changed, remove) {
  const rule = h('div', { class: 'help' });
  const key = keyControl(keys, row.key, () => {
    showRule();
    changed();
  });
  const values = h('div', { class: 'filter-values' });
  const add = button(t('value_add'), () => {
    addValue('').focus();
    changed();
  });

  const description = () => keys?.find((each) => each.name === key.value);
  const showRule = () => {
    const known = description();
    fill(rule, known ? ruleOf(known) : keys && t('key_unknown'));
    add.disabled = values.children.length >= (known?.max_values ?? Infinity);
  };

  /** @param {string} text */
  const addValue = (text) => {
    const label = t('value_number', { number: values.children.length + 1 });
    const input = h('input', { value: text, 'aria-label': label, oninput: changed, spellcheck: 'false', autocomplete: 'off' });
    const drop = button('×', () => {
      item.remove();
      showRule();
      changed();
      add.focus();
    }, { kind: 'quiet', label: t('value_remove', { value: label }) });
    const item = h('span', { class: 'filter-value' }, input, drop);
    values.append(item);
    showRule();
    return input;
  };

  (row.values.length > 0 ? row.values : ['']).forEach(addValue);
  const element = h(
    'div',
    { class: 'filter', role: 'group' },
    h('div', { class: 'row end' }, field(t('filter_key'), key), h('span', { class: 'filter-is' }, t('filter_is_any_of')), values, add, button(t('filter_remove'), remove)),
    rule,
  );
  const read = () => {
    const texts = [...values.querySelectorAll('input')].map((input) => input.value);
    return { key: key.value, values: texts.filter((text) => text !== '') };
  };
  return { element, read };
}

/** @param {Key} key */
function ruleOf({ value, max_values: most }) {
  return prose(t('value_rule', { rule: translated(value), most: number(most) }));
}

/**
 * @param {readonly Key[] | null} keys
 * @param {string} chosen
 * @param {() => void} onchange
 */
function keyControl(keys, chosen, onchange) {
  if (!keys) return h('input', { value: chosen, oninput: onchange, spellcheck: 'false', autocomplete: 'off' });
  const names = keys.map(({ name }) => name);
  if (!names.includes(chosen)) names.push(chosen);
  return select(names.map((name) => /** @type {const} */ ([name, name])), chosen, { onchange });
}
