// Light or dark: the system's choice, or the user's.

import { lasting } from './storage.js';

export const THEMES = /** @type {const} */ (['system', 'light', 'dark']);

/** @typedef {(typeof THEMES)[number]} Theme */

/** @returns {Theme} */
export function theme() {
  return THEMES.find((name) => name === lasting.read('theme')) ?? 'system';
}

/** @param {Theme} name */
export function setTheme(name) {
  lasting.write('theme', name === 'system' ? null : name);
  showTheme(name);
}

/** @param {Theme} name */
export function showTheme(name) {
  document.documentElement.dataset.theme = name;
}
