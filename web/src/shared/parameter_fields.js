// Form fields for the parameters of operations, built from the server's descriptions.

import { number } from '../i18n/format.js';
import { joined, t, translated } from '../i18n/index.js';
import { button, checkField, field, select, withCode } from './components.js';
import { h } from './dom.js';

/** @typedef {import('./control_api.js').Parameter} Parameter */

/**
 * @typedef {object} Options
 * @property {unknown} [value] The initial value.
 * @property {readonly string[]} [meanings] The meanings of the numbers of an integer parameter, starting at 0.
 * @property {readonly string[]} [suggestions] Values to suggest; other values are allowed.
 * @property {readonly string[]} [only] The allowed values.
 * @property {'lines' | 'long'} [kind] A text area: for a list with one item per line, or for a long text.
 * @property {() => void} [onchange]
 */

/**
 * A field. Its value is in the form that `/_emulator/call` takes; `undefined` leaves the parameter out.
 *
 * @typedef {{ element: HTMLElement, value: () => unknown }} ParameterField
 */

/**
 * A control with its label and help.
 *
 * @param {Parameter} parameter
 * @param {Options} [options]
 * @returns {ParameterField}
 */
export function parameterField(parameter, options = {}) {
  if (parameter.type === 'boolean') return booleanField(parameter, options);
  const choices = choicesOf(parameter, options);
  if (choices) return choiceField(parameter, choices, options);
  return textField(parameter, options);
}

/**
 * @param {Parameter} parameter
 * @param {Options} options
 * @returns {ParameterField}
 */
function booleanField(parameter, { value, onchange }) {
  const control = h('input', { type: 'checkbox', checked: value === true, onchange });
  const element = h('div', { class: 'field' }, checkField(parameter.name, control), helpElement(parameter));
  return { element, value: () => (control.checked ? true : undefined) };
}

/**
 * The values to choose from with their labels; `null` if the parameter takes any value.
 *
 * @param {Pick<Parameter, 'type' | 'values' | 'minimum' | 'maximum'>} parameter
 * @param {Pick<Options, 'meanings' | 'only'>} options
 * @returns {(readonly [value: string, text: string])[] | null}
 */
export function choicesOf({ type, values, minimum, maximum }, { meanings, only }) {
  const texts = only ?? values;
  if (texts && texts.length > 0) return texts.map((text) => [text, text]);
  if (type !== 'integer' || !meanings || typeof maximum !== 'number') return null;
  const first = minimum ?? 0;
  return Array.from({ length: maximum - first + 1 }, (_, index) => {
    const value = first + index;
    const meaning = meanings[value];
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
  // The list of choices already shows the bounds.
  const withoutBounds = { ...parameter, minimum: undefined, maximum: undefined };
  return { element: labelled(withoutBounds, control), value: chosen };
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
  const entered = () => {
    if (control.value === '') return undefined;
    if (isInteger) return Number(control.value);
    return kind === 'lines' ? linesAsJson(control.value) : control.value;
  };
  return { element: labelled(parameter, control, { kind, suggestions }), value: entered };
}

/**
 * The lines of a text as a JSON list, without blank lines and surrounding spaces.
 *
 * @param {string} text
 */
export function linesAsJson(text) {
  const lines = text.split('\n').map((line) => line.trim());
  return JSON.stringify(lines.filter((line) => line !== ''));
}

/**
 * @param {Parameter} parameter
 * @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} control
 * @param {Options} [options]
 */
function labelled(parameter, control, { kind, suggestions } = {}) {
  const element = field(parameter.name, control, { help: withCode(parameterHelp(parameter, kind === 'lines')) });
  element.querySelector('label')?.replaceChildren(nameElement(parameter), requiredMark(parameter));
  if (suggestions && control instanceof HTMLInputElement) {
    const list = h(
      'datalist',
      { id: `${control.id}-list` },
      suggestions.map((value) => h('option', { value })),
    );
    control.setAttribute('list', list.id);
    element.append(list);
  }
  if (parameter.sensitive) withToggle(parameter.name, control);
  return element;
}

/**
 * Puts a control that shows dots into a box with a button that shows its text. Returns the box.
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
    toggle.setAttribute('aria-label', t(isHidden ? 'input_show' : 'input_hide', { name }));
  };
  label();
  const box = h('div', { class: 'with-button' });
  control.replaceWith(box);
  box.append(control, toggle);
  return box;
}

/** @param {Parameter} parameter */
export function nameElement(parameter) {
  return h('code', {}, parameter.name);
}

/** @param {Parameter} parameter */
function requiredMark(parameter) {
  return parameter.required ? h('span', { class: 'faint' }, ` ${t('parameter_required')}`) : '';
}

/** @param {Parameter} parameter */
export function helpElement(parameter) {
  return h('div', { class: 'help' }, withCode(parameterHelp(parameter)));
}

/**
 * The help text of a parameter: meaning, allowed values, default. Text between backticks is code.
 *
 * @param {Pick<Parameter, 'help' | 'rule' | 'minimum' | 'maximum' | 'default' | 'max_items'>} parameter
 * @param {boolean} [isInLines] Whether each line of the field is an item.
 */
export function parameterHelp({ help, rule, minimum, maximum, default: preset, max_items: most }, isInLines = false) {
  const sentences = [translated(help)];
  if (isInLines) sentences.push(t('parameter_lines'));
  if (rule) sentences.push(t('parameter_rule', { rule: translated(rule) }));
  if (typeof minimum === 'number' && typeof maximum === 'number') {
    sentences.push(t('parameter_bounds', { minimum: number(minimum), maximum: number(maximum) }));
  }
  if (typeof most === 'number') sentences.push(t('parameter_most', { most: number(most) }));
  if (typeof preset === 'string') sentences.push(t('parameter_default', { default: preset }));
  return joined(sentences);
}
