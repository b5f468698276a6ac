// Accounts for tests that run at the same time.

import { link } from '../shared/address.js';
import { machineNow, readClock, timeElement, timeLeftElement } from '../shared/clock.js';
import { button, checkField, codeBlock, emptyState, field, loading, message, table } from '../shared/components.js';
import { openDialog } from '../shared/dialog.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/errors.js';
import { keepFocus } from '../shared/focus.js';
import { number, t } from '../i18n/index.js';
import { say } from '../shared/announce.js';
import { isAbort, request } from '../shared/http.js';

/** @typedef {{ account: string, access_key_id: string, created_at: string, expires_at: string | null }} Tenant */
/** @typedef {{ account: string, access_key_id: string, access_key_secret: string, secrets: number }} NewTenant */

/** @type {import('./view.js').Part} */
export function tenantsPart({ countSecrets }, signal) {
  const list = h('div', {}, loading());
  const news = h('div');
  const life = h('input', { placeholder: '10m', spellcheck: 'false', autocomplete: 'off' });
  const fixtures = h('input', { type: 'checkbox' });

  const load = async () => {
    try {
      const [{ tenants }] = await Promise.all([request('/tenants', { signal }), readClock()]);
      fill(list, tenants.length > 0 ? tenantsTable(tenants) : emptyState(t('tenants_none'), h('p', {}, t('tenants_none_next'))));
    } catch (error) {
      if (!isAbort(error))
        fill(
          list,
          errorMessage(error, () => void load()),
        );
    }
  };

  /** @param {Tenant[]} tenants */
  const tenantsTable = (tenants) =>
    table(
      t('controls_tenants'),
      [t('scope_account'), t('tenant_key'), t('tenant_created'), t('tenant_expires'), t('version_actions')],
      tenants.map((tenant) => [
        h('a', { href: link('secrets', { account: tenant.account }), class: 'mono' }, tenant.account),
        h('code', {}, tenant.access_key_id),
        timeElement(new Date(tenant.created_at)),
        tenant.expires_at ? timeLeftElement(new Date(tenant.expires_at), machineNow) : t('tenant_never'),
        button(t('tenant_drop'), () => drop(tenant), {
          kind: 'danger',
          label: t('of_version', { action: t('tenant_drop'), version: tenant.account }),
        }),
      ]),
    );

  /** @param {Tenant} tenant */
  const drop = ({ account }) =>
    openDialog({
      title: t('tenant_drop_title', { account }),
      content: h('p', {}, t('tenant_drop_goes')),
      action: t('tenant_drop'),
      dangerous: true,
      submit: async () => {
        const { removed } = await request(`/tenants/${account}`, { method: 'DELETE', signal });
        countSecrets();
        say(t('tenant_dropped', { account, count: number(removed) }));
        fill(news);
        await load();
      },
      onclose: keepFocus,
    });

  /** @param {SubmitEvent} event */
  const onsubmit = async (event) => {
    event.preventDefault();
    try {
      const body = { ttl: life.value.trim() || undefined, start_fixtures: fixtures.checked };
      const made = await request('/tenants', { body, signal });
      fill(news, newTenant(made));
      countSecrets();
      await load();
    } catch (error) {
      if (!isAbort(error)) fill(news, errorMessage(error));
    }
  };

  void load();
  return h(
    'div',
    { class: 'stack' },
    h('p', { class: 'help' }, t('tenants_help')),
    list,
    h(
      'section',
      {},
      h('h2', {}, t('tenant_make')),
      h(
        'form',
        { class: 'stack', onsubmit, autocomplete: 'off' },
        h(
          'div',
          { class: 'control-fields' },
          field(t('tenant_life'), life, { help: t('tenant_life_help') }),
          checkField(t('tenant_fixtures'), fixtures),
        ),
        h('div', {}, h('button', { type: 'submit', class: 'primary' }, t('tenant_make'))),
      ),
      news,
    ),
  );
}

/** @param {NewTenant} tenant */
function newTenant({ account, access_key_id: id, access_key_secret: secret, secrets }) {
  return h(
    'div',
    { class: 'stack' },
    message('success', h('p', { role: 'status' }, t('tenant_made', { account, count: number(secrets) }))),
    codeBlock(t('tenant_key'), id).element,
    codeBlock(t('tenant_secret'), secret).element,
  );
}
