// The parts that views are made of.

import { copyButton } from './clipboard.js';
import { h, uniqueId } from './dom.js';
import { t } from '../i18n/index.js';

/** @typedef {import('./dom.js').Child} Child */

/**
 * A button. `kind` is '' for an ordinary one, `primary`, `danger` or `quiet`.
 *
 * @param {string} text
 * @param {(event: any) => void} onclick
 * @param {{ kind?: string, label?: string, disabled?: boolean }} [options]
 */
export function button(text, onclick, { kind = '', label, disabled } = {}) {
  return h('button', { type: 'button', class: kind || null, 'aria-label': label, disabled, onclick }, text);
}

/**
 * A control with its label, and below it what helps to fill it in.
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
 * A check box with its label behind it.
 *
 * @param {string} label
 * @param {HTMLInputElement} control
 */
export function checkField(label, control) {
  control.id ||= uniqueId('field');
  return h('div', { class: 'field check' }, control, h('label', { for: control.id }, label));
}

/**
 * A choice of one.
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
 * A message: `error`, `warning`, `success` or `info`. Errors are read out at once.
 *
 * @param {'error' | 'warning' | 'success' | 'info'} kind
 * @param {...Child} children
 */
export function message(kind, ...children) {
  return h('div', { class: `message ${kind}`, role: kind === 'error' ? 'alert' : null }, ...children);
}

/**
 * A short mark: '' for an ordinary one, `good`, `warning`, `bad`.
 *
 * @param {string} text
 * @param {string} [kind]
 */
export function badge(text, kind = '') {
  return h('span', { class: `badge ${kind}` }, text);
}

/**
 * A sentence of which what stands between backticks is code.
 *
 * @param {string} sentence
 */
export function prose(sentence) {
  return sentence.split('`').map((part, index) => (index % 2 ? h('code', {}, part) : part));
}

/**
 * Text as a machine reads it, with a button to copy it. What is in `code` may be changed later:
 * that is what is copied.
 *
 * @param {string} label
 * @param {string} text
 */
export function codeBlock(label, text) {
  const code = h('code', {}, text);
  const heading = h('span', { class: 'code-label' }, label);
  const element = h(
    'div',
    { class: 'code-block' },
    h('div', { class: 'code-head' }, heading, copyButton(code, label)),
    h('pre', { tabindex: 0, role: 'region', 'aria-label': label }, code),
  );
  return { element, code };
}

/**
 * A table. Cells are elements or texts; the first of each row heads it. It scrolls sideways by
 * itself where it is too wide for the page; where the page is narrow each row is a block of lines.
 *
 * @param {string} caption
 * @param {readonly Child[]} columns
 * @param {readonly (readonly Child[])[]} rows
 */
export function table(caption, columns, rows) {
  const head = columns.map((column) => h('th', { scope: 'col', role: 'columnheader' }, column));
  const body = rows.map(([first, ...others]) =>
    h(
      'tr',
      { role: 'row' },
      h('th', { scope: 'row', role: 'rowheader' }, first),
      others.map((cell, index) => h('td', { role: 'cell', 'data-label': label(columns[index + 1]) }, cell)),
    ),
  );
  // Roles are said, as a table that is shown as blocks is none any more for some browsers.
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

/** @param {Child} column */
function label(column) {
  return column instanceof Node ? column.textContent : String(column ?? '');
}

/**
 * Lets something wide scroll, by keys too.
 *
 * @param {string} label
 * @param {Child} child
 */
export function scrolling(label, child) {
  return h('div', { class: 'scrolling', tabindex: 0, role: 'region', 'aria-label': label }, child);
}

/**
 * Names with what they stand for.
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
 * What is shown where there is nothing: that there is nothing, and what to do next.
 *
 * @param {string} title
 * @param {...Child} children
 */
export function emptyState(title, ...children) {
  return h('div', { class: 'empty' }, h('p', { class: 'empty-title' }, title), ...children);
}

/** What is shown until something arrives. */
export function loading() {
  return h('p', { class: 'loading' }, t('loading'));
}

/**
 * Tabs: one of several panels, switched by arrow keys too. `onselect` learns the name of the tab
 * that is chosen, for the address.
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
