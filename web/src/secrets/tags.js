// Tags: text, badges and an editor.

import { t } from '../i18n/index.js';
import { button } from '../shared/components.js';
import { h } from '../shared/dom.js';

/** @typedef {import('./cloud.js').Tag} Tag */

/** @param {Tag} tag */
export function tagText({ key, value }) {
  return value ? `${key}=${value}` : key;
}

/** How many tags of a secret the list shows. */
const MAX_LISTED = 5;

/**
 * Tags in a row of the list: the first ones, and how many more there are.
 *
 * @param {readonly Tag[]} tags
 */
export function tagBadges(tags) {
  if (tags.length === 0) return null;
  const listed = tags.slice(0, MAX_LISTED).map((tag) => h('span', { class: 'badge', title: tagText(tag) }, tagText(tag)));
  const others = tags.slice(MAX_LISTED);
  const more =
    others.length > 0 && h('span', { class: 'faint', title: others.map(tagText).join('\n') }, t('tags_more', { count: others.length }));
  return h('div', { class: 'badges' }, listed, more);
}

/**
 * Rows of a key and a value.
 *
 * @param {{ max: number, onchange?: () => void }} options
 */
export function tagsEditor({ max, onchange }) {
  const rows = h('div', { class: 'stack' });
  const addButton = button(t('tag_add'), () => addRow().focus());

  const changed = () => {
    addButton.disabled = rows.children.length >= max;
    onchange?.();
  };

  const addRow = () => {
    const key = input(t('tag_key'), changed);
    const value = input(t('tag_value'), changed);
    const removeButton = button(t('remove'), () => {
      row.remove();
      changed();
      addButton.focus();
    });
    const row = h('div', { class: 'tag-row' }, key, value, removeButton);
    rows.append(row);
    addButton.disabled = rows.children.length >= max;
    return key;
  };

  addRow();
  const tags = () =>
    [...rows.children].flatMap((row) => {
      const [key, value] = row.querySelectorAll('input');
      return key?.value ? [{ key: key.value, value: value?.value ?? '' }] : [];
    });
  return { element: h('div', { class: 'stack' }, rows, h('div', {}, addButton)), tags };
}

/**
 * @param {string} label
 * @param {() => void} oninput
 */
function input(label, oninput) {
  return h('input', { 'aria-label': label, placeholder: label, oninput, spellcheck: 'false', autocomplete: 'off' });
}
