// Rows of texts that can be added and removed.

import { button } from '../shared/components.js';
import { h } from '../shared/dom.js';
import { t } from '../i18n/index.js';

/**
 * @param {object} options
 * @param {readonly string[]} options.columns What each text of a row is called.
 * @param {readonly (readonly string[])[]} options.rows
 * @param {() => void} options.onchange
 */
export function rowsEditor({ columns, rows: initial, onchange }) {
  const list = h('div', { class: 'stack' });
  const add = button(t('call_row_add'), () => addRow([]).querySelector('input')?.focus());

  const count = () => {
    [...list.children].forEach((row, index) => row.setAttribute('aria-label', t('call_row', { number: index + 1 })));
  };

  /** @param {readonly string[]} texts */
  const addRow = (texts) => {
    const inputs = columns.map((label, index) =>
      h('input', {
        'aria-label': label,
        placeholder: label,
        value: texts[index] ?? '',
        oninput: onchange,
        spellcheck: 'false',
        autocomplete: 'off',
      }),
    );
    const remove = button(t('remove'), () => {
      row.remove();
      count();
      onchange();
      add.focus();
    });
    const row = h('div', { class: 'text-row', role: 'group' }, inputs, remove);
    list.append(row);
    count();
    return row;
  };

  (initial.length > 0 ? initial : [[]]).forEach(addRow);
  /** Those that are not empty. */
  const rows = () =>
    [...list.children]
      .map((row) => [...row.querySelectorAll('input')].map((input) => input.value))
      .filter((texts) => texts.some((text) => text !== ''));
  return { element: h('div', { class: 'stack' }, list, h('div', {}, add)), rows };
}
