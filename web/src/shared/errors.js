// What went wrong, in sentences.

import { link } from './address.js';
import { message, prose } from './components.js';
import { h } from './dom.js';
import { rich, t } from '../i18n/index.js';
import { ServerError, UNREACHABLE } from './http.js';

/** Something that a person is to know, in a sentence of this page. */
export class Notice extends Error {}

/** The answer of a cloud that says no. */
export class CloudError extends Error {
  /**
   * @param {string} action
   * @param {string} code
   * @param {string} text
   * @param {{ status: number, requestId: string | null, hint: string | null }} more
   */
  constructor(action, code, text, { status, requestId, hint }) {
    super(text);
    this.name = 'CloudError';
    this.action = action;
    this.code = code;
    this.status = status;
    this.requestId = requestId;
    this.hint = hint;
  }
}

/**
 * An error as a message with its documented code.
 *
 * @param {unknown} error
 * @param {() => void} [retry]
 */
export function errorMessage(error, retry) {
  const again = retry && h('button', { type: 'button', onclick: retry }, t('retry'));
  return message('error', h('div', {}, sentences(error)), again);
}

/** @param {unknown} error */
function sentences(error) {
  if (error instanceof CloudError) return cloudSentences(error);
  if (error instanceof Notice) return h('p', {}, error.message);
  if (error instanceof ServerError && error.code === UNREACHABLE) return h('p', {}, t('error_unreachable'));
  if (error instanceof ServerError) {
    return h('p', {}, rich('error_control', { code: h('code', {}, error.code), text: error.message }));
  }
  return h('p', {}, t('error_page', { text: error instanceof Error ? error.message : String(error) }));
}

/** @param {CloudError} error */
function cloudSentences({ action, code, message: text, status, requestId, hint }) {
  const journal = requestId && h('a', { href: link('journal', { request: requestId }) }, t('error_in_journal'));
  return [
    h('p', {}, rich('error_cloud', { action: h('code', {}, action), code: h('strong', {}, h('code', {}, code)), text })),
    hint && h('p', {}, prose(t('error_hint', { hint }))),
    h('p', { class: 'faint' }, t('error_status', { status }), ' ', journal),
  ];
}
