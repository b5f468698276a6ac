// A response of a cloud: status, headers and body. Secret values are masked until the user shows them.

import { number } from '../i18n/format.js';
import { hintSentence, richText, t } from '../i18n/index.js';
import { badge, button, codeBlock, message, withCode } from './components.js';
import { h } from './dom.js';
import { MASK, STORED_MASK, maskBody } from './mask.js';
import { returnsSecretText } from './operations.js';
import { prettyPrint } from './pretty_print.js';

/** @typedef {import('./control_api.js').CloudResponse} CloudResponse */
/** @typedef {import('./control_api.js').CloudName} CloudName */
/** @typedef {import('./control_api.js').Operation} Operation */

/**
 * @param {CloudName} cloud
 * @param {CloudResponse} response
 * @param {Operation | null} operation `null` if it is not supported.
 * @param {AbortSignal} signal Masks the values again.
 */
export function responseElement(cloud, response, operation, signal) {
  const body = codeBlock(t('response_body'), '', { wrap: true });
  const isSecret = operation && returnsSecretText(operation) && response.status < 400 && !['', STORED_MASK].includes(response.body);
  const masked = isSecret ? MASK : maskBody(response.body);
  let isShown = false;
  let isRaw = false;

  const draw = () => {
    const text = isShown ? response.body : masked;
    body.code.textContent = isRaw ? text : prettyPrint(text);
    rawButton.textContent = t(isRaw ? 'response_formatted' : 'response_raw');
    valuesButton.textContent = t(isShown ? 'values_hide' : 'values_show');
  };
  const rawButton = button('', () => {
    isRaw = !isRaw;
    draw();
  });
  const valuesButton = button('', () => {
    isShown = !isShown;
    draw();
  });
  const hide = () => {
    isShown = false;
    draw();
  };
  signal.addEventListener('abort', hide);
  // The browser may keep the page in its back/forward cache.
  addEventListener('pagehide', hide, { signal });
  draw();

  const error = cloudErrorOf(response);
  const hint = hintOf(cloud, response);
  const headers = response.headers.map(([name, value]) => `${name}: ${value}`).join('\n');
  return h(
    'div',
    { class: 'stack' },
    h('div', { class: 'row' }, statusBadge(response.status), rawButton, masked !== response.body && valuesButton),
    error &&
      message('error', h('p', {}, richText('response_error', { code: h('strong', {}, h('code', {}, error.code)), text: error.text }))),
    response.cut && message('warning', cutSentence(response.cut)),
    hint && message('info', h('p', {}, withCode(t('error_hint', { hint })))),
    body.element,
    codeBlock(t('response_headers'), headers, { wrap: true }).element,
  );
}

/** @param {number} status */
function statusBadge(status) {
  return badge(`HTTP ${status}`, status < 400 ? 'good' : 'bad');
}

/**
 * The code and the message of an error response. Tencent Cloud returns errors with status 200.
 *
 * @param {Pick<CloudResponse, 'status' | 'body'>} response
 */
export function cloudErrorOf({ status, body }) {
  try {
    const parsed = JSON.parse(body);
    const error = parsed.Response?.Error ?? (status >= 400 ? parsed : null);
    return error?.Code ? { code: String(error.Code), text: String(error.Message ?? '') } : null;
  } catch {
    const element = (/** @type {string} */ name) => new RegExp(`<${name}>([^<]*)`).exec(body)?.[1];
    const code = status >= 400 && element('Code');
    return code ? { code, text: element('Message') ?? '' } : null;
  }
}

/**
 * The hints of the emulator about a request in the user's language; `null` without hints.
 *
 * @param {CloudName} cloud
 * @param {Pick<CloudResponse, 'headers' | 'hints'>} response
 */
export function hintOf(cloud, { headers, hints }) {
  const english = headers.find(([name]) => name.toLowerCase() === 'x-emulator-hint')?.[1];
  return english ? hintSentence(cloud, hints, english) : null;
}

/** @param {NonNullable<CloudResponse['cut']>} cut */
function cutSentence(cut) {
  return cut === 'reset' ? t('response_reset') : t('response_truncated', { bytes: number(cut.body) });
}
