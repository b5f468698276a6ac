// Fields that select scopes by cloud, account and region.

import { t } from '../i18n/index.js';
import { field, select } from '../shared/components.js';
import { h } from '../shared/dom.js';
import { cloudOptions } from '../shared/scope.js';
import { knownAccounts, loadScopes } from '../shared/settings.js';

/** @typedef {import('../shared/control_api.js').ScopeFilter} ScopeFilter */
/** @typedef {import('../shared/control_api.js').ScopeSecrets} ScopeSecrets */
/** @typedef {import('../shared/control_api.js').CloudName} CloudName */

/**
 * @param {import('../shared/control_api.js').Settings} settings
 * @param {AbortSignal} signal
 */
export function scopeFilterFields(settings, signal) {
  const any = /** @type {const} */ (['', t('scope_filter_all')]);
  const cloud = select([any, ...cloudOptions(settings)], '');
  const account = select([any], '');
  const region = select([any], '');

  /** @param {readonly ScopeSecrets[]} scopes Scopes with secrets; the settings do not contain all of them. */
  const showOptions = (scopes) => {
    const regions = [...scopes.map((scope) => scope.region), ...settings.clouds.flatMap((each) => each.regions)];
    for (const [control, names] of /** @type {const} */ ([
      [account, knownAccounts(settings, scopes)],
      [region, [...new Set(regions)]],
    ])) {
      const chosen = control.value;
      control.replaceChildren(...[any, ...names.map((name) => [name, name])].map(([value, text]) => h('option', { value }, text)));
      control.value = chosen;
    }
  };
  showOptions([]);
  loadScopes().then(
    (scopes) => !signal.aborted && showOptions(scopes),
    () => {},
  );

  return {
    element: h(
      'div',
      { class: 'control-fields' },
      field(t('scope_cloud'), cloud),
      field(t('scope_account'), account),
      field(t('scope_region'), region),
    ),
    chosen: () => ({
      cloud: /** @type {CloudName | undefined} */ (cloud.value || undefined),
      account: account.value || undefined,
      region: region.value || undefined,
    }),
  };
}

/** @param {ScopeFilter} filter */
export function scopeFilterText({ cloud, account, region }) {
  return [cloud && t(`cloud_${cloud}`), account, region].filter(Boolean).join(' · ') || t('scope_filter_everything');
}

/**
 * The scopes with secrets that match a filter.
 *
 * @param {ScopeFilter} filter
 * @param {readonly ScopeSecrets[]} scopes
 */
export function matchingScopes(filter, scopes) {
  const parts = /** @type {const} */ (['cloud', 'account', 'region']);
  return scopes.filter((scope) => scope.secrets > 0 && parts.every((part) => !filter[part] || filter[part] === scope[part]));
}

/** @param {readonly ScopeSecrets[]} scopes */
export function totalSecrets(scopes) {
  return scopes.reduce((sum, { secrets }) => sum + secrets, 0);
}
