// An editor for rows of texts.

import { t } from '../i18n/index.js';
import { button } from '../shared/components.js';
import { h } from '../shared/dom.js';

/**
 * @param {object} options
 * @param {readonly string[]} options.columns The labels of the texts in a row.
 * @param {readonly (readonly string[])[]} options.rows
 * @param {() => void} options.onchange
 */
export function rowsEditor({ columns, rows: initial, onchange }) {
  const list = h('div', { class: 'stack' });
  const addButton = button(t('call_row_add'), () => addRow([]).querySelector('input')?.focus());

  const renumber = () => {
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
    const removeButton = button(t('remove'), () => {
      row.remove();
      renumber();
      onchange();
      addButton.focus();
    });
    const row = h('div', { class: 'text-row', role: 'group' }, inputs, removeButton);
    list.append(row);
    renumber();
    return row;
  };

  (initial.length > 0 ? initial : [[]]).forEach(addRow);
  /** The rows that are not empty. */
  const rows = () =>
    [...list.children]
      .map((row) => [...row.querySelectorAll('input')].map((input) => input.value))
      .filter((texts) => texts.some((text) => text !== ''));
  return { element: h('div', { class: 'stack' }, list, h('div', {}, addButton)), rows };
}
