// An editor for filters: rows of a key with values, one of which must match.

import { number } from '../i18n/format.js';
import { t, translated } from '../i18n/index.js';
import { button, field, select, withCode } from './components.js';
import { fill, h } from './dom.js';

/** @typedef {import('./control_api.js').FilterKey} FilterKey */
/** @typedef {{ key: string, values: string[] }} Row */

/**
 * @param {object} options
 * @param {readonly FilterKey[] | null} options.keys The allowed keys; `null` allows any key.
 * @param {number} options.maxRows
 * @param {readonly Row[]} options.rows
 * @param {(rows: Row[]) => void} options.onchange Called with all rows, without empty values.
 */
export function keyValuesEditor({ keys, maxRows, rows: initial, onchange }) {
  const list = h('div', { class: 'stack' });
  /** @type {Map<Element, () => Row>} */
  const readers = new Map();
  const addButton = button(t('filter_add'), () => {
    const row = addRow({ key: keys?.[0]?.name ?? '', values: [] });
    changed();
    const first = row.querySelector('select, input');
    if (first instanceof HTMLElement) first.focus();
  });

  const renumber = () => {
    addButton.disabled = list.children.length >= maxRows;
    [...list.children].forEach((row, index) => row.setAttribute('aria-label', t('filter_number', { number: index + 1 })));
  };
  const changed = () => {
    renumber();
    onchange([...list.children].flatMap((row) => readers.get(row)?.() ?? []));
  };

  /** @param {Row} row */
  const addRow = (row) => {
    const { element, read } = filterRow(keys, row, changed, () => {
      element.remove();
      changed();
      addButton.focus();
    });
    readers.set(element, read);
    list.append(element);
    return element;
  };

  initial.forEach(addRow);
  renumber();
  return h('div', { class: 'stack' }, list, h('div', {}, addButton));
}

/**
 * @param {readonly FilterKey[] | null} keys
 * @param {Row} row
 * @param {() => void} onchange
 * @param {() => void} onremove
 */
function filterRow(keys, row, onchange, onremove) {
  const rule = h('div', { class: 'help' });
  const keyControl = keyInput(keys, row.key, () => {
    showRule();
    onchange();
  });
  const values = h('div', { class: 'filter-values' });
  const addButton = button(t('value_add'), () => {
    addValue('').focus();
    onchange();
  });

  const showRule = () => {
    const known = keys?.find((each) => each.name === keyControl.value);
    fill(rule, known ? ruleOf(known) : keys && t('key_unknown'));
    addButton.disabled = values.children.length >= (known?.max_values ?? Infinity);
  };

  /** @param {string} text */
  const addValue = (text) => {
    const label = t('value_number', { number: values.children.length + 1 });
    const input = h('input', { value: text, 'aria-label': label, oninput: onchange, spellcheck: 'false', autocomplete: 'off' });
    const remove = () => {
      item.remove();
      showRule();
      onchange();
      addButton.focus();
    };
    const item = h(
      'span',
      { class: 'filter-value' },
      input,
      button('×', remove, { kind: 'quiet', label: t('value_remove', { value: label }) }),
    );
    values.append(item);
    showRule();
    return input;
  };

  (row.values.length > 0 ? row.values : ['']).forEach(addValue);
  const element = h(
    'div',
    { class: 'filter', role: 'group' },
    h(
      'div',
      { class: 'row end' },
      field(t('filter_key'), keyControl),
      h('span', { class: 'filter-is' }, t('filter_is_any_of')),
      values,
      addButton,
      button(t('filter_remove'), onremove),
    ),
    rule,
  );
  const read = () => {
    const texts = [...values.querySelectorAll('input')].map((input) => input.value);
    return { key: keyControl.value, values: texts.filter((text) => text !== '') };
  };
  return { element, read };
}

/** @param {FilterKey} key */
function ruleOf({ value, max_values: most }) {
  return withCode(t('value_rule', { rule: translated(value), most: number(most) }));
}

/**
 * @param {readonly FilterKey[] | null} keys
 * @param {string} chosen
 * @param {() => void} onchange
 */
function keyInput(keys, chosen, onchange) {
  if (!keys) return h('input', { value: chosen, oninput: onchange, spellcheck: 'false', autocomplete: 'off' });
  const names = [...new Set([...keys.map(({ name }) => name), chosen])];
  return select(
    names.map((name) => /** @type {const} */ ([name, name])),
    chosen,
    { onchange },
  );
}
