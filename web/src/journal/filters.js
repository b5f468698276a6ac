// The filters of the journal.

import { hintCodes, t } from '../i18n/index.js';
import { changed, go } from '../shared/address.js';
import { field, select } from '../shared/components.js';
import { h, uniqueId } from '../shared/dom.js';
import { loadAllOperations } from '../shared/operations.js';
import { cloudOptions } from '../shared/scope.js';
import { knownAccounts } from '../shared/settings.js';

/** @typedef {Readonly<Record<string, string>>} Values */

/** The server's names of the filters by their names in the address, where `cloud`, `account` and `region` are the scope. */
const FILTERS = {
  only_cloud: 'cloud',
  action: 'action',
  code: 'code',
  status: 'status',
  only_account: 'account',
  only_region: 'region',
  access_key_id: 'access_key_id',
  verdict: 'verdict',
  parameter: 'parameter',
  fault: 'fault',
  // Set by the search box, which is not a part of the form.
  text: 'text',
};

export const VERDICTS = /** @type {const} */ (['valid', 'unsigned', 'unchecked', 'refused', 'not_reached']);

/**
 * The filters of an address as query parameters of the server.
 *
 * @param {Values} values
 * @returns {Record<string, string>}
 */
export function journalQuery(values) {
  const pairs = Object.entries(FILTERS).map(([name, filter]) => /** @type {const} */ ([filter, values[name] ?? '']));
  const { text, ...others } = Object.fromEntries(pairs.filter(([, value]) => value !== ''));
  return text ? { ...others, text: searchedText(text) } : others;
}

/**
 * The words of a search, with the hints that contain them as alternatives, because the server searches in English hints.
 *
 * @param {string} text
 */
function searchedText(text) {
  return text
    .split(/\s+/)
    .map((word) => [word, ...hintCodes(word)].join('|'))
    .join(' ');
}

/**
 * The filters of an address with the source: clients, and also the page itself if the address says so.
 *
 * @param {Values} values
 * @returns {Record<string, string>}
 */
export function listQuery(values) {
  return { ...journalQuery(values), source: values.calls === 'yes' ? 'any' : 'client' };
}

/** The values of an address without filters. */
export function noFilters() {
  return Object.fromEntries(Object.keys(FILTERS).map((name) => [name, '']));
}

/**
 * @param {Values} values
 * @param {import('../shared/control_api.js').Settings} settings
 */
export function journalFilters(values, settings) {
  const any = /** @type {const} */ (['', t('journal_any')]);
  const actions = h('datalist', { id: uniqueId('actions') });
  const regions = [...new Set(settings.clouds.flatMap((cloud) => cloud.regions))];
  const accounts = knownAccounts(settings);
  const keys = settings.accounts.map((each) => each.access_key_id);
  /** @type {HTMLElement[]} */
  const lists = [];

  /**
   * @param {string[]} offered
   * @param {string} [placeholder]
   */
  const text = (offered, placeholder) => {
    const list = h(
      'datalist',
      { id: uniqueId('offered') },
      offered.map((value) => h('option', { value })),
    );
    lists.push(list);
    return h('input', { list: list.id, placeholder, spellcheck: 'false', autocomplete: 'off' });
  };

  /** @type {Record<Exclude<keyof typeof FILTERS, 'text'>, HTMLInputElement | HTMLSelectElement>} */
  const controls = {
    only_cloud: select([any, ...cloudOptions(settings)], values.only_cloud ?? ''),
    action: h('input', { list: actions.id, spellcheck: 'false', autocomplete: 'off' }),
    code: text(['OK']),
    status: h('input', { type: 'number', min: 100, max: 599 }),
    only_account: text(accounts),
    only_region: text(regions),
    access_key_id: text(keys),
    verdict: select([any, ...VERDICTS.map((verdict) => /** @type {const} */ ([verdict, t(`verdict_${verdict}`)]))], values.verdict ?? ''),
    parameter: text([], 'NAME[=VALUE]'),
    fault: h('input', { type: 'number', min: 1 }),
  };
  for (const [name, control] of Object.entries(controls)) control.value = values[name] ?? '';

  const apply = () => {
    const entered = Object.entries(controls).map(([name, control]) => [name, control.value.trim()]);
    go(changed(Object.fromEntries(entered)));
  };
  const names = /** @type {(keyof typeof controls)[]} */ (Object.keys(controls));
  const count = names.filter((name) => values[name]).length;
  const element = h(
    'details',
    { class: 'panel filter-panel', open: count > 0 },
    h('summary', {}, count > 0 ? t('filters_count', { count }) : t('filters')),
    h(
      'form',
      {
        class: 'stack filters',
        autocomplete: 'off',
        onsubmit: (/** @type {SubmitEvent} */ event) => {
          event.preventDefault();
          apply();
        },
      },
      h(
        'div',
        { class: 'fields narrow' },
        names.map((name) => field(t(`journal_filter_${name}`), controls[name])),
      ),
      actions,
      lists,
      h(
        'div',
        { class: 'row' },
        h('button', { type: 'submit', class: 'primary' }, t('filters_apply')),
        count > 0 && h('a', { class: 'button', href: changed(noFilters()) }, t('filters_clear')),
      ),
    ),
  );
  void suggestActions(actions, settings);
  return element;
}

/**
 * @param {HTMLDataListElement} list
 * @param {import('../shared/control_api.js').Settings} settings
 */
async function suggestActions(list, settings) {
  try {
    const operations = await loadAllOperations(settings.clouds);
    const names = new Set(operations.map(({ action }) => action));
    list.replaceChildren(...[...names].map((value) => h('option', { value })));
  } catch {
    // The field works without suggestions.
  }
}
