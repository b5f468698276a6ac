// The check of the signature of a request.

import { diagnosisText, t } from '../i18n/index.js';
import { message, withCode } from '../shared/components.js';
import { h } from '../shared/dom.js';
import { isSource } from '../shared/operations.js';
import { signingSteps } from './again.js';
import { verdictBadge } from './badges.js';
import { differenceElement } from './difference.js';

/**
 * @param {import('../shared/control_api.js').JournalEntry} entry
 * @param {import('../shared/control_api.js').Operation | null} operation
 * @param {AbortSignal} signal
 */
export function signaturePane(entry, operation, signal) {
  const { cloud, verdict, access_key_id: key, mismatch } = entry;
  return h(
    'div',
    { class: 'stack' },
    h('p', {}, verdictBadge(verdict), ' ', t(`verdict_${verdict}_means`), ' ', key && t('journal_signed_by', { key })),
    mismatch && message('error', h('p', {}, withCode(t('journal_mismatch', { diagnosis: diagnosisText(cloud, mismatch) })))),
    mismatch && differenceElement(mismatch),
    operation && !isSource(operation) && signingSteps(entry, operation, signal),
  );
}
