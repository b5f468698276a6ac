// Shown instead of an empty list of secrets.

import { number } from '../i18n/format.js';
import { t } from '../i18n/index.js';
import { changed, format } from '../shared/address.js';
import { emptyState } from '../shared/components.js';
import { h } from '../shared/dom.js';
import { loadScopes } from '../shared/settings.js';
import { lastPage } from './pager.js';

/** How many other scopes an empty list links to. */
const MAX_SCOPES = 5;

/**
 * Why the list is empty, with links to what the user may be looking for.
 *
 * @param {import('../main.js').Context} now
 * @param {import('./pager.js').Paging} paging
 */
export async function emptyList(now, paging) {
  if (paging.total > 0) {
    return emptyState(t('page_past_end'), h('a', { href: changed({ page: lastPage(paging) }) }, t('page_to_last')));
  }
  if (now.values.search) {
    return emptyState(t('nothing_found'), h('p', {}, t('nothing_found_next')), h('a', { href: changed({ search: '', page: '' }) }, t('search_clear')));
  }
  if (now.values.filters) {
    return emptyState(
      t('nothing_matches'),
      h('p', {}, t('nothing_matches_next')),
      h('a', { href: changed({ filters: '', page: '' }) }, t('filters_clear')),
    );
  }
  const scopes = (await loadScopes()).filter(({ secrets }) => secrets > 0).slice(0, MAX_SCOPES);
  const links = scopes.map(({ cloud, account, region, secrets }) => {
    const text = t('scope_with_secrets', { cloud: t(`cloud_${cloud}`), account, region, secrets: number(secrets) });
    return h('li', {}, h('a', { href: format('secrets', { cloud, account, region }) }, text));
  });
  return emptyState(
    t('no_secrets'),
    h('p', {}, t('no_secrets_next')),
    h('p', {}, t('no_secrets_drop')),
    h('p', {}, t('no_secrets_fixtures'), ' ', h('code', {}, 'kms-emulator --fixtures FILE')),
    links.length > 0 && h('p', {}, t('no_secrets_elsewhere')),
    links.length > 0 && h('ul', {}, links),
  );
}
