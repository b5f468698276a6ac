// The operations, parameters and codes that clients have used.

import { number } from '../i18n/format.js';
import { t } from '../i18n/index.js';
import { link } from '../shared/address.js';
import { badge, button, emptyState, loading, table } from '../shared/components.js';
import { openDialog } from '../shared/dialog.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/error_message.js';
import { isAbort } from '../shared/errors.js';
import { request } from '../shared/http.js';

/** @typedef {Readonly<Record<string, number>>} Counts */
/** @typedef {import('../shared/control_api.js').CloudCoverage} CloudCoverage */

/** @type {import('./view.js').Tab} */
export function coverageTab(_, signal) {
  const report = h('div', {}, loading());

  const load = async () => {
    try {
      const { clouds } = await request('/coverage', { signal });
      fill(report, clouds.map(cloudSection));
    } catch (error) {
      if (!isAbort(error))
        fill(
          report,
          errorMessage(error, () => void load()),
        );
    }
  };

  const clear = () =>
    openDialog({
      title: t('coverage_clear'),
      content: h('p', {}, t('coverage_clear_effect')),
      action: t('coverage_clear'),
      dangerous: true,
      submit: async () => {
        await request('/coverage', { method: 'delete', signal });
        await load();
      },
    });

  void load();
  return h(
    'div',
    { class: 'stack' },
    h('p', { class: 'help' }, t('coverage_help')),
    h(
      'div',
      { class: 'row' },
      button(t('reload'), () => void load()),
      button(`${t('coverage_clear')}…`, clear, { kind: 'danger' }),
    ),
    report,
  );
}

/** @param {CloudCoverage} coverage */
function cloudSection({
  cloud,
  operations,
  unused_operations: unused,
  unsupported_operations: unsupported,
  unknown_operations: unknown,
  codes,
}) {
  const total = operations.length + unused.length;
  const title = t('coverage_of', { cloud: t(`cloud_${cloud}`), used: operations.length, total });
  return h(
    'section',
    { class: 'stack' },
    h('h2', {}, title),
    operations.length > 0
      ? table(
          title,
          [
            t('coverage_operation'),
            t('coverage_requests'),
            t('coverage_codes'),
            t('coverage_parameters'),
            t('coverage_unused_parameters'),
            t('coverage_unsupported_parameters'),
          ],
          operations.map((operation) => [
            h('a', { href: link('call', { cloud, region: '', action: operation.action }), class: 'mono' }, operation.action),
            number(operation.requests),
            counts(operation.codes, true),
            names(operation.parameters),
            names(operation.unused_parameters, 'faint'),
            names(operation.unsupported_parameters),
          ]),
        )
      : emptyState(
          t('coverage_none'),
          h('p', {}, t('coverage_none_next')),
        ),
    subsection(t('coverage_all_codes'), Object.keys(codes).length, counts(codes, true)),
    subsection(t('coverage_unsupported'), Object.keys(unsupported).length, counts(unsupported)),
    subsection(t('coverage_unknown'), Object.keys(unknown).length, counts(unknown)),
    subsection(t('coverage_unused'), unused.length, names(unused, 'faint')),
  );
}

/**
 * @param {string} title
 * @param {number} count
 * @param {import('../shared/dom.js').Child} content
 */
function subsection(title, count, content) {
  return count > 0 && h('div', {}, h('h3', {}, title), content);
}

/**
 * @param {Counts} counts
 * @param {boolean} [isOfCodes]
 */
function counts(counts, isOfCodes = false) {
  const kind = (/** @type {string} */ name) => (!isOfCodes ? '' : name === 'OK' ? 'good' : 'bad');
  return h(
    'div',
    { class: 'badges' },
    Object.entries(counts).map(([name, count]) => badge(`${name}: ${number(count)}`, kind(name))),
  );
}

/**
 * @param {string[]} names
 * @param {string} [kind]
 */
function names(names, kind = '') {
  return h('span', { class: `mono ${kind}` }, names.join(', ') || '–');
}
