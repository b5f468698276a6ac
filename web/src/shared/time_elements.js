// Times as elements.

import { utc } from '../i18n/format.js';
import { language, t } from '../i18n/index.js';
import { emulatorNow, timeLeft } from './clock.js';
import { h } from './dom.js';

/**
 * A time in UTC.
 *
 * @param {Date | null} time
 */
export function timeElement(time) {
  if (!time) return h('span', { class: 'faint' }, '–');
  const element = h('time', { datetime: time.toISOString() }, utc(time));
  // The tooltip is set later: the first conversion to local time takes 20 ms, and would delay the first view.
  setTimeout(() => element.setAttribute('title', t('time_local', { time: time.toLocaleString(language()) })), 250);
  return element;
}

/**
 * The time left until a moment with the exact time below it. It is updated every second while it is in the page.
 *
 * @param {Date} time
 * @param {() => Date} [now] The clock, that of the emulator by default.
 */
export function timeLeftElement(time, now = emulatorNow) {
  const left = h('span', { class: 'time-left' });
  const update = () => {
    const text = timeLeft(time, now());
    if (left.textContent !== text) left.textContent = text;
  };
  update();
  const timer = setInterval(() => (left.isConnected ? update() : clearInterval(timer)), 1000);
  return h('span', { class: 'two-lines' }, left, h('span', { class: 'faint' }, timeElement(time), ' UTC'));
}
