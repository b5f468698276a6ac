// The bar at the bottom of every view: the clock, armed faults, the account and the request rate.

import { number, utc } from '../i18n/format.js';
import { t } from '../i18n/index.js';
import { link } from './address.js';
import { emulatorNow, setClock, shortOffset } from './clock.js';
import { badge } from './components.js';
import { byId, fill, h } from './dom.js';
import { onServerChange, request } from './http.js';
import { preferences } from './preferences.js';
import { rateMeter } from './request_rate.js';

/** @typedef {import('./control_api.js').Fault} Fault */

/** The interval between readings, because clients change the state as well. */
const READ_EVERY_MS = 2000;

/** The space between the bar and what is above it. */
const SPACE_PX = 10;

/**
 * @param {import('./control_api.js').Settings} settings
 * @param {() => Promise<void>} redraw Called after the language has changed.
 * @param {() => void} showKeys Opens the list of keys.
 */
export function drawStatusBar(settings, redraw, showKeys) {
  const clock = h('time', { class: 'mono' });
  const clockState = h('span');
  const clockLink = h('a', { class: 'status-item' }, h('span', { class: 'status-label' }, t('controls_clock')), ' ', clock, ' ', clockState);
  const faults = h('a', { class: 'status-item' });
  const account = h('a', { class: 'status-item' });
  const rate = h('a', { class: 'status-item' });
  const rates = rateMeter();
  let shownAccount = settings.default_account;
  let isReading = false;

  const tick = () => {
    const text = `${utc(emulatorNow())} UTC`;
    if (clock.textContent !== text) clock.textContent = text;
  };

  const read = async () => {
    if (isReading || document.hidden) return;
    isReading = true;
    try {
      const [{ tenants }, { faults: rules }, perMinute] = await Promise.all([request('/tenants'), request('/faults'), rates.read()]);
      const tenant = tenants.find((each) => each.account === shownAccount);
      const reading = await request('/clock', { query: { account: tenant?.clock ? tenant.account : undefined } });
      setClock(reading);
      tick();
      fill(clockState, clockBadges(reading));
      clockLink.href = link('controls', { part: 'clock', clock_of: tenant?.clock ? tenant.account : '' });
      fill(faults, faultsText(rules));
      account.classList.toggle('status-optional', !tenant);
      fill(account, tenant ? badge(t('status_tenant', { account: tenant.account }), 'warning') : t('status_account', { account: shownAccount }));
      fill(rate, settings.journal > 0 && t('status_rate', { count: number(perMinute) }));
    } catch {
      // The requests of the view fail as well, and the view shows the error.
    }
    isReading = false;
  };

  fill(
    byId('status-bar'),
    clockLink,
    faults,
    account,
    rate,
    h('div', { class: 'preferences' }, preferences(redraw), h('button', { type: 'button', class: 'quiet', onclick: showKeys, 'aria-label': t('keys_title') }, '?')),
  );
  const sizes = new ResizeObserver(() => document.documentElement.style.setProperty('--bottom', `${byId('status-bar').offsetHeight + SPACE_PX}px`));
  sizes.observe(byId('status-bar'));
  const timers = [setInterval(tick, 500), setInterval(read, READ_EVERY_MS)];
  const stopListening = onServerChange(() => void read());
  return {
    /** @param {import('./control_api.js').Scope} scope */
    show: (scope) => {
      shownAccount = scope.account;
      faults.href = link('controls', { part: 'faults' });
      account.href = link('controls', { part: 'tenants' });
      rate.href = link('journal');
      void read();
    },
    dispose: () => {
      timers.forEach(clearInterval);
      stopListening();
      sizes.disconnect();
    },
  };
}

/** @param {import('./control_api.js').ClockReading} reading */
function clockBadges({ frozen, ahead_seconds: ahead }) {
  return [
    frozen && [badge(t('clock_frozen'), 'warning'), ' '],
    shortOffset(ahead) && badge(shortOffset(ahead), 'warning'),
  ];
}

/** @param {readonly Fault[]} faults */
function faultsText(faults) {
  const { armed, left } = armedFaults(faults);
  if (armed === 0) return h('span', { class: 'faint' }, t('status_no_faults'));
  const text = left === null ? t('status_faults', { count: number(armed) }) : t('status_faults_left', { count: number(armed), left: number(left) });
  return badge(text, 'warning');
}

/**
 * The number of faults that can still apply, and how often; `null` if one applies without limit.
 *
 * @param {readonly Pick<Fault, 'rule' | 'hits'>[]} faults
 */
export function armedFaults(faults) {
  let armed = 0;
  /** @type {number | null} */
  let left = 0;
  for (const { rule, hits } of faults) {
    const rest = typeof rule.times === 'number' ? rule.times - hits : null;
    if (rest !== null && rest <= 0) continue;
    armed += 1;
    left = rest === null || left === null ? null : left + rest;
  }
  return { armed, left };
}
