// The access keys of tenants that this page has created. The server does not return their secrets again.

import { tabStorage } from './storage.js';

/** @typedef {{ access_key_id: string, access_key_secret: string }} Key */

/** @returns {Record<string, Key>} */
function all() {
  try {
    return JSON.parse(tabStorage.read('tenants') ?? '{}');
  } catch {
    return {};
  }
}

/**
 * @param {string} account
 * @returns {Key | null} `null` if another client created the tenant, or the page in another tab.
 */
export function tenantKey(account) {
  const keys = all();
  return (Object.hasOwn(keys, account) && keys[account]) || null;
}

/** @param {Pick<import('./control_api.js').NewTenant, 'account'> & Key} tenant */
export function keepTenantKey({ account, access_key_id, access_key_secret }) {
  tabStorage.write('tenants', JSON.stringify({ ...all(), [account]: { access_key_id, access_key_secret } }));
}
