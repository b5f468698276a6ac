// The theme: light, dark, or that of the system.

import { browserStorage } from './storage.js';

export const THEMES = /** @type {const} */ (['system', 'light', 'dark']);

/** @typedef {(typeof THEMES)[number]} Theme */

/** @returns {Theme} */
export function theme() {
  return THEMES.find((name) => name === browserStorage.read('theme')) ?? 'system';
}

/** @param {Theme} name */
export function setTheme(name) {
  browserStorage.write('theme', name === 'system' ? null : name);
  showTheme(name);
}

/** @param {Theme} name */
export function showTheme(name) {
  document.documentElement.dataset.theme = name;
}
