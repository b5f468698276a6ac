// A section with a heading, a help text and a form.

import { h } from '../shared/dom.js';
import { explainInvalid } from '../shared/validation.js';

/** @typedef {import('../shared/dom.js').Child} Child */

/**
 * @param {object} options
 * @param {string} options.title
 * @param {string} [options.help]
 * @param {Child} options.fields
 * @param {string} options.action The text of the submit button.
 * @param {boolean} [options.isDangerous]
 * @param {() => void} options.submit
 * @param {Child} [options.more] Placed after the submit button.
 * @param {Child} [options.result] Placed after the form.
 */
export function formSection({ title, help, fields, action, isDangerous = false, submit, more, result }) {
  /** @param {SubmitEvent} event */
  const onsubmit = (event) => {
    event.preventDefault();
    submit();
  };
  const form = h(
    'form',
    { class: 'stack', onsubmit, autocomplete: 'off' },
    fields,
    h('div', { class: 'row' }, h('button', { type: 'submit', class: isDangerous ? 'danger' : 'primary' }, action), more),
  );
  explainInvalid(form);
  return h('section', {}, h('h2', {}, title), help && h('p', { class: 'help' }, help), form, result);
}
