// Controls for the parameters of operations, made from what the server says of them.

import { button, checkField, field, prose, select } from './components.js';
import { h } from './dom.js';
import { language, number, t, translated } from '../i18n/index.js';
import { tagsEditor } from '../secrets/tags.js';

/** @typedef {import('./settings.js').Parameter} Parameter */

/**
 * @typedef {object} Options
 * @property {unknown} [value] What it is at first.
 * @property {readonly string[]} [choices] What the numbers of an integer stand for, from 0 on.
 * @property {readonly string[]} [suggestions] Values that it may have, among others.
 * @property {readonly string[]} [only] The values that it may have.
 * @property {'tags' | 'lines' | 'long'} [kind] How it is given, where its type leaves that open.
 * @property {() => void} [onchange]
 */

/** @typedef {{ element: HTMLElement, value: () => unknown }} ParameterField */

/**
 * A control with its label and help. Its value is as `/_emulator/call` takes it, `undefined` where
 * the parameter is to be left out.
 *
 * @param {Parameter} parameter
 * @param {Options} [options]
 * @returns {ParameterField}
 */
export function parameterField(parameter, options = {}) {
  if (options.kind === 'tags') return tagsField(parameter, options);
  if (parameter.type === 'boolean') return booleanField(parameter, options);
  const values = offered(parameter, options);
  if (values) return choiceField(parameter, values, options);
  return textField(parameter, options);
}

/**
 * @param {Parameter} parameter
 * @param {Options} options
 * @returns {ParameterField}
 */
function tagsField(parameter, { onchange }) {
  const editor = tagsEditor({ most: parameter.max_items ?? Infinity, onchange });
  const value = () => {
    const tags = editor.tags().map(({ key, value }) => ({ TagKey: key, TagValue: value }));
    if (tags.length === 0) return undefined;
    return parameter.type === 'json' ? JSON.stringify(tags) : tags;
  };
  const element = h('fieldset', {}, h('legend', {}, name(parameter)), helpText(parameter), editor.element);
  return { element, value };
}

/**
 * @param {Parameter} parameter
 * @param {Options} options
 * @returns {ParameterField}
 */
function booleanField(parameter, { value, onchange }) {
  const control = h('input', { type: 'checkbox', checked: value === true, onchange });
  const element = h('div', { class: 'field' }, checkField(parameter.name, control), helpText(parameter));
  return { element, value: () => (control.checked ? true : undefined) };
}

/**
 * What can be chosen from, where that is known.
 *
 * @param {Parameter} parameter
 * @param {Options} options
 * @returns {(readonly [value: string, text: string])[] | null}
 */
function offered({ type, values, minimum, maximum }, { choices, only }) {
  const texts = only ?? values;
  if (texts && texts.length > 0) return texts.map((text) => [text, text]);
  if (type !== 'integer' || !choices || maximum === undefined) return null;
  const first = minimum ?? 0;
  return Array.from({ length: maximum - first + 1 }, (_, index) => {
    const value = first + index;
    const meaning = choices[value];
    return [String(value), meaning ? `${value}: ${meaning}` : String(value)];
  });
}

/**
 * @param {Parameter} parameter
 * @param {(readonly [value: string, text: string])[]} values
 * @param {Options} options
 * @returns {ParameterField}
 */
function choiceField(parameter, values, { value, onchange }) {
  const absent = /** @type {const} */ (['', t('parameter_absent')]);
  const choices = parameter.required ? values : [absent, ...values];
  const control = select(choices, String(value ?? ''), { onchange });
  const chosen = () => {
    if (control.value === '') return undefined;
    return parameter.type === 'integer' ? Number(control.value) : control.value;
  };
  // The choices themselves say from where to where it goes.
  const described = { ...parameter, minimum: undefined, maximum: undefined };
  return { element: labelled(described, control), value: chosen };
}

/**
 * @param {Parameter} parameter
 * @param {Options} options
 * @returns {ParameterField}
 */
function textField(parameter, { value, kind, suggestions, onchange }) {
  const isInteger = parameter.type === 'integer';
  const isLong = parameter.sensitive || kind !== undefined;
  const common = { required: parameter.required, oninput: onchange, spellcheck: 'false', autocomplete: 'off' };
  const text = String(value ?? '');
  /** @type {HTMLInputElement | HTMLTextAreaElement} */
  const control = isLong
    ? h('textarea', { ...common, class: parameter.sensitive ? 'dots' : null, rows: 3 }, text)
    : h('input', {
        ...common,
        value: text,
        type: isInteger ? 'number' : 'text',
        min: isInteger ? parameter.minimum : null,
        max: isInteger ? parameter.maximum : null,
        placeholder: parameter.default,
      });
  const given = () => {
    if (control.value === '') return undefined;
    if (isInteger) return Number(control.value);
    return kind === 'lines' ? linesAsJson(control.value) : control.value;
  };
  return { element: labelled(parameter, control, { kind, suggestions }), value: given };
}

/** @param {string} text */
function linesAsJson(text) {
  const lines = text.split('\n').map((line) => line.trim());
  return JSON.stringify(lines.filter((line) => line !== ''));
}

/**
 * @param {Parameter} parameter
 * @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} control
 * @param {Options} [options]
 */
function labelled(parameter, control, { kind, suggestions } = {}) {
  const element = field(parameter.name, control, { help: help(parameter, kind === 'lines') });
  element.querySelector('label')?.replaceChildren(name(parameter), required(parameter));
  if (suggestions && control instanceof HTMLInputElement) {
    const list = h('datalist', { id: `${control.id}-list` }, suggestions.map((value) => h('option', { value })));
    control.setAttribute('list', list.id);
    element.append(list);
  }
  if (parameter.sensitive) withToggle(parameter.name, control);
  return element;
}

/**
 * Puts a button beside what shows as dots, which shows what was typed. Returns both.
 *
 * @param {string} name
 * @param {HTMLElement} control Of the class `dots`.
 */
export function withToggle(name, control) {
  const toggle = button('', () => {
    control.classList.toggle('dots');
    label();
  });
  const label = () => {
    const isHidden = control.classList.contains('dots');
    toggle.textContent = t(isHidden ? 'show' : 'hide');
    toggle.setAttribute('aria-label', t(isHidden ? 'call_show_typed' : 'call_hide_typed', { name }));
  };
  label();
  const box = h('div', { class: 'with-button' });
  control.replaceWith(box);
  box.append(control, toggle);
  return box;
}

/** @param {Parameter} parameter */
function name(parameter) {
  return h('code', {}, parameter.name);
}

/** @param {Parameter} parameter */
function required(parameter) {
  return parameter.required ? h('span', { class: 'faint' }, ` ${t('parameter_required')}`) : '';
}

/** @param {Parameter} parameter */
function helpText(parameter) {
  return h('div', { class: 'help' }, help(parameter));
}

/**
 * What it means, what it may be, and what it is where it is left out.
 *
 * @param {Parameter} parameter
 * @param {boolean} [isInLines]
 */
export function help({ help, rule, minimum, maximum, default: preset, max_items: most }, isInLines = false) {
  const parts = [translated(help)];
  if (isInLines) parts.push(t('parameter_lines'));
  if (rule) parts.push(t('parameter_rule', { rule: translated(rule) }));
  if (minimum !== undefined && maximum !== undefined) {
    parts.push(t('parameter_bounds', { minimum: number(minimum), maximum: number(maximum) }));
  }
  if (most !== undefined) parts.push(t('parameter_most', { most: number(most) }));
  if (preset !== undefined) parts.push(t('parameter_default', { default: preset }));
  return prose(parts.join(language() === 'en' ? ' ' : ''));
}
