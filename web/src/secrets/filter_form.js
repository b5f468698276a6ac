// The form of a list's filters, with the JSON that it makes.

import { changed, go } from '../shared/address.js';
import { codeBlock } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { t } from '../i18n/index.js';

/**
 * @param {import('./cloud.js').Cloud} cloud
 * @param {import('../shared/settings.js').Operation} operation Of the list.
 * @param {string} initial
 */
export function filterForm(cloud, operation, initial) {
  let filters = initial;
  const first = cloud.filtersAsJson(filters);
  const json = codeBlock(first.label, first.text);
  json.element.classList.add('wrap');
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
    { class: 'panel', open: initial !== '' },
    summary,
    h('form', { class: 'stack filters', onsubmit, autocomplete: 'off' }, fields, json.element, actions),
  );

  /**
   * Says how many filters the list has now.
   *
   * @param {string} applied
   */
  const count = (applied) => {
    const count = cloud.countFilters(applied);
    fill(summary, count > 0 ? t('filters_count', { count }) : t('filters'));
    clear.href = changed({ filters: '', page: '' });
    clear.hidden = applied === '';
  };
  return { element, count, filters: () => filters, focus: () => summary.focus() };
}
