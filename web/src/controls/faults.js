// The faults: a table with their counters, and the form of a new fault.

import { number } from '../i18n/format.js';
import { t } from '../i18n/index.js';
import { link } from '../shared/address.js';
import { announce } from '../shared/announce.js';
import { badge, button, emptyState, loading, table } from '../shared/components.js';
import { openDialog } from '../shared/dialog.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/error_message.js';
import { isAbort } from '../shared/errors.js';
import { restoreFocus } from '../shared/focus.js';
import { request } from '../shared/http.js';
import { copyAsPicker } from './fault_code.js';
import { faultForm } from './fault_form.js';
import { faultPresets } from './fault_presets.js';
import { effectTexts, matchTexts } from './fault_rule.js';

/** @typedef {import('../shared/control_api.js').Fault} Fault */
/** @typedef {import('../shared/control_api.js').FaultRule} FaultRule */

/** The interval between readings of the counters. */
const READ_EVERY_MS = 2000;

/** @type {import('./view.js').Tab} */
export function faultsTab({ settings, scope, values }, signal) {
  const list = h('div', { class: 'stack' }, loading());
  const problem = h('div');
  /** @type {Map<number, HTMLElement>} The elements with the counters, by the id of the fault. */
  let counters = new Map();
  let shownIds = '';

  const load = async () => {
    try {
      const { faults } = await request('/faults', { signal });
      const ids = JSON.stringify(faults.map(({ id }) => id));
      if (ids !== shownIds) draw(faults);
      shownIds = ids;
      for (const fault of faults) {
        const counter = counters.get(fault.id);
        const text = countersText(fault);
        if (counter && counter.textContent !== text) counter.textContent = text;
      }
    } catch (error) {
      if (isAbort(error)) return;
      shownIds = '';
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
    const columns = [t('fault_id'), t('fault_which'), t('fault_effect'), t('fault_times'), t('fault_hits'), t('actions')];
    const rows = faults.map(({ id, rule }) => [
      `#${id}`,
      badges(matchTexts(rule)),
      badges(effectTexts(rule), 'warning'),
      typeof rule.times === 'number' ? number(rule.times) : t('fault_always'),
      h('a', { href: link('journal', { fault: id }) }, counters.get(id)),
      h('div', { class: 'row' }, copyAsPicker(rule, `#${id}`), button(t('delete'), () => void remove(id), { label: t('fault_remove', { id }) })),
    ]);
    fill(list, table(t('controls_faults'), columns, rows), h('div', {}, button(t('faults_clear'), clear, { kind: 'danger' })));
  };

  /** @param {number} id */
  const remove = async (id) => {
    fill(problem);
    try {
      const { hits } = await request('/faults/{id}', { method: 'delete', path: { id }, signal });
      announce(t('fault_removed', { id, hits: number(hits) }));
      await load();
      restoreFocus();
    } catch (error) {
      if (!isAbort(error)) fill(problem, errorMessage(error));
    }
  };

  const clear = () =>
    openDialog({
      title: t('faults_clear'),
      content: h('p', {}, t('faults_clear_effect')),
      action: t('faults_clear'),
      dangerous: true,
      submit: async () => {
        await request('/faults', { method: 'delete', signal });
        await load();
      },
      onclose: restoreFocus,
    });

  /** @param {FaultRule} rule */
  const add = async (rule) => {
    fill(problem);
    try {
      const { id } = await request('/faults', { method: 'post', body: rule, signal });
      announce(t('fault_added', { id }));
      await load();
    } catch (error) {
      if (isAbort(error)) return;
      fill(problem, errorMessage(error));
      problem.scrollIntoView({ block: 'nearest' });
    }
  };

  void load();
  const timer = setInterval(load, READ_EVERY_MS);
  signal.addEventListener('abort', () => clearInterval(timer));
  return h(
    'div',
    { class: 'stack' },
    h('p', { class: 'help' }, t('faults_help')),
    list,
    faultPresets(scope, (rule) => void add(rule)),
    problem,
    h(
      'section',
      {},
      h('h2', {}, t('fault_new')),
      faultForm(settings, values, (rule) => void add(rule)),
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
