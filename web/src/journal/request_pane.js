// The request as it was received, and its parameters.

import { t } from '../i18n/index.js';
import { codeBlock, table } from '../shared/components.js';
import { h } from '../shared/dom.js';

/** @param {import('../shared/control_api.js').Exchange} exchange */
export function requestPane({ request: { parameters }, received }) {
  const pairs = parameters && Object.entries(parameters);
  return h(
    'div',
    { class: 'stack' },
    pairs && pairs.length > 0
      ? table(
          t('journal_parameters'),
          [t('journal_parameter'), t('journal_value')],
          pairs.map(([name, value]) => [h('code', {}, name), h('code', { class: 'value-text' }, value)]),
        )
      : h('p', { class: 'faint' }, pairs ? t('journal_no_parameters') : t('journal_unreadable')),
    codeBlock(t('journal_received'), receivedText(received), { wrap: true }).element,
    h('p', { class: 'help' }, t('journal_masked')),
  );
}

/**
 * A request as text: request line, headers and body.
 *
 * @param {import('../shared/control_api.js').Exchange['received']} received
 */
export function receivedText({ method, path, query, headers, body }) {
  const target = query ? `${path}?${query}` : path;
  const head = [`${method} ${target} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  return body ? `${head.join('\n')}\n\n${body}` : head.join('\n');
}
