// The form of a new fault: which requests, what happens to them, how often.

import { checkField, codeBlock, field, select } from '../shared/components.js';
import { h, uniqueId } from '../shared/dom.js';
import { t } from '../i18n/index.js';
import { loadOperations } from '../shared/settings.js';

/**
 * @typedef {object} Rule
 * @property {{ cloud?: string, action?: string, secret?: string, access_key_id?: string, nth?: number, every?: number, probability?: number, seed?: number }} match
 * @property {string} [error]
 * @property {string | { min: string, max: string }} [latency]
 * @property {boolean} [reset]
 * @property {number} [truncate]
 * @property {'before' | 'after'} [when]
 * @property {number} [times]
 */

const PICKS = /** @type {const} */ (['all', 'nth', 'every', 'probability']);

/**
 * @param {import('../shared/settings.js').Settings} settings
 * @param {(rule: Rule) => void} onadd
 */
export function faultForm(settings, onadd) {
  const actions = h('datalist', { id: uniqueId('actions') });
  const codes = h('datalist', { id: uniqueId('codes') });
  const any = /** @type {const} */ (['', t('journal_any')]);
  const text = (/** @type {Record<string, string>} */ attributes = {}) =>
    h('input', { ...attributes, oninput: () => show(), spellcheck: 'false', autocomplete: 'off' });
  const count = () => h('input', { type: 'number', min: 1, step: 1, oninput: () => show() });

  const cloud = select([any, ...settings.clouds.map((each) => /** @type {const} */ ([each.cloud, each.title]))], '', {
    onchange: () => show(),
  });
  const action = text({ list: actions.id });
  const secret = text({ placeholder: 'db/*' });
  const key = text();
  const pick = select(
    PICKS.map((each) => /** @type {const} */ ([each, t(`fault_pick_${each}`)])),
    'all',
    { onchange: () => show() },
  );
  const nth = count();
  const probability = h('input', { type: 'number', min: 0, max: 1, step: 'any', value: 0.5, oninput: () => show() });
  const seed = h('input', { type: 'number', min: 0, step: 1, oninput: () => show() });
  const error = text({ list: codes.id, placeholder: 'Rejected.Throttling' });
  const latency = text({ placeholder: '200ms' });
  const most = text({ placeholder: '1s' });
  const reset = h('input', { type: 'checkbox', onchange: () => show() });
  const truncate = h('input', { type: 'number', min: 0, step: 1, oninput: () => show() });
  const when = select(
    [
      ['before', t('fault_before')],
      ['after', t('fault_after')],
    ],
    'before',
    { onchange: () => show() },
  );
  const times = count();
  const nthField = field(t('fault_number'), nth);
  const chanceFields = [field(t('fault_probability'), probability), field(t('fault_seed'), seed, { help: t('fault_seed_help') })];
  const json = codeBlock(t('fault_json'), '');

  /** @returns {Rule} */
  const rule = () => ({
    match: {
      cloud: cloud.value || undefined,
      action: action.value.trim() || undefined,
      secret: secret.value || undefined,
      access_key_id: key.value.trim() || undefined,
      nth: pick.value === 'nth' ? numberOf(nth) : undefined,
      every: pick.value === 'every' ? numberOf(nth) : undefined,
      probability: pick.value === 'probability' ? numberOf(probability) : undefined,
      seed: pick.value === 'probability' ? numberOf(seed) : undefined,
    },
    error: error.value.trim() || undefined,
    latency: most.value.trim() ? { min: latency.value.trim() || '0', max: most.value.trim() } : latency.value.trim() || undefined,
    reset: reset.checked || undefined,
    truncate: numberOf(truncate),
    when: when.value === 'after' ? 'after' : undefined,
    times: numberOf(times),
  });

  const show = () => {
    nthField.hidden = pick.value !== 'nth' && pick.value !== 'every';
    nth.required = !nthField.hidden;
    for (const each of chanceFields) each.hidden = pick.value !== 'probability';
    json.code.textContent = JSON.stringify(rule(), null, 2);
  };
  show();
  void offer(actions, codes, settings);

  /** @param {SubmitEvent} event */
  const onsubmit = (event) => {
    event.preventDefault();
    onadd(rule());
  };
  /** @type {(title: string, ...fields: import('../shared/dom.js').Child[]) => HTMLElement} */
  const group = (title, ...fields) => h('fieldset', {}, h('legend', {}, title), h('div', { class: 'fields' }, fields));
  return h(
    'form',
    { class: 'stack', onsubmit, autocomplete: 'off' },
    group(
      t('fault_which'),
      field(t('scope_cloud'), cloud),
      field(t('journal_filter_action'), action),
      field(t('fault_secret'), secret, { help: t('fault_secret_help') }),
      field(t('journal_key'), key),
      field(t('fault_pick'), pick),
      nthField,
      chanceFields,
    ),
    group(
      t('fault_what'),
      field(t('fault_error'), error, { help: t('fault_error_help') }),
      field(t('fault_latency'), latency, { help: t('fault_latency_help') }),
      field(t('fault_latency_most'), most),
      field(t('fault_truncate'), truncate, { help: t('fault_truncate_help') }),
      field(t('fault_when'), when, { help: t('fault_when_help') }),
      checkField(t('fault_reset'), reset),
    ),
    group(t('fault_how_often'), field(t('fault_times'), times, { help: t('fault_times_help') })),
    actions,
    codes,
    h('details', {}, h('summary', {}, t('what_is_sent')), json.element),
    h('div', {}, h('button', { type: 'submit', class: 'primary' }, t('fault_add'))),
  );
}

/** @param {HTMLInputElement} input */
function numberOf(input) {
  return input.value === '' ? undefined : Number(input.value);
}

/**
 * @param {HTMLElement} actions
 * @param {HTMLElement} codes
 * @param {import('../shared/settings.js').Settings} settings
 */
async function offer(actions, codes, settings) {
  try {
    const operations = (await Promise.all(settings.clouds.map(({ cloud }) => loadOperations(cloud)))).flat();
    const options = (/** @type {string[]} */ names) => [...new Set(names)].sort().map((value) => h('option', { value }));
    actions.replaceChildren(...options(operations.map(({ action }) => action)));
    codes.replaceChildren(...options(operations.flatMap(({ errors }) => errors.map(({ code }) => code))));
  } catch {
    // The fields do without.
  }
}
