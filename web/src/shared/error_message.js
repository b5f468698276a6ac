// Errors as sentences for the user.

import { controlSentence, richText, t } from '../i18n/index.js';
import { link } from './address.js';
import { message, withCode } from './components.js';
import { h } from './dom.js';
import { CloudError, ServerError, UNREACHABLE, UserError } from './errors.js';

/**
 * A sentence in parts; an object is text to be set as code.
 *
 * @typedef {(string | { code: string })[]} Sentence
 */

/**
 * The sentence that describes an error.
 *
 * @param {unknown} error
 * @returns {Sentence}
 */
export function errorSentence(error) {
  if (error instanceof CloudError) {
    return richText('error_cloud', { action: { code: error.action }, code: { code: error.code }, text: error.message });
  }
  if (error instanceof UserError) return [error.message];
  if (error instanceof ServerError && error.code === UNREACHABLE) return [t('error_unreachable')];
  if (error instanceof ServerError) return richText('error_control', { code: { code: error.code }, text: controlSentence(error) });
  return [t('error_page', { text: error instanceof Error ? error.message : String(error) })];
}

/**
 * An error as a message; for an error of a cloud with the emulator's hint and a link to the journal.
 *
 * @param {unknown} error
 * @param {() => void} [retry]
 */
export function errorMessage(error, retry) {
  const sentence = errorSentence(error).map((part) => (typeof part === 'string' ? part : h('code', {}, part.code)));
  const details = error instanceof CloudError && cloudDetails(error);
  return message('error', h('div', {}, h('p', {}, sentence), details), retry && h('button', { type: 'button', onclick: retry }, t('retry')));
}

/** @param {CloudError} error */
function cloudDetails({ hint, status, requestId }) {
  const journal = requestId && h('a', { href: link('journal', { request: requestId }) }, t('error_in_journal'));
  return [hint && h('p', {}, withCode(t('error_hint', { hint }))), h('p', { class: 'faint' }, t('error_status', { status }), ' ', journal)];
}
