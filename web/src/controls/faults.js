// Rules that make requests fail, slow or break off.

import { link } from '../shared/address.js';
import { badge, button, emptyState, loading, table } from '../shared/components.js';
import { openDialog } from '../shared/dialog.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/errors.js';
import { faultForm } from './fault_form.js';
import { keepFocus } from '../shared/focus.js';
import { number, t } from '../i18n/index.js';
import { say } from '../shared/announce.js';
import { isAbort, request } from '../shared/http.js';

/** @typedef {import('./fault_form.js').Rule} Rule */
/** @typedef {{ id: number, rule: Rule, seen: number, hits: number }} Fault */

/** How often the counters are read, in milliseconds. */
const READ_EVERY = 2000;

/** @type {import('./view.js').Part} */
export function faultsPart({ settings }, signal) {
  const list = h('div', { class: 'stack' }, loading());
  const problem = h('div');
  /** @type {Map<number, HTMLElement>} Where the counters of each fault that is shown stand. */
  let counters = new Map();
  let shown = '';

  const load = async () => {
    try {
      /** @type {{ faults: Fault[] }} */
      const { faults } = await request('/faults', { signal });
      const ids = JSON.stringify(faults.map(({ id }) => id));
      if (ids !== shown) draw(faults);
      shown = ids;
      for (const fault of faults) {
        const counter = counters.get(fault.id);
        const text = countersText(fault);
        if (counter && counter.textContent !== text) counter.textContent = text;
      }
    } catch (error) {
      if (isAbort(error)) return;
      shown = '';
      fill(
        list,
        errorMessage(error, () => void load()),
      );
    }
  };

  /** @param {Fault[]} faults */
  const draw = (faults) => {
    counters = new Map(faults.map(({ id }) => [id, h('span', { class: 'nowrap' })]));
    if (faults.length === 0) {
      fill(list, emptyState(t('faults_none'), h('p', {}, t('faults_none_next'))));
      return;
    }
    const columns = [t('fault_id'), t('fault_which'), t('fault_what'), t('fault_times'), t('fault_hits'), t('version_actions')];
    const rows = faults.map(({ id, rule }) => [
      id,
      badges(matchTexts(rule)),
      badges(effectTexts(rule), 'warning'),
      rule.times === undefined ? t('fault_always') : number(rule.times),
      h('a', { href: link('journal', { fault: id }) }, counters.get(id)),
      button(t('remove'), () => void remove(id), { label: t('fault_remove', { id }) }),
    ]);
    fill(list, table(t('controls_faults'), columns, rows), h('div', {}, button(t('faults_clear'), clear, { kind: 'danger' })));
  };

  /** @param {number} id */
  const remove = async (id) => {
    fill(problem);
    try {
      const { hits } = await request(`/faults/${id}`, { method: 'DELETE', signal });
      say(t('fault_removed', { id, hits: number(hits) }));
      await load();
      keepFocus();
    } catch (error) {
      if (!isAbort(error)) fill(problem, errorMessage(error));
    }
  };

  const clear = () =>
    openDialog({
      title: t('faults_clear'),
      content: h('p', {}, t('faults_clear_goes')),
      action: t('faults_clear'),
      dangerous: true,
      submit: async () => {
        await request('/faults', { method: 'DELETE', signal });
        await load();
      },
      onclose: keepFocus,
    });

  /** @param {Rule} rule */
  const add = async (rule) => {
    fill(problem);
    try {
      const { id } = await request('/faults', { body: rule, signal });
      say(t('fault_added', { id }));
      await load();
    } catch (error) {
      if (!isAbort(error)) fill(problem, errorMessage(error));
    }
  };

  void load();
  const timer = setInterval(load, READ_EVERY);
  signal.addEventListener('abort', () => clearInterval(timer));
  return h(
    'div',
    { class: 'stack' },
    h('p', { class: 'help' }, t('faults_help')),
    list,
    h(
      'section',
      {},
      h('h2', {}, t('fault_new')),
      faultForm(settings, (rule) => void add(rule)),
      problem,
    ),
  );
}

/** @param {Fault} fault */
function countersText({ hits, seen }) {
  return t('fault_counters', { hits: number(hits), seen: number(seen) });
}

/**
 * @param {string[]} texts
 * @param {string} [kind]
 */
function badges(texts, kind = '') {
  return h(
    'div',
    { class: 'badges' },
    texts.map((text) => badge(text, kind)),
  );
}

/** @param {Rule} rule */
function matchTexts({ match }) {
  const texts = [];
  if (match.cloud) texts.push(match.cloud);
  if (match.action) texts.push(match.action);
  if (match.secret) texts.push(`SecretName=${match.secret}`);
  if (match.access_key_id) texts.push(`AccessKeyId=${match.access_key_id}`);
  if (match.nth !== undefined) texts.push(t('fault_is_nth', { number: match.nth }));
  if (match.every !== undefined) texts.push(t('fault_is_every', { number: match.every }));
  if (match.probability !== undefined) texts.push(t('fault_is_chance', { probability: match.probability }));
  return texts.length > 0 ? texts : [t('fault_pick_all')];
}

/** @param {Rule} rule */
function effectTexts({ error, latency, reset, truncate, when }) {
  const texts = [];
  if (error) texts.push(error);
  if (latency) texts.push(`+${typeof latency === 'string' ? latency : `${latency.min} – ${latency.max}`}`);
  if (reset) texts.push(t('fault_is_reset'));
  if (truncate !== undefined) texts.push(t('fault_is_cut', { bytes: number(truncate) }));
  if (when === 'after') texts.push(t('fault_after'));
  return texts;
}
