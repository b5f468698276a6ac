// The code of a call: a URL, a curl command, and programs.

import { t } from '../i18n/index.js';
import { codeBlock, tabs } from '../shared/components.js';
import { h } from '../shared/dom.js';

/** @typedef {import('../shared/control_api.js').Call} Call */

const LANGUAGES = { python: 'Python', node: 'Node.js', go: 'Go', java: 'Java', shell: 'CLI', terraform: 'Terraform' };

/**
 * Tabs with one way to make the call each.
 *
 * @param {Call} call
 * @param {string} chosen
 * @param {(name: string) => void} onselect
 */
export function codeTabs(call, chosen, onselect) {
  const url = call.browser_url;
  const ways = [
    { name: 'url', title: t('call_code_url'), panel: () => (url ? urlPanel(url) : h('p', {}, t('call_code_no_url'))) },
    { name: 'curl', title: 'curl', panel: () => block('curl', call.curl) },
    ...call.code.map(({ language, sdk, install, text }) => {
      const title = LANGUAGES[language];
      return {
        name: language,
        title,
        panel: () => h('div', { class: 'stack' }, install && block(t('call_code_install'), install), block(`${title}: ${sdk}`, text)),
      };
    }),
  ];
  return tabs(t('call_code'), ways, chosen, onselect).element;
}

/** @param {string} url */
function urlPanel(url) {
  return h(
    'div',
    { class: 'stack' },
    block(t('call_code_url'), url),
    h('p', {}, h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, t('call_code_open'))),
  );
}

/**
 * @param {string} label
 * @param {string} text
 */
function block(label, text) {
  return codeBlock(label, text, { wrap: true }).element;
}
