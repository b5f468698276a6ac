// The list of secrets with its filters and pages, and the form to create a secret.

import { number } from '../i18n/format.js';
import { t } from '../i18n/index.js';
import { changed, format, go, link } from '../shared/address.js';
import { announce } from '../shared/announce.js';
import { readClock } from '../shared/clock.js';
import { button, emptyState, loading, table } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/error_message.js';
import { isAbort } from '../shared/errors.js';
import { loadOperation, parameterOf } from '../shared/operations.js';
import { loadScopes } from '../shared/settings.js';
import { timeElement, timeLeftElement } from '../shared/time_elements.js';
import { cloudOf } from './cloud.js';
import { filterForm } from './filter_form.js';
import { openForm } from './operation_form.js';
import { lastPage, pager, pagingOf, sizePicker } from './pager.js';
import { stateBadge } from './state_badge.js';
import { tagBadges } from './tags.js';

/** @typedef {import('../main.js').Context} Context */
/** @typedef {import('./cloud.js').Secret} Secret */
/** @typedef {import('../shared/control_api.js').Operation} Operation */

/** @type {{ key: string, reply: Promise<any> } | null} The list that was requested before the view was drawn. */
let prefetched = null;

/** @type {import('../main.js').Prefetch} */
export function prefetch(target) {
  const reply = requestList(target);
  prefetched = { key: keyOf(target), reply };
  // The view shows the error.
  reply.catch(() => {});
}

/** @param {import('../main.js').Target} target */
function keyOf({ scope, values }) {
  return JSON.stringify([scope, values.page, values.size, values.filters]);
}

/**
 * Requests a page of the list, and reads the clock.
 *
 * @param {import('../main.js').Target} target
 * @param {AbortSignal} [signal]
 */
async function requestList({ scope, values }, signal) {
  const cloud = cloudOf(scope);
  const parameters = cloud.listParameters({ ...pagingOf(values), filters: values.filters ?? '' });
  const [list] = await Promise.all([cloud.run(scope, 'ListSecrets', parameters, signal), readClock(values.account)]);
  return list;
}

/** @type {import('../main.js').CreateView} */
export function view(context) {
  const cloud = cloudOf(context.scope);
  const problem = h('div');
  const filterPanel = h('div');
  const status = h('p', { class: 'list-status', role: 'status' });
  const tools = h('div', { class: 'row' });
  const list = h('div', {}, loading());
  const pages = h('div', { class: 'list-pages' });
  const element = h(
    'div',
    {},
    h(
      'div',
      { class: 'row apart view-head' },
      h('h1', {}, t('nav_secrets')),
      button(t('create_secret'), () => go(changed({ form: 'create' })), { kind: 'primary' }),
    ),
    problem,
    filterPanel,
    h('div', { class: 'row apart list-head' }, status, tools),
    list,
    pages,
  );

  /** @type {AbortController | null} */
  let pending = null;
  /** @type {ReturnType<typeof filterForm> | null} */
  let form = null;
  let applied = '';
  let shownKey = '';
  /** @type {Promise<{ close: () => void }> | null} */
  let dialog = null;

  /** @param {Context} context */
  const update = (context) => {
    void showForm(context);
    if (keyOf(context) !== shownKey) void load(context);
  };

  /**
   * Loads the page in the address, and cancels the request for the page before.
   *
   * @param {Context} now
   */
  const load = async (now) => {
    shownKey = keyOf(now);
    pending?.abort();
    pending = new AbortController();
    const signal = AbortSignal.any([pending.signal, now.signal]);
    list.setAttribute('aria-busy', 'true');
    try {
      const reply = prefetched?.key === shownKey ? prefetched.reply : requestList(now, signal);
      prefetched = null;
      // The request may fail before it is awaited below.
      reply.catch(() => {});
      const operation = await loadOperation(now.scope.cloud, 'ListSecrets');
      showFilters(operation, now.values.filters ?? '');
      const { total, secrets } = cloud.readList(await reply);
      signal.throwIfAborted();
      await showList(now, { ...pagingOf(now.values), total, name: 'page' }, secrets, operation);
    } catch (error) {
      if (isAbort(error)) return;
      fill(status);
      fill(pages);
      fill(
        list,
        errorMessage(error, () => void load(now)),
      );
    }
    list.removeAttribute('aria-busy');
  };

  /**
   * @param {Context} now
   * @param {import('./pager.js').Paging} paging
   * @param {Secret[]} secrets
   * @param {Operation} operation
   */
  const showList = async (now, paging, secrets, operation) => {
    const { page, size, total } = paging;
    const first = (page - 1) * size + 1;
    const reload = button(t('reload'), () => void load(now));
    const parameters = cloud.listParameters({ page, size, filters: now.values.filters ?? '' });
    const callAddress = link('call', { action: operation.action, parameters: JSON.stringify(parameters) });
    const openInCall = h('a', { class: 'button', href: callAddress }, t('open_in_call'));
    fill(tools, sizePicker(parameterOf(operation, cloud.sizeParameter), size), openInCall, reload);
    fill(
      status,
      secrets.length > 0
        ? t('secrets_range', { first: number(first), last: number(first + secrets.length - 1), total: number(total) })
        : t('secrets_total', { total: number(total) }),
    );
    fill(list, secrets.length > 0 ? secretsTable(cloud.listColumns, secrets) : await emptyList(now, paging));
    fill(pages, total > 0 ? pager(paging) : null);
  };

  /**
   * @param {Operation} operation
   * @param {string} filters
   */
  const showFilters = (operation, filters) => {
    // Filters that are entered but not applied yet survive a change of the page.
    if (!form || (filters !== applied && filters !== form.filters())) {
      const hadFocus = filterPanel.contains(document.activeElement);
      form = filterForm(cloud, operation, filters);
      fill(filterPanel, form.element);
      if (hadFocus) form.focus();
    }
    applied = filters;
    form.showCount(filters);
  };

  /** @param {Context} now */
  const showForm = async (now) => {
    if (now.values.form !== 'create') {
      (await dialog)?.close();
      return;
    }
    /** @param {any} reply */
    const ondone = (reply) => {
      now.countSecrets();
      announce(t('secret_created', { name: reply.SecretName }));
      go(link('secret', { name: reply.SecretName }));
    };
    const onclose = () => {
      dialog = null;
      if (!now.signal.aborted && location.hash.startsWith('#/secrets')) go(changed({ form: '' }), { replace: true });
    };
    dialog ??= openForm(cloud.createForm, { scope: now.scope, cloud, fixed: {} }, ondone, onclose);
    dialog.catch((error) => {
      onclose();
      fill(problem, errorMessage(error));
    });
  };

  update(context);
  return {
    title: t('nav_secrets'),
    element,
    update,
    dispose: () => void dialog?.then((open) => open.close()),
  };
}

/**
 * @param {import('./cloud.js').Cloud['listColumns']} optional
 * @param {Secret[]} secrets
 */
function secretsTable(optional, secrets) {
  const columns = [t('secret_name'), t('secret_type'), t('secret_state'), t('secret_deletion')];
  if (optional.includes('tags')) columns.push(t('secret_tags'));
  if (optional.includes('description')) columns.push(t('secret_description'));
  columns.push(t('secret_created_at'));
  if (optional.includes('updated')) columns.push(t('secret_updated_at'));
  const rows = secrets.map((secret) => [
    h('a', { href: link('secret', { name: secret.name }), class: 'secret-name' }, secret.name),
    h('span', { class: 'nowrap' }, secret.type),
    stateBadge(secret.state),
    secret.plannedDeletion && timeLeftElement(secret.plannedDeletion),
    ...(optional.includes('tags') ? [tagBadges(secret.tags ?? [])] : []),
    ...(optional.includes('description') ? [secret.description && h('div', { class: 'description' }, secret.description)] : []),
    timeElement(secret.created),
    ...(optional.includes('updated') ? [timeElement(secret.updated)] : []),
  ]);
  return table(t('nav_secrets'), columns, rows);
}

/** How many other scopes an empty list links to. */
const MAX_SCOPES = 5;

/**
 * Shown instead of an empty list, with links to what the user may be looking for.
 *
 * @param {Context} now
 * @param {import('./pager.js').Paging} paging
 */
async function emptyList(now, paging) {
  if (paging.total > 0) {
    return emptyState(t('page_past_end'), h('a', { href: changed({ page: lastPage(paging) }) }, t('page_to_last')));
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
    h('p', {}, t('no_secrets_fixtures'), ' ', h('code', {}, 'kms-emulator --fixtures FILE')),
    links.length > 0 && h('p', {}, t('no_secrets_elsewhere')),
    links.length > 0 && h('ul', {}, links),
  );
}
