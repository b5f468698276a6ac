// Dialogs that have the page wait.

import { h, uniqueId } from './dom.js';
import { errorMessage } from './errors.js';
import { t } from '../i18n/index.js';
import { isAbort } from './http.js';

/**
 * Opens a dialog with a form. The browser keeps the focus within, closes it on Escape, and gives
 * the focus back afterwards. `submit` may take its time; where it fails the dialog stays open and
 * says why.
 *
 * @param {object} options
 * @param {string} options.title
 * @param {import('./dom.js').Child} options.content
 * @param {string} options.action What the button that does it says.
 * @param {boolean} [options.dangerous]
 * @param {() => Promise<void>} options.submit
 * @param {() => void} [options.onclose]
 * @returns {{ close: () => void }}
 */
export function openDialog({ title, content, action, dangerous = false, submit, onclose }) {
  const titleId = uniqueId('dialog');
  const problem = h('div', { class: 'problem' });
  const done = h('button', { type: 'submit', class: dangerous ? 'danger' : 'primary' }, action);
  const cancel = h('button', { type: 'button', onclick: () => dialog.close() }, t('cancel'));

  /** @param {SubmitEvent} event */
  const onsubmit = async (event) => {
    event.preventDefault();
    done.disabled = true;
    problem.replaceChildren();
    try {
      await submit();
      dialog.close();
    } catch (error) {
      if (!isAbort(error)) problem.replaceChildren(errorMessage(error));
    } finally {
      done.disabled = false;
    }
  };

  const dialog = h(
    'dialog',
    { 'aria-labelledby': titleId },
    h(
      'form',
      { onsubmit, autocomplete: 'off' },
      h('h2', { id: titleId }, title),
      h('div', { class: 'dialog-content' }, content),
      problem,
      h('div', { class: 'dialog-actions' }, cancel, done),
    ),
  );
  dialog.addEventListener('close', () => {
    dialog.remove();
    onclose?.();
  });
  document.body.append(dialog);
  dialog.showModal();
  return { close: () => dialog.close() };
}
