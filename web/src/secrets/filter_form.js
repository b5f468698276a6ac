// The form for the filters of the list, with the JSON it produces.

import { t } from '../i18n/index.js';
import { changed, go } from '../shared/address.js';
import { codeBlock } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';

/**
 * @param {import('./cloud.js').Cloud} cloud
 * @param {import('../shared/control_api.js').Operation} operation `ListSecrets`.
 * @param {string} initial
 */
export function filterForm(cloud, operation, initial) {
  let filters = initial;
  const { label, text } = cloud.filtersAsJson(filters);
  const json = codeBlock(label, text, { wrap: true });
  const fields = cloud.filterFields(operation, filters, (next) => {
    filters = next;
    json.code.textContent = cloud.filtersAsJson(next).text;
  });
  const summary = h('summary');
  const clear = h('a', { class: 'button' }, t('filters_clear'));

  /** @param {SubmitEvent} event */
  const onsubmit = (event) => {
    event.preventDefault();
    go(changed({ filters, page: '' }));
  };
  const apply = h('button', { type: 'submit', class: 'primary' }, t('filters_apply'));
  const actions = h('div', { class: 'row' }, apply, clear);
  const element = h(
    'details',
    { class: 'panel filter-panel', open: initial !== '' },
    summary,
    h('form', { class: 'stack filters', onsubmit, autocomplete: 'off' }, fields, json.element, actions),
  );

  /**
   * Shows how many filters are applied to the list.
   *
   * @param {string} applied
   */
  const showCount = (applied) => {
    const count = cloud.countFilters(applied);
    fill(summary, count > 0 ? t('filters_count', { count }) : t('filters'));
    clear.href = changed({ filters: '', page: '' });
    clear.hidden = applied === '';
  };
  return { element, showCount, filters: () => filters, focus: () => summary.focus() };
}
