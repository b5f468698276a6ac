// Calls of any operation: what it takes, what was sent and how it was signed, what was answered.

import { changed, go, link } from '../shared/address.js';
import { emptyState, loading } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/errors.js';
import { rich, t } from '../i18n/index.js';
import { aboutOperation } from './about.js';
import { callForm } from './form.js';
import { operationList } from './operation_list.js';
import { resultPanes } from './result.js';
import { say } from '../shared/announce.js';
import { exchange, isAbort } from '../shared/http.js';
import { loadOperations } from '../shared/settings.js';

/** @typedef {import('../main.js').Context} Context */
/** @typedef {import('../shared/settings.js').Operation} Operation */

/** How long the address may be behind the form, in milliseconds. */
const WRITE_AFTER = 300;

/** @type {import('../main.js').MakeView} */
export function view(context) {
  const { scope, settings, signal } = context;
  const cloud = settings.clouds.find((each) => each.cloud === scope.cloud);
  const panel = h('div', { class: 'call-panel' }, loading());
  const side = h('div');
  const element = h('div', {}, h('h1', { class: 'view-head' }, t('nav_call')), h('div', { class: 'call' }, side, panel));

  /** @type {Operation[] | null} */
  let operations = null;
  /** @type {ReturnType<typeof operationList> | null} */
  let list = null;
  /** What the form was made from, or has written to the address. */
  let shown = '';
  let now = context;
  /** @type {ReturnType<typeof callForm> | null} */
  let form = null;
  let result = resultPanes(scope.cloud, signal);
  /** @type {AbortController | null} */
  let asking = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let writing;
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
    clearTimeout(writing);
    asking?.abort();
    shown = stateOf(now.values);
    const operation = all.find(({ action }) => action === now.values.action);
    if (!operation || !cloud) {
      form = null;
      fill(panel, nothing(now.values.action, cloud?.title ?? ''));
      return;
    }
    result = resultPanes(scope.cloud, signal);
    result.select(now.values);
    form = callForm({
      operation,
      cloud,
      values: now.values,
      onchange: changedForm,
      onmake: (send) => void make(send, send ? '' : 'request'),
    });
    fill(panel, aboutOperation(operation), form.element, stale, result.element);
    void make(false, now.values.pane ?? '');
  };

  const changedForm = () => {
    stale.textContent = t('call_stale');
    clearTimeout(writing);
    writing = setTimeout(write, WRITE_AFTER);
  };

  /** Has the address say what the form does. */
  const write = () => {
    clearTimeout(writing);
    if (!form) return;
    const values = form.values();
    shown = stateOf({ ...now.values, ...values });
    if (stateOf(now.values) !== shown) go(changed(values), { replace: true });
  };

  /**
   * @param {boolean} send
   * @param {string} pane What is worth a look then, as the address has it.
   */
  const make = async (send, pane) => {
    if (!form) return;
    write();
    asking?.abort();
    asking = new AbortController();
    const asked = AbortSignal.any([asking.signal, signal]);
    const order = { ...scope, ...form.order(), send };
    const masked = form.masked();
    stale.textContent = '';
    result.wait();
    try {
      const started = performance.now();
      const whole = send || !masked ? await exchange(order, asked) : null;
      const took = performance.now() - started;
      const covered = whole && !masked ? whole : await exchange({ ...order, parameters: masked, send: false }, asked);
      const uncovered = masked && (async () => whole ?? exchange({ ...order, send: false }, signal));
      // Who looks at what a preview changes goes on looking at it.
      const before = now.values.pane ?? '';
      if (before !== pane && (send || !before)) go(changed({ pane }), { replace: true });
      result.show({ covered, uncovered, sent: send ? whole : null, took });
      if (send && whole?.reply) say(t('call_answered', { status: whole.reply.status }));
      if (send) now.countSecrets();
    } catch (error) {
      if (!isAbort(error)) result.fail(error);
    }
  };

  const load = async () => {
    try {
      operations = await loadOperations(scope.cloud);
      signal.throwIfAborted();
      list = operationList(operations, (action) => link('call', { action }));
      fill(side, list.element);
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
    dispose: () => clearTimeout(writing),
  };
}

/**
 * What a form is made from.
 *
 * @param {Readonly<Record<string, string>>} values
 */
function stateOf({ action, parameters, method, format, signature }) {
  return JSON.stringify([action, parameters, method, format, signature].map((each) => each || ''));
}

/**
 * @param {string | undefined} action
 * @param {string} cloud
 */
function nothing(action, cloud) {
  if (!action) return emptyState(t('call_choose'), h('p', {}, t('call_choose_next', { cloud })));
  return emptyState(t('call_unknown'), h('p', {}, rich('call_unknown_next', { action: h('code', {}, action), cloud })));
}
