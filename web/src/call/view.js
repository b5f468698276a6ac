// The view that calls any operation: its documentation, the form, and the result of the call.

import { richText, t } from '../i18n/index.js';
import { changed, current, go, link } from '../shared/address.js';
import { announce } from '../shared/announce.js';
import { emptyState, loading } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/error_message.js';
import { isAbort } from '../shared/errors.js';
import { request } from '../shared/http.js';
import { loadOperations } from '../shared/operations.js';
import { aboutOperation } from './about.js';
import { callForm } from './form.js';
import { callHistory } from './history.js';
import { operationList } from './operation_list.js';
import { resultPanes } from './result.js';

/** @typedef {import('../main.js').Context} Context */
/** @typedef {import('../shared/control_api.js').Operation} Operation */

/** The delay until a change of the form is written to the address. */
const WRITE_AFTER_MS = 300;

/** @type {import('../main.js').CreateView} */
export function view(context) {
  const { scope, settings, signal } = context;
  const cloud = settings.clouds.find((each) => each.cloud === scope.cloud);
  const panel = h('div', { class: 'call-panel' }, loading());
  const side = h('div', { class: 'call-side' });
  const element = h('div', {}, h('h1', { class: 'view-head' }, t('nav_call')), h('div', { class: 'call' }, side, panel));

  /** @type {Operation[] | null} */
  let operations = null;
  /** @type {ReturnType<typeof operationList> | null} */
  let list = null;
  /** The values that the form was created from, or has written to the address. */
  let shown = '';
  let now = context;
  /** @type {ReturnType<typeof callForm> | null} */
  let form = null;
  let result = resultPanes(scope.cloud, null, signal);
  const history = callHistory();
  /** @type {AbortController | null} */
  let pending = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let writeTimer;
  const stale = h('p', { class: 'faint call-stale', role: 'status' });

  /** @param {Context} context */
  const update = (context) => {
    now = context;
    result.select(now.values);
    if (!operations) return;
    list?.mark(now.values.action ?? '');
    if (stateOf(now.values) !== shown) draw(operations);
  };

  /** @param {Operation[]} all */
  const draw = (all) => {
    clearTimeout(writeTimer);
    pending?.abort();
    shown = stateOf(now.values);
    const operation = all.find(({ action }) => action === now.values.action);
    if (!operation || !cloud) {
      form = null;
      fill(panel, noOperation(now.values.action, t(`cloud_${scope.cloud}`)));
      return;
    }
    result = resultPanes(scope.cloud, operation, signal);
    result.select(now.values);
    form = callForm({
      operation,
      cloud,
      scope,
      values: now.values,
      onchange: formChanged,
      onsubmit: (send) => void call(send, send ? '' : 'request'),
    });
    fill(panel, aboutOperation(operation), form.element, h('div', { class: 'call-outcome' }, stale, result.element));
    void call(false, now.values.pane ?? '');
  };

  const formChanged = () => {
    stale.textContent = t('call_stale');
    clearTimeout(writeTimer);
    writeTimer = setTimeout(write, WRITE_AFTER_MS);
  };

  /** Writes the values of the form to the address. */
  const write = () => {
    clearTimeout(writeTimer);
    if (!form) return;
    const values = form.values();
    shown = stateOf({ ...now.values, ...values });
    if (stateOf(now.values) !== shown) go(changed(values), { replace: true });
  };

  /**
   * @param {boolean} send
   * @param {string} pane The pane to show afterwards, as it is called in the address.
   */
  const call = async (send, pane) => {
    if (!form) return;
    write();
    pending?.abort();
    pending = new AbortController();
    const callSignal = AbortSignal.any([pending.signal, signal]);
    const body = { ...form.request(), send };
    const maskedParameters = form.masked();
    stale.textContent = '';
    result.wait();
    try {
      const started = performance.now();
      const whole = send || !maskedParameters ? await requestCall(body, callSignal) : null;
      const milliseconds = performance.now() - started;
      const masked =
        whole && !maskedParameters ? whole : await requestCall({ ...body, parameters: maskedParameters ?? {}, send: false }, callSignal);
      const unmasked = maskedParameters && (async () => whole ?? requestCall({ ...body, send: false }, signal));
      // A preview keeps the pane that the user has chosen.
      const before = current().values.pane ?? '';
      if (before !== pane && (send || !before)) go(changed({ pane }), { replace: true });
      result.show({ masked, unmasked, sent: send ? whole : null, milliseconds });
      if (send && whole?.reply) announce(t('call_answered', { status: whole.reply.status }));
      if (send) {
        now.countSecrets();
        history.add({ action: body.action, address: location.hash, status: whole?.reply?.status ?? 0 });
        // Below the form on a narrow screen.
        if (result.element.getBoundingClientRect().top > innerHeight / 2) result.element.scrollIntoView();
      }
    } catch (error) {
      if (!isAbort(error)) result.fail(error);
    }
  };

  const load = async () => {
    try {
      operations = await loadOperations(scope.cloud);
      signal.throwIfAborted();
      list = operationList(operations, (action) => link('call', { action }));
      fill(side, list.element, history.element);
      update(now);
    } catch (error) {
      if (!isAbort(error))
        fill(
          panel,
          errorMessage(error, () => void load()),
        );
    }
  };

  void load();
  return {
    get title() {
      return now.values.action ? `${now.values.action} – ${t('nav_call')}` : t('nav_call');
    },
    element,
    update,
    dispose: () => clearTimeout(writeTimer),
  };
}

/**
 * @param {import('../shared/control_api.js').CallRequest} body
 * @param {AbortSignal} signal
 */
function requestCall(body, signal) {
  return request('/call', { method: 'post', body, signal });
}

/**
 * The values that a form is created from, as one text.
 *
 * @param {Readonly<Record<string, string>>} values
 */
function stateOf({ action, parameters, method, format, signature, faults }) {
  return JSON.stringify([action, parameters, method, format, signature, faults].map((each) => each || ''));
}

/**
 * @param {string | undefined} action
 * @param {string} cloud
 */
function noOperation(action, cloud) {
  if (!action) return emptyState(t('call_choose'), h('p', {}, t('call_choose_next', { cloud })));
  return emptyState(t('call_unknown'), h('p', {}, richText('call_unknown_next', { action: h('code', {}, action), cloud })));
}
