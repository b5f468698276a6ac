// The form of a call: the parameters of the operation, and method, format and signature of the request. Requests for
// credential sources have only parameters.

import { messageLanguage, t } from '../i18n/index.js';
import { checkField, field, message, select } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { isSource } from '../shared/operations.js';
import { explainParameter } from './explain.js';
import { callField, canShow } from './fields.js';
import { maskedParameters, parseObject, presetParameters, publicParameters } from './parameters.js';

/** @typedef {import('../shared/control_api.js').Operation} Operation */
/** @typedef {import('../shared/control_api.js').CloudSettings} CloudSettings */
/** @typedef {import('./parameters.js').Parameters} Parameters */

/** The options of a request, as they are called in the address and by the server. */
const OPTIONS = /** @type {const} */ (['method', 'format', 'signature']);

/**
 * @param {object} options
 * @param {Operation} options.operation
 * @param {CloudSettings} options.cloud
 * @param {import('../shared/control_api.js').Scope} options.scope
 * @param {Readonly<Record<string, string>>} options.values The values in the address.
 * @param {() => void} options.onchange
 * @param {(send: boolean) => void} options.onsubmit Called for a request to send or to preview.
 */
export function callForm({ operation, cloud, scope, values, onchange, onsubmit }) {
  const ofSource = isSource(operation);
  const preset = JSON.stringify(presetParameters(operation, scope.account));
  const given = parseObject(values.parameters || preset);
  const fields = operation.parameters.map((parameter) => {
    const isShown = !parameter.sensitive && canShow(cloud.cloud, parameter, given[parameter.name]);
    const value = isShown ? given[parameter.name] : undefined;
    if (isShown) delete given[parameter.name];
    return callField(cloud.cloud, parameter, value, onchange, () => explainParameter(operation, parameter));
  });
  const others = otherParametersField(publicParameters(operation, given), onchange);
  const options = ofSource ? [] : optionFields(cloud, values, onchange);
  const faults = h('input', { type: 'checkbox', checked: values.faults === 'yes', onchange });

  const parameters = () => {
    const pairs = fields.map(({ parameter, value }) => /** @type {const} */ ([parameter.name, value()]));
    return { ...Object.fromEntries(pairs.filter(([, value]) => value !== undefined)), ...others.value() };
  };
  /** @param {boolean} send */
  const submit = (send) => {
    fields.forEach(({ updateHint }) => updateHint());
    onsubmit(send);
  };

  const element = h(
    'form',
    {
      class: 'call-form',
      novalidate: true,
      autocomplete: 'off',
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        submit(true);
      },
    },
    fields.length > 0
      ? h(
          'div',
          { class: 'fields' },
          fields.map((each) => each.element),
        )
      : h('p', { class: 'faint' }, t('call_no_parameters')),
    !ofSource && others.element,
    h(
      'div',
      { class: 'row end call-options' },
      options.map((option) => option.element),
      checkField(t('call_faults'), faults),
    ),
    h(
      'div',
      { class: 'row' },
      h('button', { type: 'submit', class: 'primary' }, t('call_send')),
      h('button', { type: 'button', onclick: () => submit(false) }, t('call_preview')),
    ),
  );

  return {
    element,
    /** The values for the address. */
    values: () => {
      const shown = JSON.stringify(publicParameters(operation, parameters()));
      return {
        parameters: shown === preset ? '' : shown,
        ...Object.fromEntries(options.map(({ name, chosen }) => [name, chosen()])),
        faults: faults.checked ? 'yes' : '',
      };
    },
    /** The request for `/_emulator/call`. A credential source has the account in its parameters. */
    request: () => ({
      ...(ofSource ? { cloud: scope.cloud } : scope),
      action: operation.action,
      parameters: parameters(),
      language: messageLanguage(),
      https: location.protocol === 'https:',
      faults: faults.checked,
      ...Object.fromEntries(options.map(({ name, chosen }) => [name, chosen() || undefined])),
    }),
    /** The parameters with secret values masked; `null` if none is secret. */
    masked: () => maskedParameters(operation, parameters()),
  };
}

/**
 * A field for parameters that the other fields cannot send.
 *
 * @param {Parameters} given
 * @param {() => void} onchange
 */
function otherParametersField(given, onchange) {
  const isGiven = Object.keys(given).length > 0;
  const problem = h('div', { role: 'status' });
  const control = h(
    'textarea',
    { rows: 3, spellcheck: 'false', autocomplete: 'off', placeholder: '{ "Name": "value" }', oninput: () => changed() },
    isGiven ? JSON.stringify(given, null, 2) : '',
  );
  const changed = () => {
    const isInvalid = control.value.trim() !== '' && Object.keys(parseObject(control.value)).length === 0;
    fill(problem, isInvalid && message('warning', t('call_others_unreadable')));
    onchange();
  };
  const element = h(
    'details',
    { open: isGiven },
    h('summary', {}, t('call_others')),
    field(t('call_others_label'), control, { help: t('call_others_help') }),
    problem,
  );
  return { element, value: () => parseObject(control.value) };
}

/**
 * @param {CloudSettings} cloud
 * @param {Readonly<Record<string, string>>} values
 * @param {() => void} onchange
 */
function optionFields(cloud, values, onchange) {
  const offers = { method: cloud.methods, format: cloud.formats, signature: cloud.signatures };
  return OPTIONS.map((name) => {
    /** @type {string[]} */
    const offered = offers[name];
    const known = values[name] && !offered.includes(values[name]) ? [...offered, values[name]] : offered;
    const texts = known.map((each) => /** @type {const} */ ([each, each === 'none' ? t('call_unsigned') : each]));
    const control = select(texts, values[name] || (offered[0] ?? ''), { onchange });
    // The first option is the default of the server, and is not written to the address.
    return { name, element: field(t(`call_${name}`), control), chosen: () => (control.value === offered[0] ? '' : control.value) };
  });
}
