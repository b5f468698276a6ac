// The clock, faults and whatever else a test steers: a tab for each.

import { changed, go } from '../shared/address.js';
import { tabs } from '../shared/components.js';
import { h } from '../shared/dom.js';
import { t } from '../i18n/index.js';
import { clockPart } from './clock.js';
import { coveragePart } from './coverage.js';
import { faultsPart } from './faults.js';
import { resetPart } from './reset.js';
import { snapshotsPart } from './snapshots.js';
import { tenantsPart } from './tenants.js';

/** @typedef {import('../main.js').Context} Context */

/**
 * A part makes its element at once, and fills it in later, until the signal.
 *
 * @typedef {(context: Context, signal: AbortSignal) => HTMLElement} Part
 */

/** @type {Readonly<Record<string, Part>>} */
const PARTS = {
  clock: clockPart,
  faults: faultsPart,
  reset: resetPart,
  snapshots: snapshotsPart,
  tenants: tenantsPart,
  coverage: coveragePart,
};

/** @typedef {'clock' | 'faults' | 'reset' | 'snapshots' | 'tenants' | 'coverage'} PartName */

/** @type {import('../main.js').MakeView} */
export function view(context) {
  let part = context.values.part || 'clock';
  let showing = new AbortController();
  const names = /** @type {PartName[]} */ (Object.keys(PARTS));
  const parts = tabs(
    t('nav_controls'),
    names.map((name) => ({
      name,
      title: t(`controls_${name}`),
      panel: () => {
        showing.abort();
        showing = new AbortController();
        return PARTS[name]?.(context, AbortSignal.any([context.signal, showing.signal]));
      },
    })),
    part,
    (name) => {
      part = name;
      go(changed({ part: name }));
    },
  );
  return {
    title: t('nav_controls'),
    element: h('div', {}, h('h1', { class: 'view-head' }, t('nav_controls')), parts.element),
    update: ({ values }) => {
      const wanted = values.part || 'clock';
      if (wanted === part) return;
      part = wanted;
      parts.show(part);
    },
  };
}
