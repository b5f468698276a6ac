// Deletes the secrets of the server or of a scope.

import { number } from '../i18n/format.js';
import { t } from '../i18n/index.js';
import { checkField, message } from '../shared/components.js';
import { openDialog } from '../shared/dialog.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/error_message.js';
import { isAbort } from '../shared/errors.js';
import { request } from '../shared/http.js';
import { loadScopes } from '../shared/settings.js';
import { matchingScopes, scopeFilterFields, scopeFilterText, totalSecrets } from './scope_filter.js';
import { formSection } from './section.js';

/** How many scopes the dialog lists. */
const MAX_SCOPES = 10;

/** @type {import('./view.js').Tab} */
export function resetSection({ settings, countSecrets }, signal) {
  const filterFields = scopeFilterFields(settings, signal);
  const fixtures = h('input', { type: 'checkbox', checked: true });
  const result = h('div');

  const confirm = async () => {
    fill(result);
    try {
      const filter = filterFields.chosen();
      const scopes = matchingScopes(filter, await loadScopes());
      openDialog({
        title: t('reset_title', { scope: scopeFilterText(filter) }),
        content: [
          h('p', {}, t('reset_effect', { count: number(totalSecrets(scopes)) })),
          scopes.length > 0 &&
            h(
              'ul',
              {},
              scopes.slice(0, MAX_SCOPES).map((scope) => h('li', {}, `${scopeFilterText(scope)}: ${number(scope.secrets)}`)),
            ),
          scopes.length > MAX_SCOPES && h('p', {}, t('reset_more', { count: number(scopes.length - MAX_SCOPES) })),
          h('p', {}, t(fixtures.checked ? 'reset_with_fixtures' : 'reset_without_fixtures')),
          h('p', {}, t('reset_keeps')),
        ],
        action: t('reset_action'),
        dangerous: true,
        submit: async () => {
          const body = { ...filter, fixtures: fixtures.checked };
          const { removed, loaded } = await request('/reset', { method: 'post', body, signal });
          countSecrets();
          fill(
            result,
            message('success', h('p', { role: 'status' }, t('reset_done', { removed: number(removed), loaded: number(loaded) }))),
          );
        },
      });
    } catch (error) {
      if (!isAbort(error)) fill(result, errorMessage(error));
    }
  };

  return formSection({
    title: t('controls_reset'),
    help: t('reset_help'),
    fields: [filterFields.element, checkField(t('reset_fixtures'), fixtures)],
    action: t('reset_confirm'),
    isDangerous: true,
    submit: () => void confirm(),
    result,
  });
}
