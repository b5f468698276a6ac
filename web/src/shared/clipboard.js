// Copying to the clipboard.

import { h } from './dom.js';
import { t } from '../i18n/index.js';
import { say } from './announce.js';

/**
 * Whether the text is in the clipboard now. Browsers offer it to secure contexts only.
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
 * A button that copies the text of an element, or else selects it for the user to copy.
 *
 * @param {HTMLElement} source
 * @param {string} label What is copied, for those who do not see where the button stands.
 */
export function copyButton(source, label) {
  const copyOrSelect = async () => {
    if (await copy(source.textContent ?? '')) {
      say(t('copied'));
    } else {
      getSelection()?.selectAllChildren(source);
      say(t('copy_by_hand'));
    }
  };
  return h(
    'button',
    { type: 'button', class: 'quiet', 'aria-label': t('copy_label', { what: label }), onclick: copyOrSelect },
    t('copy'),
  );
}
