// Tags: the form, and how they are shown.

import { button } from '../shared/components.js';
import { h } from '../shared/dom.js';
import { t } from '../i18n/index.js';

/** @typedef {import('./cloud.js').Tag} Tag */

/** @param {Tag} tag */
export function tagText({ key, value }) {
  return value ? `${key}=${value}` : key;
}

/** How many tags of a secret a list has room for. */
const MOST_LISTED = 5;

/**
 * Tags in a row of a list: the first of them, each on one line.
 *
 * @param {readonly Tag[]} tags
 */
export function tagBadges(tags) {
  if (tags.length === 0) return null;
  const listed = tags.slice(0, MOST_LISTED).map((tag) => h('span', { class: 'badge', title: tagText(tag) }, tagText(tag)));
  const others = tags.slice(MOST_LISTED);
  const more = others.length > 0 && h('span', { class: 'faint', title: others.map(tagText).join('\n') }, t('tags_more', { count: others.length }));
  return h('div', { class: 'badges' }, listed, more);
}

/**
 * Rows of a key and a value each.
 *
 * @param {{ most: number, onchange?: () => void }} options
 */
export function tagsEditor({ most, onchange }) {
  const rows = h('div', { class: 'stack' });
  const add = button(t('tag_add'), () => addRow().focus());

  const changed = () => {
    add.disabled = rows.children.length >= most;
    onchange?.();
  };

  const addRow = () => {
    const key = input(t('tag_key'), changed);
    const value = input(t('tag_value'), changed);
    const remove = button(t('remove'), () => {
      row.remove();
      changed();
      add.focus();
    });
    const row = h('div', { class: 'tag-row' }, key, value, remove);
    rows.append(row);
    add.disabled = rows.children.length >= most;
    return key;
  };

  addRow();
  const tags = () =>
    [...rows.children].flatMap((row) => {
      const [key, value] = row.querySelectorAll('input');
      return key?.value ? [{ key: key.value, value: value?.value ?? '' }] : [];
    });
  return { element: h('div', { class: 'stack' }, rows, h('div', {}, add)), tags };
}

/**
 * @param {string} label
 * @param {() => void} oninput
 */
function input(label, oninput) {
  return h('input', { 'aria-label': label, placeholder: label, oninput, spellcheck: 'false', autocomplete: 'off' });
}
