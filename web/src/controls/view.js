// The view of the controls, with a tab for each.

import { t } from '../i18n/index.js';
import { changed, go } from '../shared/address.js';
import { tabs } from '../shared/components.js';
import { h } from '../shared/dom.js';
import { clockTab } from './clock.js';
import { coverageTab } from './coverage.js';
import { exportSection } from './export.js';
import { faultsTab } from './faults.js';
import { resetSection } from './reset.js';
import { snapshotsTab } from './snapshots.js';
import { tenantsTab } from './tenants.js';

/** @typedef {import('../main.js').Context} Context */

/**
 * A tab, or a section of one, returns its element immediately and updates it until the signal.
 *
 * @typedef {(context: Context, signal: AbortSignal) => HTMLElement} Tab
 */

/** @typedef {'clock' | 'faults' | 'reset' | 'snapshots' | 'tenants' | 'coverage'} TabName */

/** @type {Readonly<Record<TabName, Tab>>} */
const TABS = {
  clock: clockTab,
  faults: faultsTab,
  reset: (context, signal) => h('div', {}, resetSection(context, signal), exportSection(context, signal)),
  snapshots: snapshotsTab,
  tenants: tenantsTab,
  coverage: coverageTab,
};

/** @type {import('../main.js').CreateView} */
export function view(context) {
  let now = context;
  let shown = context.values.part || 'clock';
  let abort = new AbortController();
  const names = /** @type {TabName[]} */ (Object.keys(TABS));
  const { element, show } = tabs(
    t('nav_controls'),
    names.map((name) => ({
      name,
      title: t(`controls_${name}`),
      panel: () => {
        abort.abort();
        abort = new AbortController();
        return TABS[name](now, AbortSignal.any([context.signal, abort.signal]));
      },
    })),
    shown,
    (name) => {
      shown = name;
      go(changed({ part: name }));
    },
  );
  return {
    title: t('nav_controls'),
    element: h('div', {}, h('h1', { class: 'view-head' }, t('nav_controls')), element),
    update: (context) => {
      now = context;
      const next = now.values.part || 'clock';
      if (next === shown) return;
      shown = next;
      show(shown);
    },
  };
}
