// Modal dialogs.

import { t } from '../i18n/index.js';
import { h, uniqueId } from './dom.js';
import { errorMessage } from './error_message.js';
import { isAbort } from './errors.js';
import { explainInvalid } from './validation.js';

/**
 * Opens a dialog with a form. The browser keeps the focus inside it, closes it on Escape and then restores the focus.
 * If `submit` fails, the dialog stays open and shows the error.
 *
 * @param {object} options
 * @param {string} options.title
 * @param {import('./dom.js').Child} options.content
 * @param {string} options.action The text of the submit button.
 * @param {boolean} [options.dangerous]
 * @param {() => Promise<void>} options.submit
 * @param {() => void} [options.onclose]
 * @returns {{ close: () => void }}
 */
export function openDialog({ title, content, action, dangerous = false, submit, onclose }) {
  const titleId = uniqueId('dialog');
  const problem = h('div', { class: 'problem' });
  const submitButton = h('button', { type: 'submit', class: dangerous ? 'danger' : 'primary' }, action);
  const cancelButton = h('button', { type: 'button', onclick: () => close() }, t('cancel'));

  /** @param {SubmitEvent} event */
  const onsubmit = async (event) => {
    event.preventDefault();
    submitButton.disabled = true;
    problem.replaceChildren();
    try {
      await submit();
      close();
    } catch (error) {
      if (!isAbort(error)) problem.replaceChildren(errorMessage(error));
    } finally {
      submitButton.disabled = false;
    }
  };

  const form = h(
    'form',
    { onsubmit, autocomplete: 'off' },
    h('h2', { id: titleId }, title),
    h('div', { class: 'dialog-content' }, content, problem),
    h('div', { class: 'dialog-actions' }, h('span', { class: 'faint dialog-note', role: 'status' }), cancelButton, submitButton),
  );
  explainInvalid(form);
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  const dialog = h('dialog', { 'aria-labelledby': titleId }, form);
  const closed = () => {
    if (!dialog.isConnected) return;
    dialog.remove();
    onclose?.();
  };
  // `close` events are late: a key pressed before one would still find the old address, and could not open the form again.
  const close = () => {
    dialog.close();
    closed();
  };
  keepInput(dialog, form);
  dialog.addEventListener('cancel', (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    close();
  });
  dialog.addEventListener('close', closed);
  document.body.append(dialog);
  dialog.showModal();
  return { close };
}

/**
 * Keeps a dialog open at the first Escape after something was entered.
 *
 * @param {HTMLDialogElement} dialog
 * @param {HTMLFormElement} form
 */
function keepInput(dialog, form) {
  let isChanged = false;
  const note = form.querySelector('.dialog-note');
  form.addEventListener('input', () => {
    isChanged = true;
    if (note) note.textContent = '';
  });
  dialog.addEventListener('cancel', (event) => {
    if (!isChanged) return;
    event.preventDefault();
    isChanged = false;
    if (note) note.textContent = t('dialog_escape');
  });
}

/** Closes the dialogs of a view that is left, with the values that they show. */
export function closeDialogs() {
  for (const dialog of document.querySelectorAll('dialog')) dialog.close();
}

/**
 * Opens a dialog that only shows something. It closes when the address changes.
 *
 * @param {string} title
 * @param {import('./dom.js').Child} content
 */
export function openNotice(title, content) {
  const titleId = uniqueId('dialog');
  const dialog = h(
    'dialog',
    { 'aria-labelledby': titleId },
    h(
      'form',
      { method: 'dialog' },
      h('h2', { id: titleId }, title),
      h('div', { class: 'dialog-content' }, content),
      h('div', { class: 'dialog-actions' }, h('button', { type: 'submit', class: 'primary', autofocus: true }, t('close'))),
    ),
  );
  dialog.addEventListener('close', () => dialog.remove());
  addEventListener('hashchange', () => dialog.close(), { once: true });
  document.body.append(dialog);
  dialog.showModal();
}
