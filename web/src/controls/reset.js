// Emptying the server, or a part of it, and writing out what it holds.

import { checkField, message } from '../shared/components.js';
import { openDialog } from '../shared/dialog.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/errors.js';
import { number, t } from '../i18n/index.js';
import { say } from '../shared/announce.js';
import { holdingsOf, selectionFields, selectionQuery, selectionText } from './selection.js';
import { isAbort, open, request } from '../shared/http.js';
import { loadScopes } from '../shared/settings.js';

/** @type {import('./view.js').Part} */
export function resetPart(context, signal) {
  return h('div', {}, resetSection(context, signal), exportSection(context, signal));
}

/** @type {import('./view.js').Part} */
function resetSection({ settings, countSecrets }, signal) {
  const what = selectionFields(settings, signal);
  const fixtures = h('input', { type: 'checkbox', checked: true });
  const problem = h('div');

  const ask = async () => {
    fill(problem);
    try {
      const selection = what.chosen();
      const holdings = holdingsOf(selection, await loadScopes());
      const total = holdings.reduce((sum, each) => sum + each.secrets, 0);
      openDialog({
        title: t('reset_title', { what: selectionText(selection) }),
        content: [
          h('p', {}, t('reset_goes', { count: number(total) })),
          holdings.length > 0 &&
            h(
              'ul',
              {},
              holdings.slice(0, 10).map((each) => h('li', {}, `${selectionText(each)}: ${number(each.secrets)}`)),
            ),
          holdings.length > 10 && h('p', {}, t('reset_more', { count: number(holdings.length - 10) })),
          h('p', {}, t(fixtures.checked ? 'reset_fixtures_come' : 'reset_fixtures_not')),
          h('p', {}, t('reset_stays')),
        ],
        action: t('reset_action'),
        dangerous: true,
        submit: async () => {
          const { removed, loaded } = await request('/reset', { body: { ...selection, fixtures: fixtures.checked }, signal });
          countSecrets();
          fill(
            problem,
            message('success', h('p', { role: 'status' }, t('reset_done', { removed: number(removed), loaded: number(loaded) }))),
          );
        },
      });
    } catch (error) {
      if (!isAbort(error)) fill(problem, errorMessage(error));
    }
  };

  return section(
    t('controls_reset'),
    t('reset_help'),
    [what.element, checkField(t('reset_fixtures'), fixtures)],
    t('reset_ask'),
    'danger',
    () => void ask(),
    problem,
  );
}

/** @type {import('./view.js').Part} */
function exportSection({ settings }, signal) {
  const what = selectionFields(settings, signal);
  const values = h('input', { type: 'checkbox' });
  const problem = h('div');

  const save = async () => {
    fill(problem);
    try {
      const query = selectionQuery(what.chosen(), values.checked ? { values: 'true' } : {});
      const response = await open(`/state?${query}`, { signal });
      const address = URL.createObjectURL(await response.blob());
      h('a', { href: address, download: values.checked ? 'kms-emulator-with-values.json' : 'kms-emulator.json' }).click();
      URL.revokeObjectURL(address);
      say(t('export_done'));
    } catch (error) {
      if (!isAbort(error)) fill(problem, errorMessage(error));
    }
  };

  return section(
    t('export_title'),
    t('export_help'),
    [what.element, checkField(t('export_values'), values)],
    t('export_action'),
    'primary',
    () => void save(),
    problem,
  );
}

/**
 * @param {string} title
 * @param {string} help
 * @param {import('../shared/dom.js').Child} fields
 * @param {string} action
 * @param {string} kind
 * @param {() => void} submit
 * @param {HTMLElement} problem
 */
function section(title, help, fields, action, kind, submit, problem) {
  /** @param {SubmitEvent} event */
  const onsubmit = (event) => {
    event.preventDefault();
    submit();
  };
  return h(
    'section',
    {},
    h('h2', {}, title),
    h('p', { class: 'help' }, help),
    h(
      'form',
      { class: 'stack', onsubmit, autocomplete: 'off' },
      fields,
      h('div', {}, h('button', { type: 'submit', class: kind }, action)),
    ),
    problem,
  );
}
