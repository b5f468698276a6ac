// The decision of the policies on a request.

import { t } from '../i18n/index.js';

/** @param {NonNullable<import('../shared/control_api.js').JournalEntry['permission']>} permission */
export function permissionSentence({ allowed, action, resource, policy, statement, sid }) {
  if (typeof policy !== 'string' || typeof statement !== 'number') return t('journal_permission_none', { action, resource });
  const shown = typeof sid === 'string' ? `${statement} (${sid})` : String(statement);
  return t(allowed ? 'journal_permission_allowed' : 'journal_permission_denied', { action, resource, policy, statement: shown });
}
