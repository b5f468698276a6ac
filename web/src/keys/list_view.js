// The list of keys, and the form to create a key.

import { number } from '../i18n/format.js';
import { t } from '../i18n/index.js';
import { changed, go, link } from '../shared/address.js';
import { announce } from '../shared/announce.js';
import { readClock } from '../shared/clock.js';
import { badge, button, emptyState, field, loading, select, table } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/error_message.js';
import { isAbort } from '../shared/errors.js';
import { loadOperation, parameterOf } from '../shared/operations.js';
import { timeElement, timeLeftElement } from '../shared/time_elements.js';
import { alibaba } from '../secrets/alibaba.js';
import { followChanges } from '../secrets/changes.js';
import { openForm } from '../secrets/operation_form.js';
import { lastPage, pager, pagingOf, sizePicker } from '../secrets/pager.js';
import { stateBadge } from '../secrets/state_badge.js';
import { CREATE_KEY } from './forms.js';
import { listKeys } from './keys.js';

/** @typedef {import('../main.js').Context} Context */
/** @typedef {import('./keys.js').Key} Key */

/** The filters in the address, with the keys of `Filters`. */
const FILTERS = /** @type {const} */ ({ state: 'KeyState', usage: 'KeyUsage' });

/** @type {import('../main.js').CreateView} */
export function view(context) {
  if (context.scope.cloud !== 'alibaba') return viewWithoutKeys();
  const problem = h('div');
  const filters = h('div', { class: 'row' });
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
      h('h1', {}, t('nav_keys')),
      button(t('create_key'), () => go(changed({ form: 'create' })), { kind: 'primary' }),
    ),
    problem,
    h('div', { class: 'row apart list-head' }, h('div', { class: 'row' }, status, filters), tools),
    list,
    pages,
  );

  let now = context;
  let shown = '';
  /** @type {AbortController | null} */
  let pending = null;
  /** @type {Promise<{ close: () => void }> | null} */
  let dialog = null;

  /** @param {boolean} [isQuiet] Whether the list is only brought up to date. */
  const load = async (isQuiet = false) => {
    shown = stateOf(now);
    pending?.abort();
    pending = new AbortController();
    const signal = AbortSignal.any([pending.signal, now.signal]);
    if (!isQuiet) list.setAttribute('aria-busy', 'true');
    try {
      const paging = pagingOf(now.values);
      const operation = await loadOperation('alibaba', 'ListKeys');
      const query = { ...paging, filters: filtersOf(now.values) };
      const [found] = await Promise.all([listKeys(now.scope, query, signal), readClock(now.values.account)]);
      signal.throwIfAborted();
      showFilters(operation);
      fill(tools, sizePicker(parameterOf(operation, 'PageSize'), paging.size), button(t('reload'), () => void load()));
      fill(status, t('keys_total', { total: number(found.total) }));
      fill(list, found.keys.length > 0 ? keyTable(found.keys) : emptyList(now, { ...paging, total: found.total }));
      fill(pages, found.total > paging.size ? pager({ ...paging, total: found.total, name: 'page' }) : null);
    } catch (error) {
      if (isAbort(error)) return;
      fill(status);
      fill(pages);
      fill(list, errorMessage(error, () => void load()));
    }
    list.removeAttribute('aria-busy');
  };

  /** @type {Partial<Record<'state' | 'usage', HTMLSelectElement>>} */
  const controls = {};

  /** @param {import('../shared/control_api.js').Operation} operation `ListKeys`. */
  const showFilters = (operation) => {
    const keys = parameterOf(operation, 'Filters').keys ?? [];
    for (const name of /** @type {const} */ (['state', 'usage'])) {
      let control = controls[name];
      if (!control) {
        control = controls[name] = filterControl(name, keys);
        filters.append(field(t(`key_${name}`), control));
      }
      control.value = now.values[name] ?? '';
    }
  };

  const showForm = async () => {
    if (now.values.form !== CREATE_KEY.name) {
      (await dialog)?.close();
      return;
    }
    const onclose = () => {
      dialog = null;
      if (!now.signal.aborted && location.hash.startsWith('#/keys')) go(changed({ form: '' }), { replace: true });
    };
    dialog ??= openForm(
      CREATE_KEY,
      { scope: now.scope, cloud: alibaba, fixed: {} },
      ({ KeyMetadata: { KeyId: id } }) => {
        announce(t('key_created', { id }));
        go(link('key', { name: id }));
      },
      onclose,
    );
    dialog.catch((error) => {
      onclose();
      fill(problem, errorMessage(error));
    });
  };

  /** @param {Context} next */
  const update = (next) => {
    now = next;
    void showForm();
    if (stateOf(now) !== shown) void load();
  };
  followChanges(context, () => void load(true));
  update(context);
  return { title: t('nav_keys'), element, update, dispose: () => void dialog?.then((open) => open.close()) };
}

/** @param {Context} context */
function stateOf({ values: { page, size, state, usage } }) {
  return JSON.stringify([page, size, state, usage]);
}

/** @param {Context['values']} values */
function filtersOf(values) {
  const list = Object.entries(FILTERS).flatMap(([name, Key]) => (values[name] ? [{ Key, Values: [values[name]] }] : []));
  return list.length > 0 ? JSON.stringify(list) : '';
}

/**
 * A filter with the values that the operation describes.
 *
 * @param {'state' | 'usage'} name
 * @param {readonly import('../shared/control_api.js').FilterKey[]} keys
 */
function filterControl(name, keys) {
  const words = keys.find((each) => each.name === FILTERS[name])?.value.split(', ') ?? [];
  const options = words.map((word) => /** @type {const} */ ([word, word]));
  const control = select([['', t('choice_all')], ...options], '', { onchange: () => go(changed({ [name]: control.value, page: '' })) });
  return control;
}

/** @param {readonly Key[]} keys */
function keyTable(keys) {
  const columns = [
    t('key_id'),
    t('key_aliases'),
    t('secret_description'),
    t('key_state'),
    t('key_spec_usage'),
    t('key_next_rotation'),
    t('secret_created_at'),
  ];
  const rows = keys.map((key) => [
    h('a', { href: link('key', { name: key.id }), class: 'mono nowrap' }, key.id),
    key.aliases.length > 0 && h('div', { class: 'badges' }, key.aliases.map((alias) => badge(alias))),
    key.description,
    stateCell(key),
    h('span', { class: 'two-lines' }, h('span', { class: 'nowrap' }, key.spec), h('span', { class: 'nowrap faint' }, key.usage)),
    key.nextRotation && timeLeftElement(key.nextRotation),
    timeElement(key.created),
  ]);
  return table(t('nav_keys'), columns, rows);
}

/**
 * The state, and the time of a planned deletion. Only an unusual state is marked.
 *
 * @param {Key} key
 */
function stateCell({ state, plannedDeletion }) {
  if (state === 'enabled') return t('state_enabled');
  return plannedDeletion ? h('span', { class: 'two-lines' }, h('span', {}, stateBadge(state)), timeLeftElement(plannedDeletion)) : stateBadge(state);
}

/**
 * @param {Context} now
 * @param {import('../secrets/pager.js').Paging | Omit<import('../secrets/pager.js').Paging, 'name'>} paging
 */
function emptyList({ values }, paging) {
  if (paging.total > 0) return emptyState(t('page_past_end'), h('a', { href: changed({ page: lastPage(paging) }) }, t('page_to_last')));
  if (filtersOf(values)) {
    return emptyState(t('keys_none_match'), h('a', { href: changed({ state: '', usage: '', page: '' }) }, t('filters_clear')));
  }
  return emptyState(t('keys_none'), h('p', {}, t('keys_none_next')));
}

/** Tencent Cloud SSM has no operations on keys. */
function viewWithoutKeys() {
  const element = h(
    'div',
    {},
    h('h1', { class: 'view-head' }, t('nav_keys')),
    emptyState(t('keys_of_tencent'), h('p', {}, t('keys_of_tencent_next')), h('a', { href: link('keys', { cloud: 'alibaba', region: '' }) }, t('keys_of_alibaba'))),
  );
  return { title: t('nav_keys'), element, update: () => {} };
}
