// Two texts with the first difference marked.

import { t } from '../i18n/index.js';
import { copyButton } from '../shared/clipboard.js';
import { h } from '../shared/dom.js';

/**
 * Splits a text at its first difference from another text: what is before, the rest of the line, and what is after. The
 * middle part is empty if the text or its line ends there.
 *
 * @param {string} text
 * @param {number} position The position of the difference in Unicode characters, as the server counts.
 */
export function splitAtDifference(text, position) {
  const characters = [...text];
  const lineEnd = characters.indexOf('\n', position);
  const end = lineEnd < 0 ? characters.length : lineEnd;
  return {
    before: characters.slice(0, position).join(''),
    marked: characters.slice(position, end).join(''),
    after: characters.slice(end).join(''),
  };
}

/**
 * A text with everything from the first difference to the end of its line marked.
 *
 * @param {string} label
 * @param {string} text
 * @param {number | null} position `null` if the texts are equal.
 */
export function markedText(label, text, position) {
  const parts = position === null ? null : splitAtDifference(text, position);
  const code = h('code', {}, parts ? [parts.before, h('mark', {}, parts.marked), parts.after] : text);
  return h(
    'div',
    { class: 'code-block wrap' },
    h('div', { class: 'code-head' }, h('span', { class: 'code-label' }, label), copyButton(code, label)),
    h('pre', { tabindex: 0, role: 'region', 'aria-label': label }, code),
    parts?.marked === '' && h('p', { class: 'help code-note' }, t('difference_at_end')),
  );
}
