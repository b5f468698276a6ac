// Tags: the form, and how they are shown.

import { badge, button } from './components.js';
import { h } from './dom.js';
import { t } from './i18n.js';

/** @typedef {import('./cloud.js').Tag} Tag */

/** @param {Tag} tag */
export function tagText({ key, value }) {
  return value ? `${key}=${value}` : key;
}

/** @param {readonly Tag[]} tags */
export function tagBadges(tags) {
  return tags.length > 0 && h('div', { class: 'badges' }, tags.map((tag) => badge(tagText(tag))));
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
