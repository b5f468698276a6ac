// Sentences for invalid controls of a form, next to them.

import { number } from '../i18n/format.js';
import { t } from '../i18n/index.js';
import { h } from './dom.js';

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Control */

/**
 * Shows a sentence below each invalid control when the form is submitted or the control is left, instead of the browser's
 * bubble, which has the language of the browser.
 *
 * @param {HTMLFormElement} form
 */
export function explainInvalid(form) {
  form.addEventListener(
    'invalid',
    (event) => {
      event.preventDefault();
      if (!isControl(event.target)) return;
      // A control in a closed part of the form cannot be focused.
      event.target.closest('details')?.setAttribute('open', '');
      show(event.target);
      if (form.querySelector(':invalid:not(fieldset)') === event.target) event.target.focus();
    },
    { capture: true },
  );
  form.addEventListener('focusout', ({ target }) => isControl(target) && target.matches(':user-invalid') && show(target));
  form.addEventListener('input', ({ target }) => isControl(target) && target.validity.valid && hide(target));
}

/**
 * @param {EventTarget | null} target
 * @returns {target is Control}
 */
function isControl(target) {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** @param {Control} control */
function show(control) {
  hide(control);
  const id = `${control.id}-invalid`;
  const place = control.closest('.field') ?? control;
  place.append(h('p', { class: 'invalid-text', id }, sentenceOf(control)));
  control.setAttribute('aria-invalid', 'true');
  control.setAttribute('aria-errormessage', id);
}

/** @param {Control} control */
function hide(control) {
  document.getElementById(`${control.id}-invalid`)?.remove();
  control.removeAttribute('aria-invalid');
  control.removeAttribute('aria-errormessage');
}

/** @param {Control} control */
function sentenceOf(control) {
  const { validity } = control;
  const bounds = control instanceof HTMLInputElement ? control : null;
  if (validity.valueMissing) return t('invalid_required');
  if (validity.badInput) return t('invalid_number');
  if (validity.rangeUnderflow) return t('call_hint_minimum', { minimum: number(Number(bounds?.min)) });
  if (validity.rangeOverflow) return t('call_hint_maximum', { maximum: number(Number(bounds?.max)) });
  return control.validationMessage;
}
