// The state of a secret or a key as a badge.

import { t } from '../i18n/index.js';
import { badge } from '../shared/components.js';

/** @param {import('./cloud.js').State} state */
export function stateBadge(state) {
  const kind = { enabled: 'good', disabled: '', pending_deletion: 'warning', pending_import: 'warning', creating: '', failed: 'bad' }[state];
  return badge(t(`state_${state}`), kind);
}
