// Endpoint, region, access key and certificate for a client.

import { t } from '../i18n/index.js';
import { copyText } from '../shared/clipboard.js';
import { button, message } from '../shared/components.js';
import { h } from '../shared/dom.js';

/** @typedef {import('./view.js').ClientKey} ClientKey */

/**
 * @param {import('../shared/control_api.js').Scope} scope
 * @param {ClientKey | null} key
 */
export function clientSettings({ cloud, region }, key) {
  const [id, secret] = cloud === 'tencent' ? ['SecretId', 'SecretKey'] : [t('tenant_key'), t('tenant_secret')];
  return [
    h(
      'section',
      { class: 'panel connect-settings' },
      h('h2', {}, t('connect_settings')),
      h(
        'dl',
        {},
        row(t('connect_endpoint'), location.host),
        row(t('connect_protocol'), location.protocol.replace(':', '')),
        row(t('scope_region'), region),
        key && row(id, key.id),
        key && (key.secret === null ? fact(secret, h('span', { class: 'faint' }, t('connect_secret_unknown'))) : row(secret, key.secret)),
        fact(t('connect_ca'), h('a', { href: '/_emulator/ca.pem', download: 'ca.pem' }, 'ca.pem'), ' ', h('span', { class: 'faint' }, t('connect_ca_help'))),
      ),
    ),
    !key && message('warning', h('p', {}, t('connect_no_key'))),
  ];
}

/**
 * A value with a button to copy it.
 *
 * @param {string} name
 * @param {string} value
 */
function row(name, value) {
  const label = t('copy_label', { what: name });
  return fact(name, h('code', {}, value), button(t('copy'), () => void copyText(value), { kind: 'quiet', label }));
}

/**
 * @param {string} name
 * @param {...import('../shared/dom.js').Child} value
 */
function fact(name, ...value) {
  return h('div', {}, h('dt', {}, name), h('dd', {}, value));
}
