// Explains a parameter: the documented rule, and the evidence for how the emulator behaves.

import { number } from '../i18n/format.js';
import { t, translated } from '../i18n/index.js';
import { badge, facts, table, withCode } from '../shared/components.js';
import { openNotice } from '../shared/dialog.js';
import { h } from '../shared/dom.js';
import { KINDS, parseEvidence, parseSource } from './evidence.js';

/** @typedef {import('../shared/control_api.js').Operation} Operation */
/** @typedef {import('../shared/control_api.js').Parameter} Parameter */
/** @typedef {import('../shared/dom.js').Child} Child */

/**
 * @param {Operation} operation
 * @param {Parameter} parameter
 */
export function explainParameter(operation, parameter) {
  openNotice(t('action_on', { action: operation.action, name: parameter.name }), [
    h('section', {}, h('h3', {}, t('explain_rule')), rule(parameter), keyTable(parameter)),
    errorSection(operation, parameter.name),
    h('section', {}, h('h3', {}, t('explain_evidence')), evidenceTable(operation, parameter.name), legend(operation)),
    h('p', {}, h('a', { href: operation.page, target: '_blank', rel: 'noopener noreferrer' }, t('call_vendor_page'))),
  ]);
}

/** @param {Parameter} parameter */
function rule({ type, required, help, rule, default: preset, minimum, maximum, max_items: most, values = [] }) {
  /** @type {[string, Child][]} */
  const pairs = [
    [t('explain_type'), t(`call_type_${type}`)],
    [t('explain_required'), t(required ? 'yes' : 'no')],
  ];
  if (preset !== undefined && preset !== null) pairs.push([t('explain_default'), h('code', {}, preset)]);
  if (typeof minimum === 'number') pairs.push([t('explain_minimum'), number(minimum)]);
  if (typeof maximum === 'number') pairs.push([t('explain_maximum'), number(maximum)]);
  if (typeof most === 'number') pairs.push([t('explain_most'), number(most)]);
  return [
    h('p', {}, withCode(translated(help))),
    rule && h('p', {}, withCode(t('parameter_rule', { rule: translated(rule) }))),
    facts(pairs),
    values.length > 0 && h('p', {}, t('explain_values'), ' ', values.flatMap((value) => [h('code', {}, value), ' '])),
  ];
}

/** @param {Parameter} parameter */
function keyTable({ keys = [] }) {
  if (keys.length === 0) return null;
  const rows = keys.map(({ name, max_values: most, value }) => [h('code', {}, name), number(most), h('span', {}, withCode(translated(value)))]);
  return table(t('explain_keys'), [t('filter_key'), t('explain_values_most'), t('explain_value')], rows);
}

/**
 * The documented errors that name the parameter.
 *
 * @param {Operation} operation
 * @param {string} name
 */
function errorSection({ errors }, name) {
  const found = errors.filter(({ code, message }) => mentions(code, name) || mentions(message, name));
  if (found.length === 0) return null;
  const rows = found.map(({ code, status, message }) => [h('code', {}, code), status, message]);
  return h(
    'section',
    {},
    h('h3', {}, t('explain_errors')),
    table(t('explain_errors'), [t('call_error_code'), t('call_error_status'), t('call_error_message')], rows),
  );
}

/**
 * The parts of the evidence, first those that name the parameter.
 *
 * @param {Operation} operation
 * @param {string} name
 */
function evidenceTable({ evidence }, name) {
  const parts = parseEvidence(evidence).flatMap(({ about, sources }) =>
    (about.length > 0 ? about : ['']).map((topic) => ({ topic, sources, isNamed: mentions(topic, name) })),
  );
  parts.sort((one, other) => Number(other.isNamed) - Number(one.isNamed));
  const rows = parts.map(({ topic, sources, isNamed }) => [
    h(isNamed ? 'strong' : 'span', {}, topic ? withCode(translated(topic)) : t('explain_operation')),
    h('span', { class: 'badges' }, sources.map(sourceElement)),
  ]);
  return table(t('explain_evidence'), [t('explain_about'), t('explain_source')], rows);
}

/** @param {string} source */
function sourceElement(source) {
  const { kind, note } = parseSource(source);
  const isKind = KINDS.some((known) => kind.startsWith(known));
  const text = translated(kind);
  return [isKind ? badge(text, kind.startsWith('assumption') ? 'warning' : 'good') : h('span', {}, text), note && h('span', { class: 'faint' }, withCode(translated(note)))];
}

/** @param {Operation} operation */
function legend({ evidence }) {
  const kinds = parseEvidence(evidence).flatMap(({ sources }) => sources.map((source) => parseSource(source).kind));
  return h(
    'ul',
    { class: 'help' },
    KINDS.filter((known) => kinds.some((kind) => kind.startsWith(known))).map((kind) => h('li', {}, t(`evidence_${kind}`))),
  );
}

/**
 * Whether a text contains a name as a word.
 *
 * @param {string} text
 * @param {string} name
 */
export function mentions(text, name) {
  return new RegExp(`(?<![A-Za-z])${name}(?![a-z])`).test(text);
}
