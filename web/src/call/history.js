// The calls that were sent from this tab, without secret values: an address has none.

import { t } from '../i18n/index.js';
import { fill, h } from '../shared/dom.js';
import { tabStorage } from '../shared/storage.js';

/** @typedef {{ action: string, address: string, status: number }} SentCall */

/** How many calls are kept. */
const MAX_KEPT = 20;

/** @returns {SentCall[]} The latest first. */
function kept() {
  try {
    const calls = JSON.parse(tabStorage.read('calls') ?? '[]');
    return Array.isArray(calls) ? calls : [];
  } catch {
    return [];
  }
}

export function callHistory() {
  const list = h('ol', { class: 'history' });
  const element = h('details', {}, h('summary', {}, t('call_history')), list);
  const draw = () => {
    const calls = kept();
    element.hidden = calls.length === 0;
    fill(
      list,
      calls.map(({ action, address, status }) => h('li', {}, h('a', { href: address, class: 'mono' }, action), ' ', h('span', { class: 'faint' }, status))),
    );
  };
  draw();
  return {
    element,
    /** @param {SentCall} call */
    add: (call) => {
      const others = kept().filter(({ address }) => address !== call.address);
      tabStorage.write('calls', JSON.stringify([call, ...others].slice(0, MAX_KEPT)));
      draw();
    },
  };
}
