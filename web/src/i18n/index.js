// Texts, numbers and times in the user's language.

import { lasting } from '../shared/storage.js';
import { en } from './en/index.js';

/** @typedef {keyof typeof en} TextKey */
/** @typedef {'en' | 'zh-CN'} Language */

/** Each language by the name that it has for itself. */
export const LANGUAGES = /** @type {const} */ ({ en: 'English', 'zh-CN': '简体中文' });

/** @returns {Language} */
function preferred() {
  const chosen = lasting.read('language');
  if (chosen === 'en' || chosen === 'zh-CN') return chosen;
  const first = navigator.languages.find((name) => /^(en|zh)\b/i.test(name));
  return first && /^zh/i.test(first) ? 'zh-CN' : 'en';
}

/** @type {Language} */
let now = preferred();
/** @type {Readonly<Record<TextKey, string>>} English, until those of another language are there. */
let texts = en;
/** @type {Readonly<Record<string, string>>} */
let sentences = {};

export function language() {
  return now;
}

/** @param {Language} name */
export function setLanguage(name) {
  lasting.write('language', name);
  now = name;
}

/** Gets the texts of the language, and marks the page with it. */
export async function prepareLanguage() {
  if (now === 'zh-CN') {
    const [chinese, operations] = await Promise.all([import('./zh/index.js'), import('./zh/operations.js')]);
    texts = chinese.zh;
    sentences = operations.sentences;
  } else {
    texts = en;
    sentences = {};
  }
  document.documentElement.lang = now;
}

/**
 * The text of a key, with `{name}` replaced by values.
 *
 * @param {TextKey} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  return texts[key].replace(/\{(\w+)\}/g, (mark, name) => {
    const value = values[name];
    return value === undefined ? mark : String(value);
  });
}

/**
 * The same with elements in the places of names.
 *
 * @param {TextKey} key
 * @param {Record<string, Node | string>} values
 * @returns {(Node | string)[]}
 */
export function rich(key, values) {
  return texts[key]
    .split(/\{(\w+)\}/)
    .map((part, index) => (index % 2 ? (values[part] ?? part) : part));
}

/**
 * A sentence of the server's descriptions in the user's language, where it is known there.
 *
 * @param {string} sentence
 */
export function translated(sentence) {
  return sentences[sentence] ?? sentence;
}

/**
 * A count with its thousands set apart, which both languages do alike. `Intl` does it too, but is slow
 * when it is asked for the first time: 20 ms, just when the page is to be seen.
 *
 * @param {number} count
 */
export function number(count) {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/**
 * A time in UTC, as in logs: `2024-03-04 08:15:30`.
 *
 * @param {Date} time
 */
export function utc(time) {
  return time.toISOString().slice(0, 19).replace('T', ' ');
}

const UNITS = /** @type {const} */ ([
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
]);

/**
 * A length of time by its two greatest units: `6 days 3 hr`.
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
