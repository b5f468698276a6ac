// Copying to the clipboard.

import { t } from '../i18n/index.js';
import { announce } from './announce.js';
import { h } from './dom.js';

/**
 * Copies a text and returns whether that worked. Browsers allow it in secure contexts only.
 *
 * @param {string} text
 */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Copies a text, and says whether that worked.
 *
 * @param {string} text
 */
export async function copyText(text) {
  announce((await copy(text)) ? t('copied') : t('copy_not_allowed'));
}

/**
 * A button that copies the text of an element. If the browser does not allow that, it selects the text.
 *
 * @param {HTMLElement} source
 * @param {string} label Names what is copied, for screen readers.
 */
export function copyButton(source, label) {
  const copyOrSelect = async () => {
    if (await copy(source.textContent ?? '')) {
      announce(t('copied'));
    } else {
      getSelection()?.selectAllChildren(source);
      announce(t('copy_by_hand'));
    }
  };
  return h(
    'button',
    { type: 'button', class: 'quiet', 'aria-label': t('copy_label', { what: label }), onclick: copyOrSelect },
    t('copy'),
  );
}
