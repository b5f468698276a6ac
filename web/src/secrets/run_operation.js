// Operations of the clouds, for those who want what they answer.

import { CloudError } from '../shared/errors.js';
import { language, t } from '../i18n/index.js';
import { exchange } from '../shared/http.js';

/** @typedef {import('../shared/scope.js').Scope} Scope */
/** @typedef {{ code: string, text: string } | null} Refusal */

/**
 * Carries out an operation and gives its answer; a refusal is thrown as a `CloudError`.
 *
 * @param {Scope} scope
 * @param {string} action
 * @param {Record<string, unknown>} parameters
 * @param {(body: any) => { result: any, refusal: Refusal }} read Tells answers from refusals.
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function perform(scope, action, parameters, read, signal) {
  const { reply, request_id: requestId } = await exchange({ ...scope, action, parameters, language: language() === 'en' ? 'en-US' : 'zh-CN' }, signal);
  const hint = reply?.headers.find(([name]) => name.toLowerCase() === 'x-emulator-hint')?.[1] ?? null;
  const status = reply?.status ?? 0;
  /** @type {(code: string, text: string) => CloudError} */
  const error = (code, text) => new CloudError(action, code, text, { status, requestId, hint });
  const body = parsed(reply?.cut ? '' : (reply?.body ?? ''));
  if (body === undefined) throw error(t('error_no_code'), t('error_unreadable'));
  const { result, refusal } = read(body);
  if (refusal) throw error(refusal.code, refusal.text);
  return result;
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
