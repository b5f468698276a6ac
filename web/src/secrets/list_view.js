// The list of secrets with its filters and pages, and the form to create a secret.

import { number } from '../i18n/format.js';
import { t } from '../i18n/index.js';
import { changed, go, link } from '../shared/address.js';
import { announce } from '../shared/announce.js';
import { readClock } from '../shared/clock.js';
import { button, loading } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/error_message.js';
import { isAbort } from '../shared/errors.js';
import { loadOperation, parameterOf } from '../shared/operations.js';
import { loadScopes } from '../shared/settings.js';
import { MAX_READ, matching, readAll, sorted } from './all_secrets.js';
import { followChanges } from './changes.js';
import { cloudOf } from './cloud.js';
import { columnPicker, shownColumns } from './columns.js';
import { createSubject } from './create_subject.js';
import { acceptFiles } from './drop_file.js';
import { emptyList } from './empty_list.js';
import { filterForm } from './filter_form.js';
import { downloadFixture } from './fixture_file.js';
import { openForm } from './operation_form.js';
import { pager, pagingOf, sizePicker } from './pager.js';
import { secretsTable } from './secrets_table.js';
import { selection } from './selection.js';

/** @typedef {import('../main.js').Context} Context */
/** @typedef {import('./cloud.js').Secret} Secret */
/** @typedef {import('../shared/control_api.js').Operation} Operation */

/** The delay until a search is written to the address. */
const SEARCH_AFTER_MS = 250;

/** @type {{ key: string, reply: Promise<List> } | null} The list that was requested before the view was drawn. */
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
  return JSON.stringify([scope, values.page, values.size, values.filters, values.search, values.sort]);
}

/** @typedef {{ total: number, secrets: Secret[], isPart?: boolean }} List A page, and whether only a part of the secrets was searched. */

/**
 * Requests a page of the list, and reads the clock.
 *
 * @param {import('../main.js').Target} target
 * @param {AbortSignal} [signal]
 * @returns {Promise<List>}
 */
async function requestList({ scope, values }, signal) {
  const cloud = cloudOf(scope);
  const filters = values.filters ?? '';
  const { page, size } = pagingOf(values);
  const readPage = async (/** @type {number} */ page, /** @type {number} */ size) =>
    cloud.readList(await cloud.run(scope, 'ListSecrets', cloud.listParameters({ page, size, filters }), signal));
  const { search = '', sort = '' } = values;
  const [list] = await Promise.all([search || sort ? readAll(readPage) : readPage(page, size), readClock(values.account)]);
  if (!search && !sort) return list;
  const found = sorted(matching(list.secrets, search), sort);
  return { total: found.length, secrets: found.slice((page - 1) * size, page * size), isPart: list.secrets.length < list.total };
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
  const notes = h('div');
  const search = h('input', {
    type: 'search',
    class: 'search',
    'aria-label': t('search_secrets'),
    placeholder: t('search_secrets'),
    autocomplete: 'off',
    spellcheck: 'false',
    oninput: () => {
      clearTimeout(searchTimer);
      searchTimer = setTimeout(() => go(changed({ search: search.value.trim(), page: '' }), { replace: true }), SEARCH_AFTER_MS);
    },
  });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let searchTimer;
  let now = context;
  let shownTotal = 0;
  const reloadQuietly = () => void load(now, true);
  const chosen = selection(context, cloud, reloadQuietly);
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
    h('div', { class: 'row' }, search),
    filterPanel,
    h('div', { class: 'row apart list-head' }, status, h('div', { class: 'row' }, columnPicker(context.scope.cloud, cloud, reloadQuietly), tools)),
    notes,
    list,
    pages,
    chosen.bar,
  );
  acceptFiles(context, problem, reloadQuietly);
  followChanges(context, reloadQuietly);

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
    now = context;
    if (document.activeElement !== search) search.value = now.values.search ?? '';
    void showForm(now);
    if (keyOf(now) !== shownKey) void load(now);
  };

  /**
   * Loads the page in the address, and cancels the request for the page before.
   *
   * @param {Context} now
   * @param {boolean} [isQuiet] Whether the list is only brought up to date.
   */
  const load = async (now, isQuiet = false) => {
    shownKey = keyOf(now);
    pending?.abort();
    pending = new AbortController();
    const signal = AbortSignal.any([pending.signal, now.signal]);
    if (!isQuiet) list.setAttribute('aria-busy', 'true');
    try {
      const reply = prefetched?.key === shownKey ? prefetched.reply : requestList(now, signal);
      prefetched = null;
      // The request may fail before it is awaited below.
      reply.catch(() => {});
      const operation = await loadOperation(now.scope.cloud, 'ListSecrets');
      showFilters(operation, now.values.filters ?? '');
      const found = await reply;
      signal.throwIfAborted();
      await showList(now, { ...pagingOf(now.values), total: found.total, name: 'page' }, found, operation);
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
   * @param {List} found
   * @param {Operation} operation
   */
  const showList = async (now, paging, { secrets, isPart }, operation) => {
    const { page, size, total } = paging;
    shownTotal = total;
    const first = (page - 1) * size + 1;
    const reload = button(t('reload'), () => void load(now));
    const parameters = cloud.listParameters({ page, size, filters: now.values.filters ?? '' });
    const callAddress = link('call', { action: operation.action, parameters: JSON.stringify(parameters) });
    const openInCall = h('a', { class: 'button', href: callAddress }, t('open_in_call'));
    const save = button(t('download_fixture'), () => downloadFixture(now.scope, secrets.map(({ name }) => name), now.signal), { disabled: secrets.length === 0 });
    fill(tools, sizePicker(parameterOf(operation, cloud.sizeParameter), size), openInCall, save, reload);
    fill(
      status,
      secrets.length > 0
        ? t('secrets_range', { first: number(first), last: number(first + secrets.length - 1), total: number(total) })
        : t('secrets_total', { total: number(total) }),
    );
    chosen.keep(secrets);
    const focusedSort = list.querySelector('.sort:focus')?.getAttribute('data-sort');
    fill(
      list,
      secrets.length > 0 ? secretsTable(cloud, secrets, { columns: shownColumns(now.scope.cloud, cloud), sort: now.values.sort ?? '', checkbox: chosen.checkbox }) : await emptyList(now, paging),
    );
    if (focusedSort) /** @type {HTMLElement | null} */ (list.querySelector(`[data-sort="${focusedSort}"]`))?.focus();
    fill(pages, total > size || page > 1 ? pager(paging) : null);
    await showNotes(now, secrets.length, isPart ?? false);
  };

  /**
   * Says what the list does not contain.
   *
   * @param {Context} now
   * @param {number} listed
   * @param {boolean} isPart
   */
  const showNotes = async ({ scope, values }, listed, isPart) => {
    // Without a filter, Tencent Cloud lists only user-defined secrets.
    const isOwnOnly = scope.cloud === 'tencent' && !values.filters && !values.search;
    const counted = isOwnOnly && listed > 0 ? (await loadScopes()).find((each) => isSame(each, scope)) : undefined;
    const others = counted ? counted.secrets - shownTotal : 0;
    fill(
      notes,
      isPart && h('p', { class: 'help' }, t('search_is_part', { count: number(MAX_READ) })),
      others > 0 && h('p', { class: 'help' }, t('list_is_own', { count: number(others) })),
    );
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
      if (!now.signal.aborted && location.hash.startsWith('#/secrets')) go(changed({ form: '', from: '' }), { replace: true });
    };
    dialog ??= createSubject(now, cloud).then((subject) => openForm(cloud.createForm, subject, ondone, onclose));
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
    dispose: () => {
      clearTimeout(searchTimer);
      void dialog?.then((open) => open.close());
    },
  };
}

/**
 * @param {import('./cloud.js').Scope} one
 * @param {import('./cloud.js').Scope} other
 */
function isSame(one, other) {
  return one.cloud === other.cloud && one.account === other.account && one.region === other.region;
}
