// The form of an operation in a dialog, with what it sends.

import { codeBlock, prose } from '../shared/components.js';
import { openDialog } from '../shared/dialog.js';
import { h } from '../shared/dom.js';
import { parameterField } from '../shared/parameter_fields.js';
import { t, translated } from '../i18n/index.js';
import { loadOperation, parameterOf } from '../shared/settings.js';

/** @typedef {import('./cloud.js').Form} Form */
/** @typedef {import('../shared/settings.js').Operation} Operation */

const MASK = '•••';

/**
 * What a form is about.
 *
 * @typedef {object} Subject
 * @property {import('./cloud.js').Scope} scope
 * @property {import('./cloud.js').Cloud} cloud
 * @property {import('./cloud.js').Parameters} fixed Parameters that are given.
 * @property {string} [description]
 * @property {string[]} [versions]
 * @property {string[]} [stages]
 * @property {string} [version] The version that the form is about.
 */

/**
 * Opens the dialog of a form; `done` learns what was answered.
 *
 * @param {Form} form
 * @param {Subject} subject
 * @param {(reply: any) => void} done
 * @param {() => void} onclose
 */
export async function openForm(form, subject, done, onclose) {
  const { scope, cloud, fixed } = subject;
  const operation = await loadOperation(scope.cloud, form.action);
  const json = codeBlock(t('parameters_of', { action: form.action }), '');
  const fields = form.fields.map(({ name, kind }) => {
    const parameter = parameterOf(operation, name);
    const made = parameterField(parameter, { ...optionsOf(kind, subject), onchange: () => showJson() });
    return { parameter, made };
  });
  const parameters = () => {
    const given = fields.map(({ parameter, made }) => /** @type {const} */ ([parameter.name, made.value()]));
    return { ...fixed, ...Object.fromEntries(given.filter(([, value]) => value !== undefined)) };
  };
  const showJson = () => {
    json.code.textContent = JSON.stringify(masked(operation, parameters()), null, 2);
  };
  showJson();
  return openDialog({
    title: t(form.title),
    content: [
      h('p', {}, prose(translated(operation.summary))),
      fields.map(({ made }) => made.element),
      h('details', {}, h('summary', {}, t('what_is_sent')), json.element),
    ],
    action: t(form.title),
    dangerous: form.dangerous ?? false,
    submit: async () => done(await cloud.run(scope, form.action, parameters())),
    onclose,
  });
}

/**
 * @param {import('./cloud.js').Field['kind']} kind
 * @param {Subject} subject
 * @returns {import('../shared/parameter_fields.js').Options}
 */
function optionsOf(kind, { description, versions = [], stages = [], version }) {
  switch (kind) {
    case 'version':
      return { only: versions };
    case 'this_version':
      return { only: versions, value: version };
    case 'stage':
      return { suggestions: stages };
    case 'description':
      return { kind: 'long', value: description };
    default:
      return kind ? { kind } : {};
  }
}

/**
 * Parameters for eyes: what is sensitive is masked.
 *
 * @param {Operation} operation
 * @param {Record<string, unknown>} parameters
 */
function masked(operation, parameters) {
  const sensitive = new Set(operation.parameters.filter((each) => each.sensitive).map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, sensitive.has(name) ? MASK : value]),
  );
}
