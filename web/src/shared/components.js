// The elements that views are built from.

import { t } from '../i18n/index.js';
import { copyButton } from './clipboard.js';
import { h, uniqueId } from './dom.js';

/** @typedef {import('./dom.js').Child} Child */

/**
 * A button. `kind` is `primary`, `danger`, `quiet`, or empty for a plain one.
 *
 * @param {string} text
 * @param {(event: any) => void} onclick
 * @param {{ kind?: string, label?: string, disabled?: boolean }} [options]
 */
export function button(text, onclick, { kind = '', label, disabled } = {}) {
  return h('button', { type: 'button', class: kind || null, 'aria-label': label, disabled, onclick }, text);
}

/**
 * A control with its label and, below it, its help text.
 *
 * @param {string} label
 * @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} control
 * @param {{ help?: Child }} [options]
 */
export function field(label, control, { help } = {}) {
  control.id ||= uniqueId('field');
  const helpId = `${control.id}-help`;
  if (help) control.setAttribute('aria-describedby', helpId);
  return h(
    'div',
    { class: 'field' },
    h('label', { for: control.id }, label),
    control,
    help && h('div', { class: 'help', id: helpId }, help),
  );
}

/**
 * A check box, followed by its label.
 *
 * @param {string} label
 * @param {HTMLInputElement} control
 */
export function checkField(label, control) {
  control.id ||= uniqueId('field');
  return h('div', { class: 'field check' }, control, h('label', { for: control.id }, label));
}

/**
 * A drop-down list.
 *
 * @param {readonly (readonly [value: string, text: string])[]} options
 * @param {string} chosen
 * @param {Record<string, import('./dom.js').Attribute>} [attributes]
 */
export function select(options, chosen, attributes = {}) {
  return h(
    'select',
    attributes,
    options.map(([value, text]) => h('option', { value, selected: value === chosen }, text)),
  );
}

/**
 * A message. Screen readers read errors out immediately.
 *
 * @param {'error' | 'warning' | 'success' | 'info'} kind
 * @param {...Child} children
 */
export function message(kind, ...children) {
  return h('div', { class: `message ${kind}`, role: kind === 'error' ? 'alert' : null }, ...children);
}

/**
 * A badge. `kind` is `good`, `warning`, `bad`, or empty for a plain one.
 *
 * @param {string} text
 * @param {string} [kind]
 */
export function badge(text, kind = '') {
  return h('span', { class: `badge ${kind}` }, text);
}

/**
 * A sentence with the text between backticks set as code.
 *
 * @param {string} sentence
 */
export function withCode(sentence) {
  return sentence.split('`').map((part, index) => (index % 2 ? h('code', {}, part) : part));
}

/**
 * Preformatted text with a button to copy it. The text of `code` may be changed later; the button copies the current text.
 *
 * @param {string} label
 * @param {string} text
 * @param {{ wrap?: boolean }} [options] `wrap` breaks long lines.
 */
export function codeBlock(label, text, { wrap = false } = {}) {
  const code = h('code', {}, text);
  const heading = h('span', { class: 'code-label' }, label);
  const element = h(
    'div',
    { class: wrap ? 'code-block wrap' : 'code-block' },
    h('div', { class: 'code-head' }, heading, copyButton(code, label)),
    h('pre', { tabindex: 0, role: 'region', 'aria-label': label }, code),
  );
  return { element, code };
}

/**
 * A table. The first cell of each row is its header. A table that is too wide scrolls horizontally; on a narrow screen
 * each row is a block of lines.
 *
 * @param {string} caption
 * @param {readonly Child[]} columns
 * @param {readonly (readonly Child[])[]} rows
 */
export function table(caption, columns, rows) {
  const head = columns.map((column) => h('th', { scope: 'col', role: 'columnheader', 'aria-sort': orderOf(column) }, column));
  const body = rows.map(([first, ...others]) =>
    h(
      'tr',
      { role: 'row' },
      h('th', { scope: 'row', role: 'rowheader' }, first),
      others.map((cell, index) => h('td', { role: 'cell', 'data-label': label(columns[index + 1]) }, cell)),
    ),
  );
  // The roles are explicit, because some browsers drop them from a table that is displayed as blocks.
  return scrolling(
    caption,
    h(
      'table',
      { role: 'table' },
      h('caption', { class: 'visually-hidden' }, caption),
      h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, head)),
      h('tbody', { role: 'rowgroup' }, body),
    ),
  );
}

/**
 * The order of a column whose name is a button that sorts by it.
 *
 * @param {Child} column
 */
function orderOf(column) {
  return column instanceof HTMLElement ? column.dataset.order : undefined;
}

/** @param {Child} column */
function label(column) {
  return column instanceof Node ? column.textContent : String(column ?? '');
}

/**
 * A region that scrolls horizontally, also by keyboard.
 *
 * @param {string} label
 * @param {Child} child
 */
export function scrolling(label, child) {
  return h('div', { class: 'scrolling', tabindex: 0, role: 'region', 'aria-label': label }, child);
}

/**
 * A list of names with values.
 *
 * @param {readonly (readonly [name: string, value: Child])[]} pairs
 */
export function facts(pairs) {
  return h(
    'dl',
    { class: 'facts' },
    pairs.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
  );
}

/**
 * Shown instead of an empty list: why it is empty, and what to do next.
 *
 * @param {string} title
 * @param {...Child} children
 */
export function emptyState(title, ...children) {
  return h('div', { class: 'empty' }, h('p', { class: 'empty-title' }, title), ...children);
}

/** Shown while data is loading. */
export function loading() {
  return h('p', { class: 'loading' }, t('loading'));
}

/**
 * Tabs, which can also be switched by arrow keys. `onselect` is called with the name of the selected tab.
 *
 * @param {string} label
 * @param {readonly { name: string, title: string, panel: () => Child }[]} tabs
 * @param {string} chosen
 * @param {(name: string) => void} onselect
 */
export function tabs(label, tabs, chosen, onselect) {
  const id = uniqueId('tabs');
  const panel = h('div', { role: 'tabpanel', id: `${id}-panel`, tabindex: 0 });
  const heads = tabs.map(({ name, title }) =>
    h('button', { type: 'button', role: 'tab', id: `${id}-${name}`, 'aria-controls': panel.id, onclick: () => choose(name) }, title),
  );

  /** @param {string} name */
  const show = (name) => {
    const found = tabs.findIndex((tab) => tab.name === name);
    const at = Math.max(0, found);
    heads.forEach((head, index) => {
      head.setAttribute('aria-selected', String(index === at));
      head.tabIndex = index === at ? 0 : -1;
    });
    const tab = tabs[at];
    if (!tab) return;
    panel.setAttribute('aria-labelledby', `${id}-${tab.name}`);
    panel.replaceChildren(h('div', {}, tab.panel()));
  };

  /** @param {string} name */
  const choose = (name) => {
    show(name);
    onselect(name);
  };

  /** @param {KeyboardEvent} event */
  const onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = heads.findIndex((head) => head === document.activeElement);
    const next = (at + step + heads.length) % heads.length;
    heads[next]?.focus();
    const tab = tabs[next];
    if (tab) choose(tab.name);
  };

  show(chosen);
  const element = h('div', { class: 'tabs' }, h('div', { role: 'tablist', 'aria-label': label, onkeydown }, heads), panel);
  return { element, show };
}
