// One request in tabs: the request, the reply, the signature, code, and sending it again.

import { t } from '../i18n/index.js';
import { changed, go } from '../shared/address.js';
import { copyText } from '../shared/clipboard.js';
import { button, emptyState, facts, loading, tabs } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/error_message.js';
import { ServerError, isAbort } from '../shared/errors.js';
import { request } from '../shared/http.js';
import { loadOperations } from '../shared/operations.js';
import { responseElement } from '../shared/response.js';
import { timeElement } from '../shared/time_elements.js';
import { againPane, codePane } from './again.js';
import { codeBadge, verdictBadge } from './badges.js';
import { permissionSentence } from './permission.js';
import { requestPane } from './request_pane.js';
import { signaturePane } from './signature_pane.js';

/** @typedef {import('../shared/control_api.js').JournalEntry} JournalEntry */
/** @typedef {import('../shared/control_api.js').Exchange} Exchange */

/**
 * @param {string} id
 * @param {Readonly<Record<string, string>>} values The values in the address.
 * @param {AbortSignal} signal
 */
export function journalEntry(id, values, signal) {
  const element = h('section', { class: 'entry', 'aria-label': t('journal_entry') }, loading());
  let chosen = values.tab ?? '';
  /** @type {ReturnType<typeof tabs> | null} */
  let panes = null;
  /** Masks the values of the reply when another tab is selected. */
  let drawing = new AbortController();

  /** @type {(panel: (signal: AbortSignal) => import('../shared/dom.js').Child) => () => import('../shared/dom.js').Child} */
  const pane = (panel) => () => {
    drawing.abort();
    drawing = new AbortController();
    return panel(AbortSignal.any([signal, drawing.signal]));
  };

  const load = async () => {
    try {
      const exchange = await request('/journal/{request_id}', { path: { request_id: id }, signal });
      const { request: entry, reply } = exchange;
      const operation = (await loadOperations(entry.cloud)).find(({ action }) => action === entry.action) ?? null;
      signal.throwIfAborted();
      panes = tabs(
        t('journal_entry'),
        [
          { name: 'request', title: t('journal_request'), panel: pane(() => requestPane(exchange)) },
          { name: 'reply', title: t('journal_response'), panel: pane((until) => responseElement(entry.cloud, reply, operation, until)) },
          { name: 'signature', title: t('journal_signature'), panel: pane((until) => signaturePane(entry, operation, until)) },
          { name: 'code', title: t('journal_as_code'), panel: pane((until) => codePane(entry, operation, until)) },
          { name: 'again', title: t('journal_again'), panel: pane((until) => againPane(entry, operation, until)) },
        ],
        chosen || defaultTab(entry),
        (name) => {
          chosen = name;
          go(changed({ tab: name }), { replace: true });
        },
      );
      fill(element, head(entry), panes.element);
    } catch (error) {
      if (isAbort(error)) return;
      const isGone = error instanceof ServerError && error.code === 'RequestNotFound';
      fill(
        element,
        errorMessage(error, isGone ? undefined : () => void load()),
        isGone && emptyState(t('journal_gone'), h('p', {}, t('journal_gone_next'))),
      );
    }
  };
  void load();
  return {
    element,
    /** @param {string | undefined} tab The tab in the address. */
    select: (tab) => {
      if (!tab || tab === chosen) return;
      chosen = tab;
      panes?.show(tab);
    },
  };
}

/** @param {JournalEntry} entry */
function defaultTab({ mismatch }) {
  return mismatch ? 'signature' : 'request';
}

/** @param {JournalEntry} entry */
function head(entry) {
  const copyLink = button(t('journal_copy_link'), () => void copyText(location.href), { kind: 'quiet' });
  return h(
    'div',
    { class: 'entry-head' },
    h(
      'div',
      { class: 'row apart' },
      h('h2', { class: 'mono' }, entry.action ?? t('journal_no_action')),
      h('div', { class: 'row' }, copyLink, h('a', { class: 'button quiet', href: changed({ request: '', tab: '' }) }, t('journal_close'))),
    ),
    h('div', { class: 'row' }, codeBadge(entry), verdictBadge(entry.verdict)),
    facts([
      [t('journal_time'), timeElement(new Date(entry.time))],
      ...(entry.tenant_time ? [/** @type {const} */ ([t('journal_tenant_time'), timeElement(new Date(entry.tenant_time))])] : []),
      ...(entry.source === 'call' ? [/** @type {const} */ ([t('journal_source'), t('journal_source_call')])] : []),
      [t('journal_cloud'), t(`cloud_${entry.cloud}`)],
      [t('scope_account'), entry.account ?? '–'],
      [t('scope_region'), entry.region ?? '–'],
      [t('journal_key'), entry.access_key_id ?? '–'],
      ...(entry.permission ? [/** @type {const} */ ([t('journal_permission'), permissionSentence(entry.permission)])] : []),
      [t('journal_duration'), `${entry.duration_ms.toFixed(2)} ms`],
      [t('journal_number'), `#${entry.number}`],
      [t('journal_id'), h('code', {}, entry.request_id)],
    ]),
  );
}
