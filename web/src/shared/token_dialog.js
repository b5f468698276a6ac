// The dialog that asks for the token of the control API.

import { t } from '../i18n/index.js';
import { field } from './components.js';
import { openDialog } from './dialog.js';
import { h } from './dom.js';
import { UserError } from './errors.js';
import { tabStorage } from './storage.js';

/**
 * Asks the user for a token. Throws a `UserError` if the dialog is closed without one.
 *
 * @returns {Promise<string>}
 */
export function askForToken() {
  const input = h('input', { type: 'password', required: true, autocomplete: 'off', autofocus: true });
  const wasRejected = tabStorage.read('token') !== null;
  return new Promise((resolve, reject) => {
    openDialog({
      title: t('token_title'),
      content: [
        h('p', {}, wasRejected ? t('token_rejected') : t('token_needed')),
        field(t('token_label'), input, { help: t('token_help') }),
      ],
      action: t('token_action'),
      submit: async () => {
        const token = input.value.trim();
        // Other characters are not allowed in the Authorization header.
        if (/[^\x21-\x7e]/.test(token)) throw new UserError(t('token_characters'));
        resolve(token);
      },
      onclose: () => reject(new UserError(t('token_missing'))),
    });
  });
}
