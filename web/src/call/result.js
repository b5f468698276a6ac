// What came of a call: the reply, the request, how it was signed, and the same for elsewhere.

import { changed, go, link } from '../shared/address.js';
import { button, codeBlock, emptyState, loading, message, tabs } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/errors.js';
import { t } from '../i18n/index.js';
import { codeTabs } from './code.js';
import { replyElement } from '../shared/reply.js';

/** @typedef {import('../shared/http.js').Exchange} Exchange */
/** @typedef {import('../shared/settings.js').CloudName} CloudName */

/**
 * @typedef {object} Result
 * @property {Exchange} covered The call with secret values replaced before it was signed, or just the call.
 * @property {(() => Promise<Exchange>) | null} uncovered The call as it is, where that is another.
 * @property {Exchange | null} sent The call that was carried out, if one was.
 * @property {number} took How long the page waited, in milliseconds.
 */

/**
 * @param {CloudName} cloud
 * @param {AbortSignal} signal
 */
export function resultPanes(cloud, signal) {
  const element = h('div', { class: 'call-result' });
  /** @type {Result | null} */
  let result = null;
  /** @type {Exchange | null} What of it is shown. */
  let shown = null;
  /** Ends with the values that are shown of one reply. */
  let drawing = new AbortController();
  let pane = '';
  let code = '';
  /** @type {ReturnType<typeof tabs> | null} */
  let parts = null;

  const reply = () => {
    drawing.abort();
    drawing = new AbortController();
    if (!result?.sent) return emptyState(t('call_not_sent'), h('p', {}, t('call_not_sent_next')));
    return replyPane(result.sent, result.took, AbortSignal.any([signal, drawing.signal]));
  };

  const secrets = () => {
    const uncover = result?.uncovered;
    if (!uncover) return null;
    const isCovered = shown === result?.covered;
    const toggle = async () => {
      try {
        shown = isCovered ? await uncover() : (result?.covered ?? null);
        parts?.show(pane);
      } catch (error) {
        element.prepend(errorMessage(error));
      }
    };
    return message(
      'info',
      h('p', {}, t(isCovered ? 'call_covered' : 'call_uncovered')),
      button(t(isCovered ? 'values_show' : 'values_hide'), () => void toggle()),
    );
  };

  /** @type {(part: (exchange: Exchange) => import('../shared/dom.js').Child) => () => import('../shared/dom.js').Child} */
  const of = (part) => () => shown && [secrets(), part(shown)];

  const draw = () => {
    parts = tabs(
      t('call_result'),
      [
        { name: 'reply', title: t('call_reply'), panel: reply },
        { name: 'request', title: t('call_request'), panel: of(requestPane) },
        { name: 'signing', title: t('call_signing'), panel: of((exchange) => signingPane(cloud, exchange)) },
        {
          name: 'code',
          title: t('call_code'),
          panel: of((exchange) => codeTabs(exchange, code, (name) => go(changed({ code: name }), { replace: true }))),
        },
      ],
      pane,
      (name) => go(changed({ pane: name }), { replace: true }),
    );
    fill(element, parts.element);
  };

  // A page that the browser keeps for going back to shows nothing secret then.
  addEventListener(
    'pagehide',
    () => {
      shown = result?.covered ?? null;
      if (result) parts?.show(pane);
    },
    { signal },
  );

  return {
    element,
    /** Shows that something is to come. */
    wait: () => {
      if (result) element.setAttribute('aria-busy', 'true');
      else fill(element, loading());
    },
    /** @param {Result} made */
    show: (made) => {
      element.removeAttribute('aria-busy');
      result = made;
      shown = made.covered;
      draw();
    },
    /** @param {unknown} error */
    fail: (error) => {
      element.removeAttribute('aria-busy');
      result = null;
      fill(element, errorMessage(error));
    },
    /**
     * Takes what the address says of the panes.
     *
     * @param {Readonly<Record<string, string>>} values
     */
    select: (values) => {
      const before = pane;
      pane = values.pane || 'reply';
      code = values.code || 'url';
      if (pane !== before && result) parts?.show(pane);
    },
  };
}

/**
 * @param {Exchange} exchange
 * @param {number} took
 * @param {AbortSignal} signal
 */
function replyPane({ reply, request_id: request, latency_ms: latency }, took, signal) {
  return h(
    'div',
    { class: 'stack' },
    h(
      'p',
      {},
      t('call_took', { milliseconds: took.toFixed(0) }),
      ' ',
      latency ? t('call_latency', { milliseconds: latency.toFixed(0) }) : '',
      ' ',
      request && h('a', { href: link('journal', { request }) }, t('error_in_journal')),
    ),
    reply && replyElement(reply, signal),
  );
}

/** @param {Exchange} exchange */
function requestPane({ request }) {
  const path = request.query ? `/?${request.query}` : '/';
  const head = [`${request.method} ${path} HTTP/1.1`, ...request.headers.map(([name, value]) => `${name}: ${value}`)];
  return h(
    'div',
    { class: 'stack' },
    wrapped(t('call_request_url'), request.url),
    wrapped(t('call_request_text'), `${head.join('\n')}\n\n${request.body}`),
  );
}

/**
 * @param {CloudName} cloud
 * @param {Exchange} exchange
 */
function signingPane(cloud, { signing }) {
  if (signing.length === 0) return emptyState(t('call_signed_not'), h('p', {}, t('call_signed_not_next')));
  return h(
    'ol',
    { class: 'steps' },
    signing.map(({ step, text }, index) => h('li', {}, wrapped(t('call_step', { number: index + 1, name: stepName(cloud, step) }), text))),
  );
}

/**
 * The name of a step, as the vendor's page has it.
 *
 * @param {CloudName} cloud
 * @param {string} step
 */
function stepName(cloud, step) {
  switch (step) {
    case 'canonical_query':
      return t(`call_step_query_${cloud}`);
    case 'canonical_request':
      return t(`call_step_request_${cloud}`);
    case 'string_to_sign':
      return t(`call_step_string_${cloud}`);
    default:
      return t('call_step_signature');
  }
}

/**
 * @param {string} label
 * @param {string} text
 */
function wrapped(label, text) {
  const { element } = codeBlock(label, text);
  element.classList.add('wrap');
  return element;
}
