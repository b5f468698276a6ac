// A request as code, and sent again.

import { codeTabs } from '../call/code.js';
import { signingPane } from '../call/result.js';
import { messageLanguage, t } from '../i18n/index.js';
import { link } from '../shared/address.js';
import { button, codeBlock, emptyState, loading } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/error_message.js';
import { isAbort } from '../shared/errors.js';
import { request } from '../shared/http.js';
import { isSource } from '../shared/operations.js';
import { rememberSdk, sdk } from '../shared/sdk.js';
import { responseElement } from '../shared/response.js';
import { callParameters, hasMask } from './call_parameters.js';

/** @typedef {import('../shared/control_api.js').JournalEntry} JournalEntry */
/** @typedef {import('../shared/control_api.js').Operation} Operation */

/**
 * The call that makes the same request, signed with a key of the account. A credential source has the account in its
 * parameters.
 *
 * @param {JournalEntry} entry
 * @param {Operation} operation
 */
function callOf(entry, operation) {
  return {
    ...(isSource(operation) ? { cloud: entry.cloud } : scopeOf(entry)),
    action: operation.action,
    parameters: callParameters(operation, entry.parameters ?? {}),
    language: messageLanguage(),
    https: location.protocol === 'https:',
  };
}

/** @param {JournalEntry} entry */
function scopeOf({ cloud, account, region }) {
  return { cloud, account: account ?? undefined, region: region ?? undefined };
}

/**
 * How a request with the same parameters is signed, step by step, loaded when it is opened.
 *
 * @param {JournalEntry} entry
 * @param {Operation} operation
 * @param {AbortSignal} signal
 */
export function signingSteps(entry, operation, signal) {
  const content = h('div', { class: 'stack form-more' });
  const load = async () => {
    fill(content, loading());
    try {
      const call = await request('/call', { method: 'post', body: { ...callOf(entry, operation), send: false }, signal });
      fill(content, h('p', { class: 'help' }, t('journal_steps_help')), signingPane(entry.cloud, call));
    } catch (error) {
      if (!isAbort(error)) fill(content, errorMessage(error, () => void load()));
    }
  };
  const element = h('details', {}, h('summary', {}, t('journal_steps')), content);
  element.addEventListener('toggle', () => void load(), { once: true });
  return element;
}

/**
 * @param {JournalEntry} entry
 * @param {Operation | null} operation
 * @param {AbortSignal} signal
 */
export function codePane(entry, operation, signal) {
  if (!operation) return unsupported();
  const element = h('div', { class: 'stack' }, loading());
  const load = async () => {
    try {
      const call = await request('/call', { method: 'post', body: { ...callOf(entry, operation), send: false }, signal });
      fill(element, hasMask(entry.parameters ?? {}) && h('p', { class: 'help' }, t('journal_code_masked')), codeTabs(call, sdk(), rememberSdk));
    } catch (error) {
      if (!isAbort(error)) fill(element, errorMessage(error, () => void load()));
    }
  };
  void load();
  return element;
}

/**
 * @param {JournalEntry} entry
 * @param {Operation | null} operation
 * @param {AbortSignal} signal
 */
export function againPane(entry, operation, signal) {
  if (!operation) return unsupported();
  const { parameters, ...call } = callOf(entry, operation);
  const isMasked = hasMask(entry.parameters ?? {});
  const result = h('div');
  const shown = JSON.stringify(withoutMasks(parameters));
  const ofSource = isSource(operation);
  const edit = h(
    'a',
    { class: 'button', href: link('call', { ...scopeOf(entry), action: operation.action, parameters: shown === '{}' && !ofSource ? '' : shown }) },
    t('journal_edit'),
  );

  const fault = h(
    'a',
    { class: 'button', href: link('controls', { part: 'faults', fault_cloud: entry.cloud, fault_action: operation.action, fault_secret: entry.parameters?.SecretName }) },
    t('journal_add_fault'),
  );

  const send = async () => {
    fill(result, loading());
    try {
      const { reply, request_id: id } = await request('/call', { method: 'post', body: { ...call, parameters }, signal });
      fill(
        result,
        h(
          'div',
          { class: 'stack' },
          h('p', { role: 'status' }, t('journal_sent_again'), ' ', id && h('a', { href: link('journal', { request: id, calls: 'yes' }) }, t('error_in_journal'))),
          reply && responseElement(entry.cloud, reply, operation, signal),
        ),
      );
    } catch (error) {
      if (!isAbort(error)) fill(result, errorMessage(error));
    }
  };

  return h(
    'div',
    { class: 'stack' },
    h('p', { class: 'help' }, t(isMasked ? 'journal_again_masked' : ofSource ? 'journal_again_source' : 'journal_again_help')),
    codeBlock(t('journal_parameters'), JSON.stringify(parameters, null, 2), { wrap: true }).element,
    h('div', { class: 'row' }, !isMasked && button(t('journal_send_again'), () => void send(), { kind: 'primary' }), edit, fault),
    result,
  );
}

/**
 * The parameters without masked ones, which the user enters in the form.
 *
 * @param {Record<string, unknown>} parameters
 */
function withoutMasks(parameters) {
  return Object.fromEntries(Object.entries(parameters).filter(([name, value]) => !hasMask({ [name]: String(value) })));
}

function unsupported() {
  return emptyState(t('journal_no_repeat'), h('p', {}, t('journal_no_repeat_next')));
}
