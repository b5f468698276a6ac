// The code and the verdict of a request as badges.

import { t } from '../i18n/index.js';
import { badge } from '../shared/components.js';
import { h } from '../shared/dom.js';

/** @typedef {import('../shared/control_api.js').JournalEntry} JournalEntry */

/** @param {Pick<JournalEntry, 'code' | 'status' | 'fault'>} entry */
export function codeBadge({ code, status, fault }) {
  return [
    badge(code, code === 'OK' ? 'good' : 'bad'),
    ' ',
    h('span', { class: 'faint' }, status),
    fault !== null && fault !== undefined && [' ', badge(t('journal_fault', { id: fault }), 'warning')],
  ];
}

/** @param {import('../shared/control_api.js').Verdict} verdict */
export function verdictBadge(verdict) {
  const kind = { valid: 'good', unsigned: '', unchecked: '', refused: 'bad', not_reached: 'warning' }[verdict];
  return badge(t(`verdict_${verdict}`), kind);
}
