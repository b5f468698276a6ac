// The list of secrets: filters, pages, and the form of a new one.

import { changed, format, go, link } from '../shared/address.js';
import { readClock, timeElement, timeLeftElement } from '../shared/clock.js';
import { cloudOf } from './cloud.js';
import { button, emptyState, loading, table } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/errors.js';
import { filterForm } from './filter_form.js';
import { number, t } from '../i18n/index.js';
import { openForm } from './operation_form.js';
import { lastPage, pager, sizePicker } from './pager.js';
import { say } from '../shared/announce.js';
import { isAbort } from '../shared/http.js';
import { loadOperation, loadScopes, parameterOf } from '../shared/settings.js';
import { stateBadge } from './state_badge.js';
import { tagBadges } from './tags.js';

/** @typedef {import('../main.js').Context} Context */
/** @typedef {import('./cloud.js').Secret} Secret */
/** @typedef {import('../shared/settings.js').Operation} Operation */

/** @type {{ key: string, reply: Promise<any> } | null} The first list, until it is shown. */
let first = null;

/** @type {import('../main.js').AskAhead} */
export function askAhead(wanted) {
  first = { key: keyOf(wanted), reply: ask(wanted) };
}

/** @param {import('../main.js').Wanted} wanted */
function keyOf({ scope, values }) {
  return JSON.stringify([scope, values.page, values.size, values.filters]);
}

/**
 * Asks for a page of the list, and for the time that it is.
 *
 * @param {import('../main.js').Wanted} wanted
 * @param {AbortSignal} [signal]
 */
function ask({ scope, values }, signal) {
  const cloud = cloudOf(scope);
  const parameters = cloud.listParameters({ ...pagingOf(values), filters: values.filters ?? '' });
  const answers = Promise.all([cloud.run(scope, 'ListSecrets', parameters, signal), readClock()]);
  const reply = answers.then(([list]) => list);
  // Whoever waits for it hears of what fails; until then nobody does.
  reply.catch(() => {});
  return reply;
}

/** @type {import('../main.js').MakeView} */
export function view(context) {
  const cloud = cloudOf(context.scope);
  const problem = h('div');
  const filterPlace = h('div');
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
    filterPlace,
    h('div', { class: 'row apart list-head' }, status, tools),
    list,
    pages,
  );

  /** @type {AbortController | null} */
  let asking = null;
  /** @type {ReturnType<typeof filterForm> | null} */
  let form = null;
  let applied = '';
  let listShown = '';
  /** @type {Promise<{ close: () => void }> | null} */
  let dialog = null;

  /** @param {Context} now */
  const update = (now) => {
    void showForm(now);
    const wanted = JSON.stringify([now.values.page, now.values.size, now.values.filters]);
    if (wanted !== listShown) void load(now, wanted);
  };

  /**
   * Asks for the page that the address wants. What was asked before, and is not answered yet, is
   * dropped.
   *
   * @param {Context} now
   * @param {string} wanted
   */
  const load = async (now, wanted) => {
    listShown = wanted;
    asking?.abort();
    asking = new AbortController();
    const signal = AbortSignal.any([asking.signal, now.signal]);
    list.setAttribute('aria-busy', 'true');
    try {
      const reply = first?.key === keyOf(now) ? first.reply : ask(now, signal);
      first = null;
      const operation = await loadOperation(now.scope.cloud, 'ListSecrets');
      showFilters(operation, now.values.filters ?? '');
      const { total, secrets } = cloud.readList(await reply);
      signal.throwIfAborted();
      await showList(now, { ...pagingOf(now.values), total, name: 'page' }, secrets, operation);
    } catch (error) {
      if (isAbort(error)) return;
      fill(status);
      fill(pages);
      fill(list, errorMessage(error, () => void load(now, wanted)));
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
    const reload = button(t('reload'), () => void load(now, listShown));
    const parameters = cloud.listParameters({ page, size, filters: now.values.filters ?? '' });
    const call = link('call', { action: operation.action, parameters: JSON.stringify(parameters) });
    const asCall = h('a', { class: 'button', href: call }, t('open_as_call'));
    fill(tools, sizePicker(parameterOf(operation, cloud.sizeParameter), size), asCall, reload);
    fill(status, secrets.length > 0
      ? t('secrets_range', { first: number(first), last: number(first + secrets.length - 1), total: number(total) })
      : t('secrets_total', { total: number(total) }));
    fill(list, secrets.length > 0 ? secretsTable(cloud.listed, secrets) : await nothing(now, paging));
    fill(pages, total > 0 ? pager(paging) : null);
  };

  /**
   * @param {Operation} operation
   * @param {string} filters
   */
  const showFilters = (operation, filters) => {
    // What is typed and not applied yet outlives a change of the page.
    if (!form || (filters !== applied && filters !== form.filters())) {
      const hadFocus = filterPlace.contains(document.activeElement);
      form = filterForm(cloud, operation, filters);
      fill(filterPlace, form.element);
      if (hadFocus) form.focus();
    }
    applied = filters;
    form.count(filters);
  };

  /** @param {Context} now */
  const showForm = async (now) => {
    if (now.values.form !== 'create') {
      (await dialog)?.close();
      return;
    }
    /** @param {any} reply */
    const created = (reply) => {
      now.countSecrets();
      say(t('secret_created', { name: reply.SecretName }));
      go(link('secret', { name: reply.SecretName }));
    };
    const closed = () => {
      dialog = null;
      if (!now.signal.aborted && location.hash.startsWith('#/secrets')) go(changed({ form: '' }), { replace: true });
    };
    dialog ??= openForm(cloud.create, { scope: now.scope, cloud, fixed: {} }, created, closed);
    dialog.catch((error) => {
      closed();
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

/** How many secrets are on a page unless the address says otherwise; both clouds allow as many. */
const PRESET_SIZE = 20;

/**
 * The page and its size that an address wants.
 *
 * @param {Readonly<Record<string, string>>} values
 */
function pagingOf(values) {
  return { page: positive(values.page) ?? 1, size: positive(values.size) ?? PRESET_SIZE };
}

/** @param {string | undefined} text */
function positive(text) {
  const value = Number(text);
  return Number.isSafeInteger(value) && value > 0 ? value : null;
}

/**
 * @param {import('./cloud.js').Cloud['listed']} listed
 * @param {Secret[]} secrets
 */
function secretsTable(listed, secrets) {
  const columns = [t('secret_name'), t('secret_type'), t('secret_state'), t('secret_deletion')];
  if (listed.includes('tags')) columns.push(t('secret_tags'));
  if (listed.includes('description')) columns.push(t('secret_description'));
  columns.push(t('secret_created_at'));
  if (listed.includes('updated')) columns.push(t('secret_updated_at'));
  const rows = secrets.map((secret) => [
    h('a', { href: link('secret', { name: secret.name }), class: 'secret-name' }, secret.name),
    h('span', { class: 'nowrap' }, secret.type),
    stateBadge(secret.state),
    secret.plannedDeletion && timeLeftElement(secret.plannedDeletion),
    ...(listed.includes('tags') ? [tagBadges(secret.tags ?? [])] : []),
    ...(listed.includes('description') ? [secret.description && h('div', { class: 'description' }, secret.description)] : []),
    timeElement(secret.created),
    ...(listed.includes('updated') ? [timeElement(secret.updated)] : []),
  ]);
  return table(t('nav_secrets'), columns, rows);
}

/**
 * What there is to do where nothing is listed.
 *
 * @param {Context} now
 * @param {import('./pager.js').Paging} paging
 */
async function nothing(now, paging) {
  if (paging.total > 0) {
    return emptyState(t('page_past_end'), h('a', { href: changed({ page: lastPage(paging) }) }, t('page_to_last')));
  }
  if (now.values.filters) {
    return emptyState(t('nothing_matches'), h('p', {}, t('nothing_matches_next')), h('a', { href: changed({ filters: '', page: '' }) }, t('filters_clear')));
  }
  const holders = (await loadScopes()).filter(({ secrets }) => secrets > 0).slice(0, 5);
  const links = holders.map(({ cloud, account, region, secrets }) =>
    h('li', {}, h('a', { href: format('secrets', { cloud, account, region }) }, t('holder', { cloud, account, region, secrets: number(secrets) }))),
  );
  return emptyState(
    t('no_secrets'),
    h('p', {}, t('no_secrets_next')),
    h('p', {}, t('no_secrets_fixtures'), ' ', h('code', {}, 'kms-emulator --fixtures FILE')),
    links.length > 0 && h('p', {}, t('no_secrets_elsewhere')),
    links.length > 0 && h('ul', {}, links),
  );
}
