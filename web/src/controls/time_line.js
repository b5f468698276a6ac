// The planned work of a clock on a line of time, one lane for each kind of work.

import { duration, utc } from '../i18n/format.js';
import { t } from '../i18n/index.js';
import { emulatorNow } from '../shared/clock.js';
import { fill, h } from '../shared/dom.js';
import { focusHeading } from '../shared/focus.js';

/** @typedef {import('../shared/control_api.js').DueWork} DueWork */
/** @typedef {{ at: number, due: DueWork[] }} Marker Work that is so close together that it has one marker. */

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

/** The times of ticks, from the start of the line. */
const TICKS = [SECOND, 10 * SECOND, 60 * SECOND, 600 * SECOND, HOUR, 6 * HOUR, DAY, 7 * DAY, 30 * DAY, 90 * DAY, 365 * DAY, 3650 * DAY, 36_500 * DAY];

/** The space that the text of a tick needs, and a marker, in pixels. */
const TICK_WIDTH = 80;
const MARKER_WIDTH = 26;

/** If the last work is later than this many times the first, the line is logarithmic. */
const MAX_RATIO = 60;

/** The part of the line after the last work. */
const MARGIN = 0.04;

/** @param {(time: string) => void} jump Sets the clock to a time. */
export function timeLine(jump) {
  const element = h('div', { class: 'time-line', role: 'group', 'aria-label': t('time_line') });
  /** @type {readonly DueWork[]} */
  let due = [];
  let width = 0;
  let drawn = '';

  const draw = () => {
    const last = due.at(-1);
    const focused = element.contains(document.activeElement) ? document.activeElement?.getAttribute('data-time') : null;
    element.hidden = !last;
    if (!last) {
      drawn = '';
      if (focused) focusHeading();
      return;
    }
    const now = emulatorNow().getTime();
    const times = due.map(({ at }) => Math.max(Date.parse(at) - now, 0));
    const { place, length } = scaleOf(times);
    // The places move with the clock. A line that looks the same is not drawn again, so that it can be clicked.
    const state = JSON.stringify([due, width, times.map((time) => place(time).toFixed(3))]);
    if (state === drawn) return;
    drawn = state;
    const isApart = (/** @type {number} */ one, /** @type {number} */ other) => (place(other - now) - place(one - now)) * width >= MARKER_WIDTH;
    fill(
      element,
      [...lanesOf(due)].map(([name, list]) => lane(name, markersOf(list, isApart), (time) => place(time - now), jump)),
      h('div', { class: 'time-lane' }, h('span'), h('div', { class: 'time-ticks' }, ticks(length, place, width).map((time) => at(place(time), h('span', { class: 'faint' }, tickText(time)))))),
    );
    // After a jump, the next work.
    const next = focused && (element.querySelector(`[data-time="${focused}"]`) ?? element.querySelector('.time-marker'));
    if (next instanceof HTMLElement) next.focus();
  };

  new ResizeObserver(() => {
    const next = element.querySelector('.time-ticks')?.clientWidth ?? 0;
    if (next === width) return;
    width = next;
    draw();
  }).observe(element);

  return {
    element,
    /** @param {readonly DueWork[]} list Ordered by time. */
    show: (list) => {
      due = list;
      draw();
    },
  };
}

/**
 * The work by the names of its lanes.
 *
 * @param {readonly DueWork[]} due
 */
function lanesOf(due) {
  /** @type {Map<string, DueWork[]>} */
  const lanes = new Map();
  for (const work of due) {
    const name = t('action_on', { action: t(work.key ? 'nav_keys' : 'nav_secrets'), name: t(`due_${work.work}`) });
    lanes.set(name, [...(lanes.get(name) ?? []), work]);
  }
  return lanes;
}

/**
 * @param {string} name
 * @param {readonly Marker[]} markers
 * @param {(time: number) => number} place
 * @param {(time: string) => void} jump
 */
function lane(name, markers, place, jump) {
  const buttons = markers.map(({ at: time, due }) => {
    const last = due.at(-1)?.at ?? '';
    const names = due.map(({ secret, key }) => secret ?? key).join(', ');
    const text = due.length > 1 ? String(due.length) : '';
    const label = t('action_on', { action: t('due_jump_to', { time: utc(new Date(last)) }), name: text ? `${names} (${text})` : names });
    const button = h('button', { type: 'button', class: 'time-marker', 'aria-label': label, title: label, 'data-time': last, 'data-count': text, onclick: () => jump(last) });
    return at(place(time), button);
  });
  return h('div', { class: 'time-lane' }, h('span', { class: 'time-name' }, name), h('div', { class: 'time-track', role: 'group', 'aria-label': name }, buttons));
}

/**
 * Places an element on the line.
 *
 * @param {number} part From 0 to 1.
 * @param {HTMLElement} element
 */
function at(part, element) {
  element.style.left = `${(part * 100).toFixed(2)}%`;
  return element;
}

/** @param {number} time From the start of the line. */
function tickText(time) {
  if (time === 0) return t('time_now');
  return `+${duration(time)}`;
}

/**
 * Joins work whose markers would overlap.
 *
 * @param {readonly DueWork[]} due
 * @param {(one: number, other: number) => boolean} isApart
 */
export function markersOf(due, isApart) {
  /** @type {Marker[]} */
  const markers = [];
  for (const work of due) {
    const time = Date.parse(work.at);
    const before = markers.at(-1);
    if (before && !isApart(before.at, time)) before.due.push(work);
    else markers.push({ at: time, due: [work] });
  }
  return markers;
}

/**
 * The places of times on the line, from 0 to 1: proportional, or logarithmic if the times differ much.
 *
 * @param {readonly number[]} times In ascending order, from the start of the line.
 */
export function scaleOf(times) {
  const first = Math.max(times[0] ?? 0, SECOND);
  const last = Math.max(times.at(-1) ?? 0, SECOND);
  const length = last * (1 + MARGIN);
  const isLogarithmic = last / first > MAX_RATIO;
  const scaled = (/** @type {number} */ time) => (isLogarithmic ? Math.log1p(time / first) : time);
  const place = (/** @type {number} */ time) => Math.min(Math.max(scaled(time) / scaled(length), 0), 1);
  return { length, place };
}

/**
 * The times of the ticks: round ones, as many as fit.
 *
 * @param {number} length
 * @param {(time: number) => number} place
 * @param {number} width In pixels.
 */
export function ticks(length, place, width) {
  const step = TICKS.findLast((each) => each * 2 <= length) ?? SECOND;
  // On a logarithmic line, more multiples would take the place of rounder times.
  const isLinear = place(length / 2) < 0.51;
  const multiples = isLinear ? [2, 3, 4, 5, 6, 7, 8, 9] : [2, 3, 4];
  const inside = new Set([...TICKS, ...multiples.map((count) => count * step)]);
  const shown = [0];
  for (const time of [...inside].filter((each) => each <= length).sort((one, other) => one - other)) {
    if ((place(time) - place(shown.at(-1) ?? 0)) * width >= TICK_WIDTH) shown.push(time);
  }
  return shown;
}
