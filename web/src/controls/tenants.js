// Tenants: accounts for tests that run at the same time.

import { number } from '../i18n/format.js';
import { t } from '../i18n/index.js';
import { link } from '../shared/address.js';
import { announce } from '../shared/announce.js';
import { readClock, systemNow } from '../shared/clock.js';
import { button, checkField, codeBlock, emptyState, field, loading, message, select, table } from '../shared/components.js';
import { openDialog } from '../shared/dialog.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/error_message.js';
import { isAbort } from '../shared/errors.js';
import { restoreFocus } from '../shared/focus.js';
import { request } from '../shared/http.js';
import { keepTenantKey, tenantKey } from '../shared/tenant_keys.js';
import { timeElement, timeLeftElement } from '../shared/time_elements.js';
import { formSection } from './section.js';

/** @typedef {import('../shared/control_api.js').Tenant} Tenant */
/** @typedef {import('../shared/control_api.js').NewTenant} NewTenant */

const MATCHES = /** @type {const} */ (['exact', 'contains']);

/** @type {import('./view.js').Tab} */
export function tenantsTab({ countSecrets }, signal) {
  const list = h('div', {}, loading());
  const result = h('div');
  const ttl = h('input', { placeholder: '10m', spellcheck: 'false', autocomplete: 'off' });
  const fixtures = h('input', { type: 'checkbox' });
  const clock = h('input', { type: 'checkbox' });
  const filterMatch = select(
    [['', t('tenant_match_server')], ...MATCHES.map((each) => /** @type {const} */ ([each, t(`tenant_match_${each}`)]))],
    '',
  );

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
      [t('scope_account'), t('tenant_key'), t('tenant_created'), t('tenant_expires'), t('controls_clock'), t('tenant_match'), t('actions')],
      tenants.map((tenant) => [
        h('a', { href: link('secrets', { account: tenant.account }), class: 'mono' }, tenant.account),
        h('code', {}, tenant.access_key_id),
        timeElement(new Date(tenant.created_at)),
        tenant.expires_at ? timeLeftElement(new Date(tenant.expires_at), systemNow) : t('tenant_never'),
        tenant.clock ? h('a', { href: link('controls', { clock_of: tenant.account }) }, t('tenant_clock_own')) : t('tenant_clock_server'),
        t(`tenant_match_${tenant.alibaba_filter_match}`),
        h(
          'div',
          { class: 'row' },
          h('a', { class: 'button', href: link('connect', { account: tenant.account }) }, t(tenantKey(tenant.account) ? 'tenant_show_key' : 'nav_connect')),
          button(t('delete'), () => remove(tenant), {
            kind: 'danger',
            label: t('action_on', { action: t('delete'), name: tenant.account }),
          }),
        ),
      ]),
    );

  /** @param {Tenant} tenant */
  const remove = ({ account }) =>
    openDialog({
      title: t('tenant_delete_title', { account }),
      content: h('p', {}, t('tenant_delete_effect')),
      action: t('delete'),
      dangerous: true,
      submit: async () => {
        const { removed } = await request('/tenants/{account}', { method: 'delete', path: { account }, signal });
        countSecrets();
        announce(t('tenant_deleted', { account, count: number(removed) }));
        fill(result);
        await load();
      },
      onclose: restoreFocus,
    });

  const create = async () => {
    try {
      const body = {
        ttl: ttl.value.trim() || undefined,
        start_fixtures: fixtures.checked,
        clock: clock.checked,
        alibaba_filter_match: /** @type {'exact' | 'contains' | undefined} */ (filterMatch.value || undefined),
      };
      const tenant = await request('/tenants', { method: 'post', body, signal });
      keepTenantKey(tenant);
      fill(result, newTenant(tenant));
      countSecrets();
      await load();
    } catch (error) {
      if (!isAbort(error)) fill(result, errorMessage(error));
    }
  };

  void load();
  return h(
    'div',
    { class: 'stack' },
    h('p', { class: 'help' }, t('tenants_help')),
    list,
    formSection({
      title: t('tenant_create'),
      fields: [
        h('div', { class: 'control-fields' }, field(t('tenant_ttl'), ttl, { help: t('tenant_ttl_help') }), field(t('tenant_match'), filterMatch)),
        h('div', { class: 'row' }, checkField(t('tenant_fixtures'), fixtures), checkField(t('tenant_clock'), clock)),
      ],
      action: t('tenant_create'),
      submit: () => void create(),
      result,
    }),
  );
}

/** @param {NewTenant} tenant */
function newTenant({ account, access_key_id: id, access_key_secret: secret, secrets }) {
  return h(
    'div',
    { class: 'stack' },
    message('success', h('p', { role: 'status' }, t('tenant_is_created', { account, count: number(secrets) }))),
    codeBlock(t('tenant_key'), id).element,
    codeBlock(t('tenant_secret'), secret).element,
  );
}
