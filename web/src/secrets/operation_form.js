// The form of an operation in a dialog.

import { t, translated } from '../i18n/index.js';
import { codeBlock, withCode } from '../shared/components.js';
import { openDialog } from '../shared/dialog.js';
import { h } from '../shared/dom.js';
import { MASK } from '../shared/mask.js';
import { loadOperation, parameterOf, sensitiveNames } from '../shared/operations.js';
import { helpElement, nameElement, parameterField } from '../shared/parameter_fields.js';
import { tagsEditor } from './tags.js';

/** @typedef {import('./cloud.js').Form} Form */
/** @typedef {import('./cloud.js').Field} Field */
/** @typedef {import('../shared/control_api.js').Operation} Operation */
/** @typedef {import('../shared/control_api.js').Parameter} Parameter */
/** @typedef {import('../shared/parameter_fields.js').ParameterField} ParameterField */

/**
 * What a form concerns.
 *
 * @typedef {object} Subject
 * @property {import('./cloud.js').Scope} scope
 * @property {import('./cloud.js').Cloud} cloud
 * @property {import('./cloud.js').Parameters} fixed Parameters that the user does not enter.
 * @property {string} [description]
 * @property {string[]} [versions]
 * @property {string[]} [stages]
 * @property {string} [version] The version that the form was opened from.
 * @property {Record<string, unknown>} [values] Values to start with.
 * @property {import('./cloud.js').Tag[]} [tags] Tags to start with.
 * @property {() => Promise<import('./cloud.js').Parameters>} [missing] Reads the sensitive parameters that are not entered.
 */

/**
 * Opens the dialog of a form.
 *
 * @param {Omit<Form, 'isOffered'>} form
 * @param {Subject} subject
 * @param {(reply: any) => void} ondone Called with the response of the operation.
 * @param {() => void} onclose
 */
export async function openForm(form, subject, ondone, onclose) {
  const { scope, cloud, fixed } = subject;
  const operation = await loadOperation(scope.cloud, form.action);
  const json = codeBlock(t('parameters_of', { action: form.action }), '');
  const fields = form.fields.map(({ name, kind, isMore }) => {
    const parameter = parameterOf(operation, name);
    const isRequired = parameter.required && !(parameter.sensitive && subject.missing);
    return { name, isMore, ...formField({ ...parameter, required: isRequired }, kind, subject, () => showJson()) };
  });
  const parameters = () => {
    const entered = fields.map(({ name, value }) => /** @type {const} */ ([name, value()]));
    return { ...fixed, ...Object.fromEntries(entered.filter(([, value]) => value !== undefined)) };
  };
  const showJson = () => {
    json.code.textContent = JSON.stringify(masked(operation, parameters()), null, 2);
  };
  showJson();
  const name = fixed.SecretName ?? fixed.KeyId;
  return openDialog({
    title: form.isDangerous && name ? t('action_on', { action: t(form.title), name: String(name) }) : t(form.title),
    content: [
      h('p', {}, withCode(translated(operation.summary))),
      subject.missing && h('p', { class: 'help' }, t('duplicate_help')),
      fields.filter(({ isMore }) => !isMore).map(({ element }) => element),
      fields.some(({ isMore }) => isMore) &&
        h(
          'details',
          {},
          h('summary', {}, t('form_more')),
          h('div', { class: 'stack form-more' }, fields.filter(({ isMore }) => isMore).map(({ element }) => element)),
        ),
      h('details', {}, h('summary', {}, t('json_to_send')), json.element),
    ],
    action: t(form.title),
    dangerous: form.isDangerous ?? false,
    submit: async () => {
      const entered = parameters();
      const sensitive = sensitiveNames(operation);
      const isEntered = Object.keys(entered).some((name) => sensitive.has(name));
      const missing = !isEntered && subject.missing ? await subject.missing() : {};
      ondone(await cloud.run(scope, form.action, { ...missing, ...entered }));
    },
    onclose,
  });
}

/**
 * @param {Parameter} parameter
 * @param {Field['kind']} kind
 * @param {Subject} subject
 * @param {() => void} onchange
 * @returns {ParameterField}
 */
function formField(parameter, kind, { description, versions = [], stages = [], version, values, tags }, onchange) {
  switch (kind) {
    case 'tags':
      return tagsField(parameter, tags ?? [], onchange);
    case 'version':
      return parameterField(parameter, { only: versions, onchange });
    case 'this_version':
      return parameterField(parameter, { only: versions, value: version, onchange });
    case 'new_version':
      return parameterField(parameter, { value: nextVersion(versions), onchange });
    case 'stage':
      return parameterField(parameter, { suggestions: stages, onchange });
    case 'description':
      return parameterField(parameter, { kind: 'long', value: description, onchange });
    default:
      return parameterField(parameter, { kind, value: values?.[parameter.name], onchange });
  }
}

/**
 * The name of the next version: `v3` after two versions, or the first one after it that is free.
 *
 * @param {readonly string[]} versions
 */
function nextVersion(versions) {
  let number = versions.length + 1;
  while (versions.includes(`v${number}`)) number += 1;
  return `v${number}`;
}

/**
 * @param {Parameter} parameter
 * @param {import('./cloud.js').Tag[]} initial
 * @param {() => void} onchange
 * @returns {ParameterField}
 */
function tagsField(parameter, initial, onchange) {
  const editor = tagsEditor({ max: parameter.max_items ?? Infinity, initial, onchange });
  const value = () => {
    const tags = editor.tags().map(({ key, value }) => ({ TagKey: key, TagValue: value }));
    if (tags.length === 0) return undefined;
    return parameter.type === 'json' ? JSON.stringify(tags) : tags;
  };
  return { element: h('fieldset', {}, h('legend', {}, nameElement(parameter)), helpElement(parameter), editor.element), value };
}

/**
 * Parameters with the values of sensitive ones masked.
 *
 * @param {Operation} operation
 * @param {Record<string, unknown>} parameters
 */
export function masked(operation, parameters) {
  const sensitive = sensitiveNames(operation);
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, sensitive.has(name) ? MASK : value]));
}
