// The cloud, account and region that are shown.

import { changed, current, format, go } from './address.js';
import { field, select } from './components.js';
import { openDialog } from './dialog.js';
import { fill, h } from './dom.js';
import { number, t } from '../i18n/index.js';

/** @typedef {import('./settings.js').CloudName} CloudName */
/** @typedef {import('./settings.js').Settings} Settings */
/** @typedef {{ cloud: CloudName, account: string, region: string }} Scope */
/** @typedef {Scope & { secrets: number }} Holding */

/**
 * The scope of an address, with the defaults where it says nothing.
 *
 * @param {Readonly<Record<string, string>>} values
 * @param {Settings} settings
 * @returns {Scope}
 */
export function scopeOf(values, settings) {
  const cloud = settings.clouds.find((each) => each.cloud === values.cloud) ?? settings.clouds[0];
  if (!cloud) throw new Error('The server has no clouds.');
  return {
    cloud: cloud.cloud,
    account: values.account || settings.default_account,
    region: values.region || cloud.default_region,
  };
}

/** What is chosen for "another one": no account or region is called so. */
const OTHER = '*';

/**
 * The pickers in the header. What they choose goes to the address. What is shown of the secrets of the
 * old scope leaves it; other views go on in the new one.
 *
 * @param {Settings} settings
 */
export function scopePickers(settings) {
  const element = h('div', { class: 'scope', role: 'group', 'aria-label': t('scope') });
  /** @type {Scope} */
  let shown = scopeOf({}, settings);
  /** @type {Holding[]} */
  let holdings = [];

  /** @param {Partial<Scope> & import('./address.js').Values} change */
  const choose = (change) => {
    const { path } = current();
    const scope = { ...shown, ...change };
    go(path === 'secrets' || path === 'secret' ? format('secrets', scope) : changed(scope));
  };

  const clouds = settings.clouds.map(({ cloud, title }) => /** @type {const} */ ([cloud, title]));
  const cloud = select(clouds, shown.cloud, {
    // What is called of one cloud means little to the other.
    onchange: () => choose({ cloud: /** @type {CloudName} */ (cloud.value), region: '', parameters: '', method: '', format: '', signature: '' }),
  });
  const account = select([], '', { onchange: () => chooseOrAsk('account', account) });
  const region = select([], '', { onchange: () => chooseOrAsk('region', region) });

  /**
   * @param {'account' | 'region'} what
   * @param {HTMLSelectElement} control
   */
  const chooseOrAsk = (what, control) => {
    const value = control.value;
    control.value = shown[what];
    if (value === OTHER) askForOther(what, (other) => choose({ [what]: other }));
    else choose({ [what]: value });
  };

  const draw = () => {
    cloud.value = shown.cloud;
    const accounts = [settings.default_account, ...settings.accounts.map((each) => each.account)];
    fill(account, options(accounts, 'account', shown, holdings));
    const regions = settings.clouds.find((each) => each.cloud === shown.cloud)?.regions ?? [];
    fill(region, options(regions, 'region', shown, holdings));
  };

  fill(element, field(t('scope_cloud'), cloud), field(t('scope_account'), account), field(t('scope_region'), region));
  return {
    element,
    /** @param {Scope} scope */
    show: (scope) => {
      shown = scope;
      draw();
    },
    /** @param {Holding[]} found */
    count: (found) => {
      holdings = found;
      draw();
    },
  };
}

/**
 * What can be chosen: what holds secrets first, with their number.
 *
 * @param {string[]} known
 * @param {'account' | 'region'} what
 * @param {Scope} shown
 * @param {Holding[]} holdings
 */
function options(known, what, shown, holdings) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const holding of holdings) {
    const isHere = holding.cloud === shown.cloud && (what === 'account' || holding.account === shown.account);
    if (isHere) counts.set(holding[what], (counts.get(holding[what]) ?? 0) + holding.secrets);
  }
  const names = new Set([...counts.keys(), shown[what], ...known]);
  return [
    [...names].map((name) => {
      const count = counts.get(name) ?? 0;
      const text = count > 0 ? `${name} (${number(count)})` : name;
      return h('option', { value: name, selected: name === shown[what] }, text);
    }),
    h('option', { value: OTHER }, t('scope_other')),
  ];
}

/**
 * @param {'account' | 'region'} what
 * @param {(value: string) => void} choose
 */
function askForOther(what, choose) {
  const input = h('input', { required: true, autofocus: true, spellcheck: 'false' });
  const isAccount = what === 'account';
  openDialog({
    title: isAccount ? t('scope_other_account') : t('scope_other_region'),
    content: field(isAccount ? t('scope_account') : t('scope_region'), input, {
      help: isAccount ? t('scope_other_account_help') : t('scope_other_region_help'),
    }),
    action: t('scope_choose'),
    submit: async () => choose(input.value.trim()),
  });
}
