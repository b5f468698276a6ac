// Numbers and times as text.

import { t } from './index.js';

/**
 * A count with thousands separators: `12,345`, in both languages. (The first use of `Intl` takes 20 ms, and would delay
 * the first view.)
 *
 * @param {number} count
 */
export function number(count) {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/**
 * A time in UTC: `2024-03-04 08:15:30`.
 *
 * @param {Date} time
 */
export function utc(time) {
  return time.toISOString().slice(0, 19).replace('T', ' ');
}

/** A year has 365 days: good enough for the two largest units. */
const UNITS = /** @type {const} */ ([
  ['year', 31_536_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
]);

/**
 * A duration in its two largest units: `6 days 3 hr`.
 *
 * @param {number} milliseconds
 */
export function duration(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const first = UNITS.findIndex(([, length]) => seconds >= length);
  if (first < 0) return unit('second', 0);
  const parts = [];
  let rest = seconds;
  for (const [name, length] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(unit(name, count));
  }
  return parts.join(' ');
}

/**
 * @param {(typeof UNITS)[number][0]} name
 * @param {number} count
 */
function unit(name, count) {
  return t(name === 'day' && count === 1 ? 'one_day' : `unit_${name}`, { count: number(count) });
}
