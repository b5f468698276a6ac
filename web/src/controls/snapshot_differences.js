// The differences between two snapshots, or between a snapshot and now.

import { number } from '../i18n/format.js';
import { t } from '../i18n/index.js';
import { link } from '../shared/address.js';
import { badge, emptyState, field, loading, select, table } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/error_message.js';
import { isAbort } from '../shared/errors.js';
import { request } from '../shared/http.js';

const KINDS = { added: 'good', removed: 'bad', changed: 'warning' };

/**
 * @param {string} name The earlier snapshot.
 * @param {readonly string[]} others The names of the other snapshots.
 * @param {AbortSignal} signal
 */
export function snapshotDifferences(name, others, signal) {
  const content = h('div', {}, loading());
  const picker = select([['', t('compare_now')], ...others.map((other) => /** @type {const} */ ([other, other]))], '', {
    onchange: () => void load(),
  });

  const load = async () => {
    try {
      const query = { to: picker.value || undefined };
      const { count, secrets } = await request('/snapshots/{name}/differences', { path: { name }, query, signal });
      fill(content, secrets.length > 0 ? differencesTable(count, secrets) : emptyState(t('compare_equal')));
    } catch (error) {
      if (!isAbort(error)) fill(content, errorMessage(error));
    }
  };
  void load();
  return h(
    'section',
    { class: 'stack' },
    h('h2', { tabindex: -1 }, t('compare_title', { name })),
    h('div', { class: 'row end' }, field(t('compare_with'), picker)),
    content,
  );
}

/**
 * @param {number} count
 * @param {import('../shared/control_api.js').Difference[]} secrets
 */
function differencesTable(count, secrets) {
  const rows = secrets.map(({ cloud, account, region, name, change, parts }) => [
    change === 'removed' ? h('span', { class: 'mono' }, name) : h('a', { href: link('secret', { cloud, account, region, name }), class: 'mono' }, name),
    badge(t(`change_${change}`), KINDS[change]),
    parts.length > 0 && h('div', { class: 'badges' }, parts.map((part) => badge(t(`part_${part}`)))),
    t(`cloud_${cloud}`),
    `${region} · ${account}`,
  ]);
  const title = t('compare_count', { count: number(count) });
  return h(
    'div',
    { class: 'stack' },
    h('p', { role: 'status' }, title),
    table(title, [t('secret_name'), t('compare_change'), t('compare_parts'), t('scope_cloud'), t('journal_region')], rows),
  );
}
