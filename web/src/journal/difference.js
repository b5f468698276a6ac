// The two strings to sign of a wrong signature, with their differences marked.

import { t } from '../i18n/index.js';
import { copyButton } from '../shared/clipboard.js';
import { button } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { compare, decoded } from './compare.js';

/** @typedef {import('./compare.js').Segment} Segment */
/** @typedef {import('../shared/control_api.js').Mismatch} Mismatch */

/**
 * Both texts side by side, as they are signed or decoded.
 *
 * @param {Pick<Mismatch, 'server' | 'client'>} mismatch
 */
export function differenceElement({ server, client }) {
  const sides = h('div', { class: 'two-sides' });
  const note = h('p', { class: 'help', role: 'status' });
  let isDecoded = false;
  const toggle = button('', () => {
    isDecoded = !isDecoded;
    draw();
  });
  const draw = () => {
    const shown = (/** @type {string} */ text) => (isDecoded ? decoded(text) : text);
    toggle.textContent = t(isDecoded ? 'difference_encode' : 'difference_decode');
    if (client === null) {
      fill(sides, markedText(t('difference_server'), [{ text: shown(server), isMarked: false }]));
      note.textContent = t('difference_unknown');
      return;
    }
    const { one, other } = compare(shown(server), shown(client));
    const areEqual = shown(server) === shown(client);
    note.textContent = areEqual ? t(isDecoded ? 'difference_encoding_only' : 'difference_none') : t('difference_legend');
    fill(sides, markedText(t('difference_server'), one), markedText(t('difference_client'), other));
  };
  draw();
  return h('div', { class: 'stack' }, h('div', { class: 'row apart' }, note, toggle), sides);
}

/**
 * @param {string} label
 * @param {readonly Segment[]} segments
 */
function markedText(label, segments) {
  const code = h(
    'code',
    {},
    segments.map(({ text, isMarked }) => (isMarked ? h('mark', {}, text) : text)),
  );
  return h(
    'div',
    { class: 'code-block wrap' },
    h('div', { class: 'code-head' }, h('span', { class: 'code-label' }, label), copyButton(code, label)),
    h('pre', { tabindex: 0, role: 'region', 'aria-label': label }, code),
  );
}
