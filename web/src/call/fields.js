// Fields for the parameters of a call. Unlike the forms of secrets, they accept values that the cloud rejects.

import { t } from '../i18n/index.js';
import { button, select, withCode } from '../shared/components.js';
import { h, uniqueId } from '../shared/dom.js';
import { keyValuesEditor } from '../shared/key_values_editor.js';
import { parameterHelp, withToggle } from '../shared/parameter_fields.js';
import { hintFor } from './hints.js';
import { rowsEditor } from './rows_editor.js';

/** @typedef {import('../shared/control_api.js').Parameter} Parameter */
/** @typedef {import('../shared/control_api.js').CloudName} CloudName */
/** @typedef {{ parts: HTMLElement[], control?: HTMLElement, isWide?: boolean, value: () => unknown }} Control */
/** @typedef {{ parameter: Parameter, element: HTMLElement, value: () => unknown, updateHint: () => void }} CallField */

/** The names of key and value in a tag. */
const TAG = /** @type {const} */ ({ alibaba: ['Key', 'Value'], tencent: ['TagKey', 'TagValue'] });

/**
 * Whether the control of a parameter can show a value from the address.
 *
 * @param {CloudName} cloud
 * @param {Pick<Parameter, 'type'>} parameter
 * @param {any} value
 */
export function canShow(cloud, { type }, value) {
  const isText = typeof value === 'string' && value !== '';
  /** @type {(value: any) => boolean} */
  const isTag = (tag) =>
    tag !== null && typeof tag === 'object' && Object.keys(tag).every((name) => TAG[cloud].some((each) => each === name));
  switch (type) {
    case 'integer':
      return typeof value === 'number' || (isText && Number.isFinite(Number(value)));
    case 'boolean':
      return value === true || value === false || value === 'true' || value === 'false';
    case 'list':
      return Array.isArray(value) && value.every((each) => typeof each === 'string');
    case 'tag_list':
      return Array.isArray(value) && value.every((tag) => isTag(tag) && Object.values(tag).every((each) => typeof each === 'string'));
    case 'tag_filter_list':
      return Array.isArray(value) && value.every(isTag);
    case 'object_list':
      return Array.isArray(value);
    default:
      return isText;
  }
}

/**
 * A control with its label, its help, and a hint if its value breaks a rule.
 *
 * @param {CloudName} cloud
 * @param {Parameter} parameter
 * @param {any} given The initial value, which the control can show, or `undefined`.
 * @param {() => void} onchange
 * @param {() => void} onexplain
 * @returns {CallField}
 */
export function callField(cloud, parameter, given, onchange, onexplain) {
  const id = uniqueId('parameter');
  const hintElement = h('div', { class: 'hint', id: `${id}-hint` });
  const changed = () => {
    updateHint();
    onchange();
  };
  const { parts, control, isWide, value } = controlOf(cloud, parameter, given, changed);
  const updateHint = () => {
    const text = hintFor(parameter, value());
    if (hintElement.textContent !== text) hintElement.textContent = text;
  };
  const helpElement = h('div', { class: 'help', id: `${id}-help` }, withCode(parameterHelp(parameter)));
  const explain = button(t('explain'), onexplain, { kind: 'quiet', label: t('action_on', { action: t('explain'), name: parameter.name }) });
  const describedBy = `${helpElement.id} ${hintElement.id}`;
  const name = [
    h('code', {}, parameter.name),
    h('span', { class: 'faint' }, ' ', t(`call_type_${parameter.type}`), parameter.required && ` ${t('parameter_required')}`),
  ];
  const size = isWide ? ' wide' : '';
  if (!control) {
    const element = h(
      'fieldset',
      { class: `call-group${size}`, 'aria-describedby': describedBy },
      h('legend', {}, name),
      h('div', {}, explain),
      helpElement,
      parts,
      hintElement,
    );
    return { parameter, element, value, updateHint };
  }
  control.id = id;
  control.setAttribute('aria-describedby', describedBy);
  const element = h('div', { class: `field${size}` }, h('div', { class: 'label-row' }, h('label', { for: id }, name), explain), parts, helpElement, hintElement);
  return { parameter, element, value, updateHint };
}

/**
 * @param {CloudName} cloud
 * @param {Parameter} parameter
 * @param {any} given
 * @param {() => void} onchange
 * @returns {Control}
 */
function controlOf(cloud, parameter, given, onchange) {
  const [key, value] = TAG[cloud];
  switch (parameter.type) {
    case 'integer':
      return integerControl(parameter, given, onchange);
    case 'boolean':
      return booleanControl(given, onchange);
    case 'list': {
      const editor = rowsEditor({ columns: [parameter.name], rows: (given ?? []).map((/** @type {string} */ text) => [text]), onchange });
      return { parts: [editor.element], value: () => unlessEmpty(editor.rows().map(([text]) => text)) };
    }
    case 'tag_list': {
      const rows = (given ?? []).map((/** @type {any} */ tag) => [tag[key] ?? '', tag[value] ?? '']);
      const editor = rowsEditor({ columns: [key, value], rows, onchange });
      return {
        parts: [editor.element],
        isWide: true,
        value: () => unlessEmpty(editor.rows().map(([one, other]) => ({ [key]: one, [value]: other }))),
      };
    }
    case 'tag_filter_list':
      return tagFilterControl(key, value, given, onchange);
    case 'object_list':
      return objectsControl(parameter, given, onchange);
    case 'json':
      return parameter.sensitive ? sensitiveControl(parameter, onchange) : jsonControl(parameter, given, onchange);
    default:
      return parameter.sensitive ? sensitiveControl(parameter, onchange) : textControl(parameter, given, onchange);
  }
}

/**
 * @template T
 * @param {T[]} list
 */
function unlessEmpty(list) {
  return list.length > 0 ? list : undefined;
}

/**
 * @param {Parameter} parameter
 * @param {any} given
 * @param {() => void} oninput
 * @returns {Control}
 */
function integerControl({ minimum, maximum, default: preset }, given, oninput) {
  const control = h('input', {
    type: 'number',
    step: 1,
    min: minimum,
    max: maximum,
    placeholder: preset,
    value: given,
    oninput,
    autocomplete: 'off',
  });
  return { parts: [control], control, value: () => (control.value === '' ? undefined : Number(control.value)) };
}

/**
 * @param {any} given
 * @param {() => void} onchange
 * @returns {Control}
 */
function booleanControl(given, onchange) {
  const control = select(
    [
      ['', t('parameter_absent')],
      ['true', 'true'],
      ['false', 'false'],
    ],
    String(given ?? ''),
    { onchange },
  );
  return { parts: [control], control, value: () => (control.value === '' ? undefined : control.value === 'true') };
}

/**
 * @param {Parameter} parameter
 * @param {any} given
 * @param {() => void} oninput
 * @returns {Control}
 */
function textControl({ values, default: preset }, given, oninput) {
  const list =
    values &&
    h(
      'datalist',
      { id: uniqueId('values') },
      values.map((value) => h('option', { value })),
    );
  const control = h('input', { value: given, placeholder: preset, list: list?.id, oninput, spellcheck: 'false', autocomplete: 'off' });
  return { parts: list ? [control, list] : [control], control, value: () => control.value || undefined };
}

/**
 * A text area that shows dots until the user shows the text.
 *
 * @param {Parameter} parameter
 * @param {() => void} oninput
 * @returns {Control}
 */
function sensitiveControl({ name }, oninput) {
  const control = h('textarea', { class: 'dots', rows: 2, oninput, spellcheck: 'false', autocomplete: 'off', autocapitalize: 'off' });
  return { parts: [withToggle(name, control)], control, isWide: true, value: () => control.value || undefined };
}

/**
 * @param {Parameter} parameter
 * @param {any} given
 * @param {() => void} onchange
 * @returns {Control}
 */
function jsonControl({ keys, max_items: most, default: preset }, given, onchange) {
  const control = h('textarea', { rows: 3, placeholder: preset, oninput: onchange, spellcheck: 'false', autocomplete: 'off' }, given ?? '');
  const value = () => control.value || undefined;
  if (!keys) return { parts: [control], control, isWide: true, value };
  const editor = h('div');
  const fillEditor = () => {
    editor.replaceChildren(
      keyValuesEditor({
        keys,
        maxRows: most ?? Infinity,
        rows: filterRows(control.value),
        onchange: (rows) => {
          const list = rows.map(({ key, values }) => ({ Key: key, Values: values }));
          control.value = list.length > 0 ? JSON.stringify(list) : '';
          onchange();
        },
      }),
    );
  };
  fillEditor();
  control.addEventListener('change', fillEditor);
  const helper = h('details', {}, h('summary', {}, t('call_json_helper')), editor);
  return { parts: [control, helper], control, isWide: true, value };
}

/**
 * A list of objects as JSON. A text that is not JSON is sent as it is.
 *
 * @param {Parameter} parameter
 * @param {any} given
 * @param {() => void} oninput
 * @returns {Control}
 */
function objectsControl({ default: preset }, given, oninput) {
  const text = given === undefined ? '' : JSON.stringify(given, null, 2);
  const control = h('textarea', { rows: 3, placeholder: preset, oninput, spellcheck: 'false', autocomplete: 'off' }, text);
  const value = () => {
    try {
      return control.value ? JSON.parse(control.value) : undefined;
    } catch {
      return control.value;
    }
  };
  return { parts: [control], control, isWide: true, value };
}

/**
 * The keys and values of filters in JSON; none if the text is anything else.
 *
 * @param {string} text
 */
export function filterRows(text) {
  try {
    const list = JSON.parse(text);
    return Array.isArray(list) ? list.map(({ Key, Values }) => ({ key: String(Key), values: [Values ?? []].flat().map(String) })) : [];
  } catch {
    return [];
  }
}

/**
 * @param {string} key
 * @param {string} value
 * @param {any} given
 * @param {() => void} onchange
 * @returns {Control}
 */
function tagFilterControl(key, value, given, onchange) {
  let list = given;
  const editor = keyValuesEditor({
    keys: null,
    maxRows: Infinity,
    rows: (given ?? []).map((/** @type {any} */ each) => ({
      key: String(each[key] ?? ''),
      values: [each[value] ?? []].flat().map(String),
    })),
    onchange: (rows) => {
      const filled = rows.filter((row) => row.key !== '' || row.values.length > 0);
      list = unlessEmpty(filled.map((row) => ({ [key]: row.key, ...(row.values.length > 0 ? { [value]: row.values } : {}) })));
      onchange();
    },
  });
  return { parts: [editor], isWide: true, value: () => list };
}
