// The emulator's clock, which may be moved and stopped.

import { h } from './dom.js';
import { duration, language, t, utc } from '../i18n/index.js';
import { request } from './http.js';

let ahead = 0;
let machineAhead = 0;
/** @type {number | null} */
let frozenAt = null;

/** Reads the clock of the server. */
export async function readClock() {
  setClock(await request('/clock'));
}

/**
 * Takes an answer of `/_emulator/clock`.
 *
 * @param {{ now: string, frozen: boolean, ahead_seconds: number }} reading
 */
export function setClock({ now, frozen, ahead_seconds }) {
  const time = Date.parse(now);
  ahead = time - Date.now();
  machineAhead = ahead - ahead_seconds * 1000;
  frozenAt = frozen ? time : null;
}

/** What time the emulator has. */
export function emulatorNow() {
  return new Date(frozenAt ?? Date.now() + ahead);
}

/** What time the emulator's machine has, wherever its clock is. */
export function machineNow() {
  return new Date(Date.now() + machineAhead);
}

/**
 * A time, exact, in UTC.
 *
 * @param {Date | null} time
 */
export function timeElement(time) {
  if (!time) return h('span', { class: 'faint' }, '–');
  const element = h('time', { datetime: time.toISOString() }, utc(time));
  // What only a pointer shows waits until the page is seen: the first local time is slow to ask for.
  setTimeout(() => element.setAttribute('title', t('time_local', { time: time.toLocaleString(language()) })), 250);
  return element;
}

/**
 * How long it is until a time, by the emulator's clock or another one, with the exact time below. It
 * goes on by itself while it is in the page.
 *
 * @param {Date} time
 */
export function timeLeftElement(time, now = emulatorNow) {
  const left = h('span', { class: 'time-left' });
  const show = () => {
    const milliseconds = time.getTime() - now().getTime();
    const text = milliseconds > 0 ? t('time_left', { duration: duration(milliseconds) }) : t('time_due');
    if (left.textContent !== text) left.textContent = text;
  };
  show();
  const timer = setInterval(() => (left.isConnected ? show() : clearInterval(timer)), 1000);
  return h('span', { class: 'two-lines' }, left, h('span', { class: 'faint' }, timeElement(time)));
}
