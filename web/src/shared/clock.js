// The clock of the emulator, which can be moved and frozen.

import { duration } from '../i18n/format.js';
import { t } from '../i18n/index.js';
import { request } from './http.js';

/** How far the emulator's clock is ahead of this browser's clock, in milliseconds. */
let ahead = 0;
/** The same for the system time of the server. */
let systemAhead = 0;
/** @type {number | null} */
let frozenAt = null;

/**
 * Reads the clock of an account: that of the server, unless the account is a tenant with its own clock.
 *
 * @param {string} [account] The account in the address; without it the default account.
 */
export async function readClock(account) {
  setClock(await request('/clock', { query: { account: account && (await hasOwnClock(account)) ? account : undefined } }));
}

/** @param {string} account */
async function hasOwnClock(account) {
  const { tenants } = await request('/tenants');
  return tenants.some((tenant) => tenant.account === account && tenant.clock);
}

/**
 * Takes over a reading of the server's clock.
 *
 * @param {Pick<import('./control_api.js').ClockReading, 'now' | 'frozen' | 'ahead_seconds'>} reading
 */
export function setClock({ now, frozen, ahead_seconds }) {
  const time = Date.parse(now);
  ahead = time - Date.now();
  systemAhead = ahead - ahead_seconds * 1000;
  frozenAt = frozen ? time : null;
}

/** The time of the emulator's clock. */
export function emulatorNow() {
  return new Date(frozenAt ?? Date.now() + ahead);
}

/** The system time of the server, which does not follow the emulator's clock. */
export function systemNow() {
  return new Date(Date.now() + systemAhead);
}

/**
 * The time left until a moment: `in 6 days 3 hr`.
 *
 * @param {Date} time
 * @param {Date} now
 */
export function timeLeft(time, now) {
  // Rounded up, because the times of the clouds are in whole seconds: 7 days from now are not 6 days 23 hr.
  const milliseconds = Math.ceil((time.getTime() - now.getTime()) / 1000) * 1000;
  return milliseconds > 0 ? t('time_left', { duration: duration(milliseconds) }) : t('time_due');
}

/**
 * How far a clock is from the system time, as a sentence.
 *
 * @param {number} aheadSeconds
 */
export function offsetText(aheadSeconds) {
  const offset = roundedOffset(aheadSeconds);
  if (offset === 0) return t('clock_on_time');
  return t(offset > 0 ? 'clock_ahead' : 'clock_behind', { duration: duration(Math.abs(offset)) });
}

/**
 * The same in short: `+8 days`; empty if the clock is on time.
 *
 * @param {number} aheadSeconds
 */
export function shortOffset(aheadSeconds) {
  const offset = roundedOffset(aheadSeconds);
  return offset === 0 ? '' : `${offset > 0 ? '+' : '−'}${duration(Math.abs(offset))}`;
}

/**
 * The offset in milliseconds, rounded to the smaller of the two units that a duration is shown in: the two clocks are read
 * one after the other, so a clock that was advanced by 8 days is some milliseconds less ahead.
 *
 * @param {number} aheadSeconds
 */
function roundedOffset(aheadSeconds) {
  const size = Math.abs(aheadSeconds);
  const unit = size > 86_000 ? 3600 : size > 3590 ? 60 : 1;
  return Math.round(aheadSeconds / unit) * unit * 1000;
}
