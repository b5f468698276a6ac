// The result of a call in tabs: response, request, signing steps and code.

import { t } from '../i18n/index.js';
import { changed, go, link } from '../shared/address.js';
import { button, codeBlock, emptyState, loading, message, tabs } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/error_message.js';
import { isSource } from '../shared/operations.js';
import { responseElement } from '../shared/response.js';
import { codeTabs } from './code.js';

/** @typedef {import('../shared/control_api.js').Call} Call */
/** @typedef {import('../shared/control_api.js').CloudName} CloudName */
/** @typedef {import('../shared/control_api.js').Operation} Operation */

/**
 * @typedef {object} Result
 * @property {Call} masked The call with secret values masked before it was signed. If it has none, the call itself.
 * @property {(() => Promise<Call>) | null} unmasked The call with secret values; `null` if it has none.
 * @property {Call | null} sent The call with its response, if it was sent.
 * @property {number} milliseconds The time until the response.
 */

/**
 * @param {CloudName} cloud
 * @param {Operation | null} operation `null` if none is selected.
 * @param {AbortSignal} signal
 */
export function resultPanes(cloud, operation, signal) {
  const element = h('div', { class: 'call-result' });
  /** @type {Result | null} */
  let result = null;
  /** @type {Call | null} The masked or the unmasked call. */
  let shown = null;
  /** Masks the values of the response before it is drawn again. */
  let drawing = new AbortController();
  let chosenPane = '';
  let chosenCode = '';
  /** @type {ReturnType<typeof tabs> | null} */
  let panes = null;

  const responsePane = () => {
    drawing.abort();
    drawing = new AbortController();
    if (!result?.sent) return emptyState(t('call_not_sent'), h('p', {}, t('call_not_sent_next')));
    return sentPane(cloud, operation, result.sent, result.milliseconds, AbortSignal.any([signal, drawing.signal]));
  };

  const maskNote = () => {
    const unmask = result?.unmasked;
    if (!unmask) return null;
    const isMasked = shown === result?.masked;
    const toggle = async () => {
      try {
        shown = isMasked ? await unmask() : (result?.masked ?? null);
        panes?.show(chosenPane);
      } catch (error) {
        element.prepend(errorMessage(error));
      }
    };
    return message(
      'info',
      h('p', {}, t(isMasked ? 'call_masked' : 'call_unmasked')),
      button(t(isMasked ? 'values_show' : 'values_hide'), () => void toggle()),
    );
  };

  /** @type {(content: (call: Call) => import('../shared/dom.js').Child) => () => import('../shared/dom.js').Child} */
  const pane = (content) => () => shown && [maskNote(), content(shown)];

  const all = [
    { name: 'response', title: t('call_response'), panel: responsePane },
    { name: 'request', title: t('call_request'), panel: pane(requestPane) },
    { name: 'signing', title: t('call_signing'), panel: pane((call) => signingPane(cloud, call)) },
    {
      name: 'code',
      title: t('call_code'),
      panel: pane((call) =>
        codeTabs(call, chosenCode, (name) => {
          chosenCode = name;
          go(changed({ code: name }), { replace: true });
        }),
      ),
    },
  ];
  const draw = () => {
    panes = tabs(
      t('call_result'),
      all.filter(({ name }) => name !== 'signing' || !operation || !isSource(operation)),
      chosenPane,
      // A result may be drawn before `select` is called with the new address.
      (name) => {
        chosenPane = name;
        go(changed({ pane: name }), { replace: true });
      },
    );
    fill(element, panes.element);
  };

  // The browser may keep the page in its back/forward cache.
  addEventListener(
    'pagehide',
    () => {
      shown = result?.masked ?? null;
      if (result) panes?.show(chosenPane);
    },
    { signal },
  );

  return {
    element,
    /** Marks the result as loading. */
    wait: () => {
      if (result) element.setAttribute('aria-busy', 'true');
      else fill(element, loading());
    },
    /** @param {Result} next */
    show: (next) => {
      element.removeAttribute('aria-busy');
      result = next;
      shown = next.masked;
      draw();
    },
    /** @param {unknown} error */
    fail: (error) => {
      element.removeAttribute('aria-busy');
      result = null;
      fill(element, errorMessage(error));
    },
    /**
     * Selects the panes in the address.
     *
     * @param {Readonly<Record<string, string>>} values
     */
    select: (values) => {
      const before = chosenPane;
      chosenPane = values.pane || 'response';
      chosenCode = values.code || 'url';
      if (chosenPane !== before && result) panes?.show(chosenPane);
    },
  };
}

/**
 * @param {CloudName} cloud
 * @param {Operation | null} operation
 * @param {Call} call
 * @param {number} milliseconds
 * @param {AbortSignal} signal
 */
function sentPane(cloud, operation, { reply: response, request_id: request, latency_ms: latency }, milliseconds, signal) {
  return h(
    'div',
    { class: 'stack' },
    h(
      'p',
      {},
      t('call_took', { milliseconds: milliseconds.toFixed(0) }),
      ' ',
      latency ? t('call_latency', { milliseconds: latency.toFixed(0) }) : '',
      ' ',
      request && h('a', { href: link('journal', { request }) }, t('error_in_journal')),
    ),
    response && responseElement(cloud, response, operation, signal),
  );
}

/** @param {Call} call */
function requestPane({ request }) {
  return h(
    'div',
    { class: 'stack' },
    wrapped(t('call_request_url'), request.url),
    wrapped(t('call_request_text'), requestText(request)),
  );
}

/**
 * A request as text: request line, headers and body.
 *
 * @param {Call['request']} request
 */
export function requestText({ method, path, query, headers, body }) {
  const target = query ? `${path}?${query}` : path;
  const head = [`${method} ${target} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  return `${head.join('\n')}\n\n${body}`;
}

/**
 * @param {CloudName} cloud
 * @param {Call} call
 */
export function signingPane(cloud, { signing }) {
  if (signing.length === 0) return emptyState(t('call_signed_not'), h('p', {}, t('call_signed_not_next')));
  return h(
    'ol',
    { class: 'steps' },
    signing.map(({ step, text }, index) => h('li', {}, wrapped(t('call_step', { number: index + 1, name: stepName(cloud, step) }), text))),
  );
}

/**
 * The name of a step, as in the vendor's documentation.
 *
 * @param {CloudName} cloud
 * @param {Call['signing'][number]['step']} step
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
  return codeBlock(label, text, { wrap: true }).element;
}
