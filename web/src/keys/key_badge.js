// The key of a secret with its state.

import { t } from '../i18n/index.js';
import { link } from '../shared/address.js';
import { badge } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { CloudError } from '../shared/errors.js';
import { stateBadge } from '../secrets/state_badge.js';
import { describeKey } from './keys.js';

/**
 * A link to a key. Its state is added when it is known.
 *
 * @param {import('../shared/control_api.js').Scope} scope
 * @param {string} id The id, the ARN or an alias.
 * @param {AbortSignal} signal
 */
export function keyElement(scope, id, signal) {
  const element = h('span', { class: 'badges' }, h('code', {}, id));
  describeKey(scope, id, signal).then(
    (key) => fill(element, h('a', { href: link('key', { name: key.id }), class: 'mono' }, id), stateBadge(key.state)),
    (error) => {
      if (error instanceof CloudError) fill(element, h('code', {}, id), badge(t('key_missing'), 'bad'));
    },
  );
  return element;
}
