// Asking for the token of the controls.

import { field } from './components.js';
import { openDialog } from './dialog.js';
import { h } from './dom.js';
import { Notice } from './errors.js';
import { t } from '../i18n/index.js';
import { passing } from './storage.js';

/**
 * Asks the user until a token is given.
 *
 * @returns {Promise<string>}
 */
export function askForToken() {
  const input = h('input', { type: 'password', required: true, autocomplete: 'off', autofocus: true });
  const wasRefused = passing.read('token') !== null;
  return new Promise((resolve, reject) => {
    openDialog({
      title: t('token_title'),
      content: [
        h('p', {}, wasRefused ? t('token_refused') : t('token_needed')),
        field(t('token_label'), input, { help: t('token_help') }),
      ],
      action: t('token_action'),
      submit: async () => {
        const token = input.value.trim();
        // No header can hold anything else.
        if (/[^\x21-\x7e]/.test(token)) throw new Notice(t('token_characters'));
        resolve(token);
      },
      onclose: () => reject(new Notice(t('token_missing'))),
    });
  });
}
