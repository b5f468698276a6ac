// An answer of a cloud: status, headers and body, secret values hidden until they are asked for.

import { badge, button, codeBlock, message } from './components.js';
import { h } from './dom.js';
import { number, rich, t } from '../i18n/index.js';
import { masked } from './mask.js';
import { pretty } from './pretty_print.js';

/** @typedef {import('./http.js').Reply} Reply */

/**
 * @param {Reply} reply
 * @param {AbortSignal} signal Hides the values.
 */
export function replyElement(reply, signal) {
  const body = codeBlock(t('reply_body'), '');
  body.element.classList.add('wrap');
  const covered = masked(reply.body);
  let isShown = false;
  let isRaw = false;

  const draw = () => {
    const text = isShown ? reply.body : covered;
    body.code.textContent = isRaw ? text : pretty(text);
    raw.textContent = t(isRaw ? 'reply_pretty' : 'reply_raw');
    values.textContent = t(isShown ? 'values_hide' : 'values_show');
  };
  const raw = button('', () => {
    isRaw = !isRaw;
    draw();
  });
  const values = button('', () => {
    isShown = !isShown;
    draw();
  });
  const hide = () => {
    isShown = false;
    draw();
  };
  signal.addEventListener('abort', hide);
  // A page that the browser keeps for going back to is left too.
  addEventListener('pagehide', hide, { signal });
  draw();

  const refusal = refusalOf(reply);
  const hint = reply.headers.find(([name]) => name.toLowerCase() === 'x-emulator-hint')?.[1];
  return h(
    'div',
    { class: 'stack' },
    h('div', { class: 'row' }, statusBadge(reply.status), raw, covered !== reply.body && values),
    refusal &&
      message('error', h('p', {}, rich('reply_refused', { code: h('strong', {}, h('code', {}, refusal.code)), text: refusal.text }))),
    reply.cut && message('warning', cutSentence(reply.cut)),
    hint && message('info', t('error_hint', { hint })),
    body.element,
    headersElement(reply.headers),
  );
}

/** @param {number} status */
export function statusBadge(status) {
  return badge(`HTTP ${status}`, status < 400 ? 'good' : 'bad');
}

/**
 * The code and the text of a refusal, which on Tencent Cloud the status does not tell.
 *
 * @param {Reply} reply
 */
function refusalOf({ status, body }) {
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

/** @param {'reset' | { body: number }} cut */
function cutSentence(cut) {
  return cut === 'reset' ? t('reply_reset') : t('reply_cut', { bytes: number(cut.body) });
}

/** @param {[string, string][]} headers */
function headersElement(headers) {
  const block = codeBlock(t('reply_headers'), headers.map(([name, value]) => `${name}: ${value}`).join('\n'));
  block.element.classList.add('wrap');
  return block.element;
}
