// How the state of a secret is shown.

import { badge } from '../shared/components.js';
import { t } from '../i18n/index.js';

/** @param {import('./cloud.js').State} state */
export function stateBadge(state) {
  const kind = { enabled: 'good', disabled: '', pending_deletion: 'warning', creating: '', failed: 'bad' }[state];
  return badge(t(`state_${state}`), kind);
}
