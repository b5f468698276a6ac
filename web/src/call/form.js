// The form of a call: the parameters of an operation, and how the request is made.

import { field, message, select } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { language, t } from '../i18n/index.js';
import { callField, fits } from './fields.js';

/** @typedef {import('../shared/settings.js').Operation} Operation */
/** @typedef {import('../shared/settings.js').CloudSettings} CloudSettings */
/** @typedef {Record<string, unknown>} Parameters */

/** Stands for a secret value where a request is shown. */
const MASK = '***';

/** How a request is made, by the name that it has in the address and for the server. */
const WAYS = /** @type {const} */ (['method', 'format', 'signature']);

/**
 * @param {object} options
 * @param {Operation} options.operation
 * @param {CloudSettings} options.cloud
 * @param {Readonly<Record<string, string>>} options.values Of the address.
 * @param {() => void} options.onchange
 * @param {(send: boolean) => void} options.onmake
 */
export function callForm({ operation, cloud, values, onchange, onmake }) {
  const given = parsed(values.parameters ?? '');
  const fields = operation.parameters.map((parameter) => {
    const value = parameter.sensitive || !fits(cloud.cloud, parameter, given[parameter.name]) ? undefined : given[parameter.name];
    if (value !== undefined) delete given[parameter.name];
    return callField(cloud.cloud, parameter, value, onchange);
  });
  const others = othersField(shareable(operation, given), onchange);
  const ways = waysOf(cloud, values, onchange);

  const parameters = () => {
    const pairs = fields.map(({ parameter, value }) => /** @type {const} */ ([parameter.name, value()]));
    return { ...Object.fromEntries(pairs.filter(([, value]) => value !== undefined)), ...others.value() };
  };
  /** @param {boolean} send */
  const make = (send) => {
    fields.forEach(({ hint }) => hint());
    onmake(send);
  };

  const element = h(
    'form',
    {
      class: 'call-form',
      novalidate: true,
      autocomplete: 'off',
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        make(true);
      },
    },
    fields.length > 0
      ? h(
          'div',
          { class: 'fields' },
          fields.map((each) => each.element),
        )
      : h('p', { class: 'faint' }, t('call_no_parameters')),
    others.element,
    h(
      'div',
      { class: 'row end call-ways' },
      Object.values(ways).map((way) => way.element),
    ),
    h(
      'div',
      { class: 'row' },
      h('button', { type: 'submit', class: 'primary' }, t('call_send')),
      h('button', { type: 'button', onclick: () => make(false) }, t('call_preview')),
    ),
  );

  return {
    element,
    /** What the address keeps of it. */
    values: () => {
      const shared = shareable(operation, parameters());
      return {
        parameters: Object.keys(shared).length > 0 ? JSON.stringify(shared) : '',
        ...Object.fromEntries(WAYS.map((name) => [name, ways[name].chosen()])),
      };
    },
    /** What the server is told, beside the scope. */
    order: () => ({
      action: operation.action,
      parameters: parameters(),
      language: language() === 'en' ? 'en-US' : 'zh-CN',
      https: location.protocol === 'https:',
      ...Object.fromEntries(WAYS.map((name) => [name, ways[name].chosen() || undefined])),
    }),
    /** The parameters with secret values replaced; `null` where there are none. */
    masked: () => {
      const all = parameters();
      const shared = shareable(operation, all);
      const isSecret = Object.keys(all).some((name) => !(name in shared));
      return isSecret ? Object.fromEntries(Object.keys(all).map((name) => [name, shared[name] ?? MASK])) : null;
    },
  };
}

/**
 * The parameters that may be shown: those that the operation has, and that are not sensitive. What a
 * value means that it does not describe, nobody knows.
 *
 * @param {Operation} operation
 * @param {Parameters} parameters
 * @returns {Parameters}
 */
function shareable(operation, parameters) {
  const open = new Set(operation.parameters.filter(({ sensitive }) => !sensitive).map(({ name }) => name));
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => open.has(name)));
}

/**
 * The object that a text of JSON has; an empty one where it is something else.
 *
 * @param {string} text
 * @returns {Parameters}
 */
function parsed(text) {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

/**
 * A field for what no other can be made to send.
 *
 * @param {Parameters} given
 * @param {() => void} onchange
 */
function othersField(given, onchange) {
  const isGiven = Object.keys(given).length > 0;
  const problem = h('div', { role: 'status' });
  const control = h(
    'textarea',
    { rows: 3, spellcheck: 'false', autocomplete: 'off', placeholder: '{ "Name": "value" }', oninput: () => changed() },
    isGiven ? JSON.stringify(given, null, 2) : '',
  );
  const changed = () => {
    const isWrong = control.value.trim() !== '' && Object.keys(parsed(control.value)).length === 0;
    fill(problem, isWrong && message('warning', t('call_others_unreadable')));
    onchange();
  };
  const element = h(
    'details',
    { open: isGiven },
    h('summary', {}, t('call_others')),
    field(t('call_others_label'), control, { help: t('call_others_help') }),
    problem,
  );
  return { element, value: () => parsed(control.value) };
}

/**
 * @param {CloudSettings} cloud
 * @param {Readonly<Record<string, string>>} values
 * @param {() => void} onchange
 */
function waysOf(cloud, values, onchange) {
  /** @type {(name: typeof WAYS[number], offered: string[]) => { element: HTMLElement, chosen: () => string }} */
  const way = (name, offered) => {
    const known = values[name] && !offered.includes(values[name]) ? [...offered, values[name]] : offered;
    const texts = known.map((each) => /** @type {const} */ ([each, each === 'none' ? t('call_unsigned') : each]));
    const control = select(texts, values[name] || (offered[0] ?? ''), { onchange });
    // The first is the default, which needs no mention.
    return { element: field(t(`call_${name}`), control), chosen: () => (control.value === offered[0] ? '' : control.value) };
  };
  return {
    method: way('method', cloud.methods),
    format: way('format', cloud.formats),
    signature: way('signature', cloud.signatures),
  };
}
