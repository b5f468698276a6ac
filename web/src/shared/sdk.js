// The language of the programs that the page shows, kept by the browser.

import { browserStorage } from './storage.js';

/** The language that was selected last; empty if none was. */
export function sdk() {
  return browserStorage.read('sdk') ?? '';
}

/** @param {string} name */
export function rememberSdk(name) {
  browserStorage.write('sdk', name);
}
