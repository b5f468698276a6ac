// Which scopes are meant: of a cloud, an account and a region, or of any.

import { field, select } from '../shared/components.js';
import { h } from '../shared/dom.js';
import { t } from '../i18n/index.js';
import { loadScopes } from '../shared/settings.js';

/** @typedef {{ cloud?: string, account?: string, region?: string }} Selection */
/** @typedef {import('../shared/scope.js').Holding} Holding */

/**
 * @param {import('../shared/settings.js').Settings} settings
 * @param {AbortSignal} signal
 */
export function selectionFields(settings, signal) {
  const any = /** @type {const} */ (['', t('selection_all')]);
  const cloud = select([any, ...settings.clouds.map((each) => /** @type {const} */ ([each.cloud, each.title]))], '');
  const account = select([any], '');
  const region = select([any], '');

  /**
   * Offers what holds secrets too, which the settings need not know.
   *
   * @param {Holding[]} holdings
   */
  const offer = (holdings) => {
    const accounts = [settings.default_account, ...settings.accounts.map((each) => each.account), ...holdings.map((each) => each.account)];
    const regions = [...holdings.map((each) => each.region), ...settings.clouds.flatMap((each) => each.regions)];
    for (const [control, names] of /** @type {const} */ ([
      [account, accounts],
      [region, regions],
    ])) {
      const chosen = control.value;
      control.replaceChildren(
        ...[any, ...[...new Set(names)].map((name) => [name, name])].map(([value, text]) => h('option', { value }, text)),
      );
      control.value = chosen;
    }
  };
  offer([]);
  loadScopes().then(
    (holdings) => !signal.aborted && offer(holdings),
    () => {},
  );

  return {
    element: h(
      'div',
      { class: 'row end' },
      field(t('scope_cloud'), cloud),
      field(t('scope_account'), account),
      field(t('scope_region'), region),
    ),
    /** @returns {Selection} */
    chosen: () => ({ cloud: cloud.value || undefined, account: account.value || undefined, region: region.value || undefined }),
  };
}

/**
 * @param {Selection} selection
 * @param {Record<string, string>} [more]
 */
export function selectionQuery(selection, more = {}) {
  const query = new URLSearchParams(more);
  for (const [name, value] of Object.entries(selection)) if (value) query.set(name, value);
  return query.toString();
}

/** @param {Selection} selection */
export function selectionText({ cloud, account, region }) {
  return [cloud, account, region].filter(Boolean).join(' · ') || t('selection_everything');
}

/**
 * What of the holdings is meant.
 *
 * @param {Selection} selection
 * @param {Holding[]} holdings
 */
export function holdingsOf({ cloud, account, region }, holdings) {
  return holdings.filter(
    (each) =>
      each.secrets > 0 && (!cloud || each.cloud === cloud) && (!account || each.account === account) && (!region || each.region === region),
  );
}
