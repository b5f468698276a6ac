// Shared by the unit tests, which run in Node without a browser.

import { loadTexts, setLanguage } from '../src/i18n/index.js';

/**
 * Switches the texts to a language. Node has no `navigator` from which the page would take it.
 *
 * @param {'en' | 'zh-CN'} language
 */
export async function useLanguage(language) {
  setLanguage(language);
  await loadTexts();
}
