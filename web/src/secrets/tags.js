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
 * @param {(tag: Tag) => string} filterAddress The address of the list filtered by a tag.
 */
export function tagBadges(tags, filterAddress) {
  if (tags.length === 0) return null;
  const listed = tags.slice(0, MAX_LISTED).map((tag) => h('a', { class: 'badge', href: filterAddress(tag), title: tagText(tag) }, tagText(tag)));
  const others = tags.slice(MAX_LISTED);
  const more =
    others.length > 0 && h('span', { class: 'faint', title: others.map(tagText).join('\n') }, t('tags_more', { count: others.length }));
  return h('div', { class: 'badges' }, listed, more);
}

/**
 * Rows of a key and a value.
 *
 * @param {{ max: number, initial?: readonly Tag[], onchange?: () => void }} options
 */
export function tagsEditor({ max, initial = [], onchange }) {
  const rows = h('div', { class: 'stack' });
  const addButton = button(t('tag_add'), () => addRow().focus());

  const changed = () => {
    addButton.disabled = rows.children.length >= max;
    onchange?.();
  };

  /** @param {Tag} [tag] */
  const addRow = (tag) => {
    const key = input(t('tag_key'), changed, tag?.key);
    const value = input(t('tag_value'), changed, tag?.value);
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

  if (initial.length > 0) initial.forEach((tag) => addRow(tag));
  else addRow();
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
 * @param {string} [value]
 */
function input(label, oninput, value) {
  return h('input', { 'aria-label': label, placeholder: label, value, oninput, spellcheck: 'false', autocomplete: 'off' });
}
