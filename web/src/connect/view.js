// The start view: the settings of a client, a program that connects, and the first request when it arrives.

import { t } from '../i18n/index.js';
import { go, link } from '../shared/address.js';
import { announce } from '../shared/announce.js';
import { button } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/error_message.js';
import { isAbort } from '../shared/errors.js';
import { request } from '../shared/http.js';
import { keepTenantKey, tenantKey } from '../shared/tenant_keys.js';
import { clientSettings } from './client_settings.js';
import { firstRequest } from './first_request.js';
import { programSection } from './program.js';

/** @typedef {import('../main.js').Context} Context */

/**
 * The access key of an account, as far as the page knows it.
 *
 * @typedef {object} ClientKey
 * @property {string} id
 * @property {string | null} secret `null` if the page does not know it.
 * @property {boolean} isInPrograms Whether programs contain the key; otherwise they read it from the environment.
 */

/** @type {import('../main.js').CreateView} */
export function view(context) {
  const { scope, settings, signal, countSecrets } = context;
  const problem = h('div');
  const key = h('div', { class: 'stack' });
  const program = h('div');

  const createTenant = async () => {
    fill(problem);
    try {
      const tenant = await request('/tenants', { method: 'post', body: { start_fixtures: true }, signal });
      keepTenantKey(tenant);
      countSecrets();
      announce(t('connect_tenant_created', { account: tenant.account }));
      go(link('connect', { account: tenant.account }));
    } catch (error) {
      if (!isAbort(error)) fill(problem, errorMessage(error));
    }
  };

  const load = async () => {
    try {
      const found = await keyOf(context);
      signal.throwIfAborted();
      fill(key, clientSettings(scope, found));
      fill(program, programSection(scope, found, signal));
    } catch (error) {
      if (!isAbort(error)) fill(problem, errorMessage(error, () => void load()));
    }
  };
  void load();

  return {
    title: t('nav_connect'),
    element: h(
      'div',
      { class: 'connect' },
      h(
        'div',
        { class: 'row apart view-head' },
        h('h1', {}, t('nav_connect')),
        button(t('connect_create_tenant'), () => void createTenant()),
      ),
      h('p', { class: 'help' }, t('connect_help')),
      problem,
      h(
        'div',
        { class: 'connect-columns' },
        h('div', { class: 'stack' }, key, firstRequest(settings, signal)),
        program,
      ),
    ),
  };
}

/**
 * @param {Context} context
 * @returns {Promise<ClientKey | null>} `null` for an account without a key.
 */
async function keyOf({ scope: { account }, signal }) {
  const created = tenantKey(account);
  if (created) return { id: created.access_key_id, secret: created.access_key_secret, isInPrograms: false };
  const { accounts } = await request('/settings', { signal });
  const known = accounts.filter((each) => each.account === account && each.kind === 'secret');
  const key = known.find((each) => each.has_test_secret) ?? known[0];
  return key ? { id: key.access_key_id, secret: key.has_test_secret ? 'test' : null, isInPrograms: key.has_test_secret } : null;
}
