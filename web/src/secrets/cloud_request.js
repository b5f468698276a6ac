// Runs operations of the clouds by way of `/_emulator/call`, which signs them.

import { messageLanguage, t } from '../i18n/index.js';
import { CloudError } from '../shared/errors.js';
import { request } from '../shared/http.js';
import { hintOf } from '../shared/response.js';

/** @typedef {import('../shared/control_api.js').Scope} Scope */

/**
 * Splits the body of a response into the result and the error.
 *
 * @typedef {(body: any) => { result: any, error: { code: string, text: string } | null }} ReadBody
 */

/**
 * Runs an operation and returns its result. Throws a `CloudError` if the cloud returns an error.
 *
 * @param {Scope} scope
 * @param {string} action
 * @param {Record<string, unknown>} parameters
 * @param {ReadBody} readBody
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function runOperation(scope, action, parameters, readBody, signal) {
  const body = { ...scope, action, parameters, language: messageLanguage() };
  const { reply: response, request_id: requestId } = await request('/call', { method: 'post', body, signal });
  const status = response?.status ?? 0;
  const hint = response ? hintOf(scope.cloud, response) : null;
  /** @type {(code: string, text: string) => CloudError} */
  const cloudError = (code, text) => new CloudError(action, code, text, { status, requestId, hint });
  const parsed = parseJson(response?.cut ? '' : (response?.body ?? ''));
  if (parsed === undefined) throw cloudError(t('error_no_code'), t('error_unreadable'));
  const { result, error } = readBody(parsed);
  if (error) throw cloudError(error.code, error.text);
  return result;
}

/** @param {string} text */
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
