// The documentation of an operation.

import { t, translated } from '../i18n/index.js';
import { table, withCode } from '../shared/components.js';
import { h } from '../shared/dom.js';
import { isSource } from '../shared/operations.js';

/** @param {import('../shared/control_api.js').Operation} operation */
export function aboutOperation(operation) {
  const { action, summary, page, differences, errors } = operation;
  return h(
    'div',
    { class: 'call-about' },
    h('h2', { class: 'mono' }, action),
    h(
      'p',
      {},
      withCode(translated(summary)),
      ' ',
      h('a', { href: page, target: '_blank', rel: 'noopener noreferrer' }, t('call_vendor_page')),
    ),
    differences && h('p', { class: 'help' }, h('strong', {}, t('call_differences')), ' ', withCode(translated(differences))),
    errors.length > 0
      ? h(
          'details',
          {},
          h('summary', {}, t(isSource(operation) ? 'call_errors_of_source' : 'call_errors', { count: errors.length })),
          table(
            t('call_errors_of', { action }),
            [t('call_error_code'), t('call_error_status'), t('call_error_message')],
            errors.map((error) => [h('code', {}, error.code), error.status, error.message]),
          ),
        )
      : h('p', { class: 'help' }, t('call_no_errors')),
  );
}
