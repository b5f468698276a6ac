// The scope that the page shows: a cloud, an account and a region.

import { number } from '../i18n/format.js';
import { t } from '../i18n/index.js';
import { changed, current, format, go } from './address.js';
import { field, select } from './components.js';
import { openDialog } from './dialog.js';
import { fill, h } from './dom.js';
import { knownAccounts } from './settings.js';

/** @typedef {import('./control_api.js').CloudName} CloudName */
/** @typedef {import('./control_api.js').Scope} Scope */
/** @typedef {import('./control_api.js').ScopeSecrets} ScopeSecrets */
/** @typedef {import('./control_api.js').Settings} Settings */

/**
 * The scope of an address, completed by the defaults of the server.
 *
 * @param {Readonly<Record<string, string>>} values
 * @param {Pick<Settings, 'clouds' | 'default_account'>} settings
 * @returns {Scope}
 */
export function scopeOf(values, settings) {
  const cloud = settings.clouds.find((each) => each.cloud === values.cloud) ?? settings.clouds[0];
  if (!cloud) throw new Error('the server has no clouds');
  return {
    cloud: cloud.cloud,
    account: values.account || settings.default_account,
    region: values.region || cloud.default_region,
  };
}

/**
 * The clouds as options of a drop-down list.
 *
 * @param {Pick<Settings, 'clouds'>} settings
 */
export function cloudOptions({ clouds }) {
  return clouds.map(({ cloud }) => /** @type {const} */ ([cloud, t(`cloud_${cloud}`)]));
}

/** The value of the option "Other…". No account or region has this name. */
const OTHER = '*';

/**
 * The pickers in the header. They write the scope to the address. The views of secrets go back to the list; other views
 * keep their state.
 *
 * @param {Settings} settings
 */
export function scopePickers(settings) {
  const element = h('div', { class: 'scope', role: 'group', 'aria-label': t('scope') });
  /** @type {Scope} */
  let shown = scopeOf({}, settings);
  /** @type {ScopeSecrets[]} */
  let scopes = [];

  /** @param {Partial<Scope> & import('./address.js').Values} change */
  const choose = (change) => {
    const { path } = current();
    const scope = { ...shown, ...change };
    go(path === 'secrets' || path === 'secret' ? format('secrets', scope) : changed(scope));
  };

  const cloud = select(cloudOptions(settings), shown.cloud, {
    // The other cloud has other parameters, methods, formats and signatures.
    onchange: () => choose({ cloud: /** @type {CloudName} */ (cloud.value), region: '', parameters: '', method: '', format: '', signature: '' }),
  });
  const title = t('scope_counts');
  const account = select([], '', { title, onchange: () => chooseOrAsk('account', account) });
  const region = select([], '', { title, onchange: () => chooseOrAsk('region', region) });

  /**
   * @param {'account' | 'region'} part
   * @param {HTMLSelectElement} control
   */
  const chooseOrAsk = (part, control) => {
    const value = control.value;
    control.value = shown[part];
    if (value === OTHER) askForOther(part, (other) => choose({ [part]: other }));
    else choose({ [part]: value });
  };

  const draw = () => {
    cloud.value = shown.cloud;
    fill(account, options(knownAccounts(settings), 'account', shown, scopes));
    const regions = settings.clouds.find((each) => each.cloud === shown.cloud)?.regions ?? [];
    fill(region, options(regions, 'region', shown, scopes));
  };

  fill(element, field(t('scope_cloud'), cloud), field(t('scope_account'), account), field(t('scope_region'), region));
  return {
    element,
    /** @param {Scope} scope */
    show: (scope) => {
      shown = scope;
      draw();
    },
    /** @param {ScopeSecrets[]} found */
    setCounts: (found) => {
      scopes = found;
      draw();
    },
  };
}

/**
 * @param {string[]} known
 * @param {'account' | 'region'} part
 * @param {Scope} shown
 * @param {ScopeSecrets[]} scopes
 */
function options(known, part, shown, scopes) {
  return [
    ...countedNames(known, part, shown, scopes).map(({ name, secrets }) => {
      const text = secrets > 0 ? `${name} (${number(secrets)})` : name;
      return h('option', { value: name, selected: name === shown[part] }, text);
    }),
    h('option', { value: OTHER }, t('scope_other')),
  ];
}

/**
 * The accounts of the shown cloud, or the regions of the shown account, with the number of their secrets: those that
 * contain secrets first, then the shown one, then the other known ones.
 *
 * @param {string[]} known
 * @param {'account' | 'region'} part
 * @param {Scope} shown
 * @param {readonly ScopeSecrets[]} scopes
 */
export function countedNames(known, part, shown, scopes) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const scope of scopes) {
    const isShown = scope.cloud === shown.cloud && (part === 'account' || scope.account === shown.account);
    if (isShown) counts.set(scope[part], (counts.get(scope[part]) ?? 0) + scope.secrets);
  }
  const names = new Set([...counts.keys(), shown[part], ...known]);
  return [...names].map((name) => ({ name, secrets: counts.get(name) ?? 0 }));
}

/**
 * @param {'account' | 'region'} part
 * @param {(value: string) => void} choose
 */
function askForOther(part, choose) {
  const input = h('input', { required: true, autofocus: true, spellcheck: 'false' });
  openDialog({
    title: t(`scope_other_${part}`),
    content: field(t(`scope_${part}`), input, { help: t(`scope_other_${part}_help`) }),
    action: t('scope_choose'),
    submit: async () => choose(input.value.trim()),
  });
}
