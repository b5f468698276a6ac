// One request: its parameters, the check of its signature, its response.

import { mistakeSentence, t } from '../i18n/index.js';
import { changed, link } from '../shared/address.js';
import { emptyState, facts, loading, message, table } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/error_message.js';
import { ServerError, isAbort } from '../shared/errors.js';
import { request } from '../shared/http.js';
import { loadOperations } from '../shared/operations.js';
import { responseElement } from '../shared/response.js';
import { timeElement } from '../shared/time_elements.js';
import { callParameters } from './call_parameters.js';
import { markedText } from './difference.js';
import { codeBadge, verdictBadge } from './list.js';

/** @typedef {import('../shared/control_api.js').JournalEntry} JournalEntry */

/**
 * @param {string} id
 * @param {AbortSignal} signal
 */
export function journalEntry(id, signal) {
  const body = h('div', {}, loading());
  const heading = h('h1', { class: 'mono' }, id);
  const actions = h('div', { class: 'row' });
  const back = h('p', {}, h('a', { href: changed({ request: '' }) }, t('journal_back')));

  const load = async () => {
    try {
      const { request: entry, reply: response } = await request('/journal/{request_id}', { path: { request_id: id }, signal });
      heading.textContent = entry.action ?? t('journal_no_action');
      fill(body, entryElement(entry), h('section', {}, h('h2', {}, t('journal_response')), responseElement(response, signal)));
      fill(actions, await repeatLink(entry));
    } catch (error) {
      if (isAbort(error)) return;
      const isGone = error instanceof ServerError && error.code === 'RequestNotFound';
      fill(
        body,
        errorMessage(error, isGone ? undefined : () => void load()),
        isGone && emptyState(t('journal_gone'), h('p', {}, t('journal_gone_next'))),
      );
    }
  };
  void load();
  return h('div', {}, back, h('div', { class: 'row apart view-head' }, heading, actions), body);
}

/** @param {JournalEntry} entry */
function entryElement(entry) {
  const parameters = entry.parameters && Object.entries(entry.parameters);
  return [
    facts([
      [t('journal_number'), `#${entry.number}`],
      [t('journal_time'), timeElement(new Date(entry.time))],
      ...(entry.tenant_time ? [/** @type {const} */ ([t('journal_tenant_time'), timeElement(new Date(entry.tenant_time))])] : []),
      ...(entry.source === 'call' ? [/** @type {const} */ ([t('journal_source'), t('journal_source_call')])] : []),
      [t('journal_cloud'), t(`cloud_${entry.cloud}`)],
      [t('journal_code'), codeBadge(entry)],
      [t('scope_account'), entry.account ?? '–'],
      [t('scope_region'), entry.region ?? '–'],
      [t('journal_duration'), `${entry.duration_ms.toFixed(2)} ms`],
      [t('journal_id'), h('code', {}, entry.request_id)],
    ]),
    h(
      'section',
      {},
      h('h2', {}, t('journal_parameters')),
      parameters && parameters.length > 0
        ? table(
            t('journal_parameters'),
            [t('journal_parameter'), t('journal_value')],
            parameters.map(([name, value]) => [h('code', {}, name), h('code', { class: 'value-text' }, value)]),
          )
        : h('p', { class: 'faint' }, parameters ? t('journal_no_parameters') : t('journal_unreadable')),
    ),
    h('section', {}, h('h2', {}, t('journal_signature')), signatureElement(entry)),
  ];
}

/** @param {JournalEntry} entry */
function signatureElement({ cloud, verdict, access_key_id: key, mismatch }) {
  return h(
    'div',
    { class: 'stack' },
    h('p', {}, verdictBadge(verdict), ' ', t(`verdict_${verdict}_means`), ' ', key && t('journal_signed_by', { key })),
    mismatch && message('error', h('p', {}, t('journal_mismatch', { diagnosis: mistakeSentence(cloud, mismatch) }))),
    mismatch &&
      h(
        'div',
        { class: 'two-sides' },
        markedText(t('difference_server'), mismatch.server, mismatch.first_difference),
        mismatch.client === null
          ? h('p', { class: 'faint' }, t('difference_unknown'))
          : markedText(t('difference_client'), mismatch.client, mismatch.first_difference),
      ),
  );
}

/** @param {JournalEntry} entry */
async function repeatLink(entry) {
  const operation = (await loadOperations(entry.cloud)).find(({ action }) => action === entry.action);
  if (!operation) return null;
  const parameters = callParameters(operation, entry.parameters ?? {});
  if (!parameters) return h('span', { class: 'faint' }, t('journal_no_repeat'));
  const scope = { cloud: entry.cloud, account: entry.account ?? undefined, region: entry.region ?? undefined };
  const text = Object.keys(parameters).length > 0 ? JSON.stringify(parameters) : '';
  return h('a', { class: 'button', href: link('call', { ...scope, action: operation.action, parameters: text }) }, t('journal_repeat'));
}
