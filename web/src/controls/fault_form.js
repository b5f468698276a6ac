// The form of a new fault.

import { t } from '../i18n/index.js';
import { checkField, codeBlock, field, select } from '../shared/components.js';
import { h, uniqueId } from '../shared/dom.js';
import { loadAllOperations } from '../shared/operations.js';
import { cloudOptions } from '../shared/scope.js';

/** @typedef {import('../shared/control_api.js').FaultRule} FaultRule */
/** @typedef {import('../shared/control_api.js').Settings} Settings */

const PICKS = /** @type {const} */ (['all', 'nth', 'every', 'probability']);

/** The longest text of an error that the server accepts. */
const MAX_MESSAGE = 1024;

/** The placeholders in the text of an error. */
const PLACEHOLDERS = '{RequestId}, {Action}, {Version}, {Region}, {Account}, {Resource}, {Time}';

/** Statuses of responses without a body, which the server rejects. */
const WITHOUT_BODY = [204, 205, 304];

/**
 * @param {Settings} settings
 * @param {Readonly<Record<string, string>>} values The values in the address, which can name the requests.
 * @param {(rule: FaultRule) => void} onadd
 */
export function faultForm(settings, values, onadd) {
  const actions = h('datalist', { id: uniqueId('actions') });
  const codes = h('datalist', { id: uniqueId('codes') });
  const any = /** @type {const} */ (['', t('journal_any')]);
  const text = (/** @type {Record<string, string>} */ attributes = {}) =>
    h('input', { ...attributes, oninput: () => show(), spellcheck: 'false', autocomplete: 'off' });
  const count = () => h('input', { type: 'number', min: 1, step: 1, oninput: () => show() });

  const cloud = select([any, ...cloudOptions(settings)], values.fault_cloud ?? '', { onchange: () => show() });
  const action = text({ list: actions.id, value: values.fault_action ?? '' });
  const secret = text({ placeholder: 'db/*', value: values.fault_secret ?? '' });
  const key = text();
  const region = text({ placeholder: 'cn-hangzhou' });
  const pick = select(
    PICKS.map((each) => /** @type {const} */ ([each, t(`fault_pick_${each}`)])),
    'all',
    { onchange: () => show() },
  );
  const nth = count();
  const probability = h('input', { type: 'number', min: 0, max: 1, step: 'any', value: 0.5, oninput: () => show() });
  const seed = h('input', { type: 'number', min: 0, step: 1, oninput: () => show() });
  const error = text({ list: codes.id, placeholder: 'Rejected.Throttling' });
  const status = h('input', { type: 'number', step: 1, max: 599, oninput: () => show() });
  const errorMessage = text({ maxlength: String(MAX_MESSAGE) });
  const latency = text({ placeholder: '200ms' });
  const maxLatency = text({ placeholder: '1s' });
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
  const randomFields = [field(t('fault_probability'), probability), field(t('fault_seed'), seed, { help: t('fault_seed_help') })];
  const json = codeBlock(t('fault_json'), '');

  /** @returns {FaultRule} */
  const rule = () => ({
    match: {
      cloud: /** @type {import('../shared/control_api.js').CloudName | undefined} */ (cloud.value || undefined),
      action: action.value.trim() || undefined,
      secret: secret.value || undefined,
      access_key_id: key.value.trim() || undefined,
      region: region.value.trim() || undefined,
      nth: pick.value === 'nth' ? numberOf(nth) : undefined,
      every: pick.value === 'every' ? numberOf(nth) : undefined,
      probability: pick.value === 'probability' ? numberOf(probability) : undefined,
      seed: pick.value === 'probability' ? numberOf(seed) : undefined,
    },
    error: error.value.trim() || undefined,
    status: status.disabled ? undefined : numberOf(status),
    message: errorMessage.disabled ? undefined : errorMessage.value || undefined,
    latency: maxLatency.value.trim() ? { min: latency.value.trim() || '0', max: maxLatency.value.trim() } : latency.value.trim() || undefined,
    reset: reset.checked || undefined,
    truncate: numberOf(truncate),
    when: when.value === 'after' ? 'after' : undefined,
    times: numberOf(times),
  });

  const show = () => {
    nthField.hidden = pick.value !== 'nth' && pick.value !== 'every';
    nth.required = !nthField.hidden;
    for (const each of randomFields) each.hidden = pick.value !== 'probability';
    // The server accepts both only with an error code.
    for (const each of [status, errorMessage]) each.disabled = error.value.trim() === '';
    status.min = cloud.value === 'tencent' ? '200' : '400';
    status.setCustomValidity(WITHOUT_BODY.includes(Number(status.value)) ? t('fault_status_without_body') : '');
    json.code.textContent = JSON.stringify(rule(), null, 2);
  };
  show();
  // After the view is shown, which focuses its heading.
  if (values.fault_action) requestAnimationFrame(() => error.focus());
  void showSuggestions(actions, codes, settings);

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
      field(t('scope_region'), region),
      field(t('fault_pick'), pick),
      nthField,
      randomFields,
    ),
    group(
      t('fault_effect'),
      field(t('fault_error'), error, { help: t('fault_error_help') }),
      field(t('fault_status'), status, { help: t('fault_status_help') }),
      field(t('fault_message'), errorMessage, { help: t('fault_message_help', { braced: PLACEHOLDERS }) }),
      field(t('fault_latency'), latency, { help: t('fault_latency_help') }),
      field(t('fault_latency_max'), maxLatency),
      field(t('fault_truncate'), truncate, { help: t('fault_truncate_help') }),
      field(t('fault_when'), when, { help: t('fault_when_help') }),
      checkField(t('fault_reset'), reset),
    ),
    group(t('fault_limit'), field(t('fault_times'), times, { help: t('fault_times_help') })),
    actions,
    codes,
    h('details', {}, h('summary', {}, t('json_to_send')), json.element),
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
 * @param {Settings} settings
 */
async function showSuggestions(actions, codes, settings) {
  try {
    const operations = await loadAllOperations(settings.clouds);
    const options = (/** @type {string[]} */ names) => [...new Set(names)].sort().map((value) => h('option', { value }));
    actions.replaceChildren(...options(operations.map(({ action }) => action)));
    codes.replaceChildren(...options(operations.flatMap(({ errors }) => errors.map(({ code }) => code))));
  } catch {
    // The fields work without suggestions.
  }
}
