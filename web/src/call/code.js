// A call for elsewhere: an address, a line for the shell, programs.

import { codeBlock, tabs } from '../shared/components.js';
import { h } from '../shared/dom.js';
import { t } from '../i18n/index.js';

/** @typedef {import('../shared/http.js').Exchange} Exchange */

/** @type {Readonly<Record<string, string>>} */
const LANGUAGES = { python: 'Python', node: 'Node.js', go: 'Go', java: 'Java', shell: 'CLI' };

/**
 * Tabs with one way each.
 *
 * @param {Exchange} exchange
 * @param {string} chosen
 * @param {(name: string) => void} onselect
 */
export function codeTabs(exchange, chosen, onselect) {
  const address = exchange.browser_url;
  const ways = [
    { name: 'url', title: t('call_code_url'), panel: () => (address ? urlPanel(address) : h('p', {}, t('call_code_no_url'))) },
    { name: 'curl', title: 'curl', panel: () => block('curl', exchange.curl) },
    ...(exchange.code ?? []).map(({ language, sdk, install, text }) => {
      const title = LANGUAGES[language] ?? language;
      return {
        name: language,
        title,
        panel: () => h('div', { class: 'stack' }, install && block(t('call_code_install'), install), block(`${title}: ${sdk}`, text)),
      };
    }),
  ];
  return tabs(t('call_code'), ways, chosen, onselect).element;
}

/** @param {string} address */
function urlPanel(address) {
  return h(
    'div',
    { class: 'stack' },
    block(t('call_code_url'), address),
    h('p', {}, h('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, t('call_code_open'))),
  );
}

/**
 * @param {string} label
 * @param {string} text
 */
function block(label, text) {
  const { element } = codeBlock(label, text);
  element.classList.add('wrap');
  return element;
}
