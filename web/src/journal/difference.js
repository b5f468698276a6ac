// Two texts, with the place marked where they begin to differ.

import { h } from '../shared/dom.js';
import { copyButton } from '../shared/clipboard.js';
import { t } from '../i18n/index.js';

/**
 * A text with all from the first difference on to the end of its line marked.
 *
 * @param {string} label
 * @param {string} text
 * @param {number | null} first Counted in characters, as the server does.
 */
export function markedText(label, text, first) {
  const characters = [...text];
  const at = first ?? characters.length;
  const line = characters.indexOf('\n', at);
  // The end of a text or a line that is too short is marked as well.
  const end = Math.max(line < 0 ? characters.length : line, at);
  const marked = characters.slice(at, end).join('');
  const code = h('code', {}, characters.slice(0, at).join(''), first !== null && h('mark', {}, marked), characters.slice(end).join(''));
  return h(
    'div',
    { class: 'code-block wrap' },
    h('div', { class: 'code-head' }, h('span', { class: 'code-label' }, label), copyButton(code, label)),
    h('pre', { tabindex: 0, role: 'region', 'aria-label': label }, code),
    first !== null && marked === '' && h('p', { class: 'help code-note' }, t('difference_at_end')),
  );
}
