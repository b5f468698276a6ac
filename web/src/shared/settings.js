// The settings and the state of the server.

import { request } from './http.js';

/** @typedef {import('./control_api.js').Settings} Settings */
/** @typedef {import('./control_api.js').ScopeSecrets} ScopeSecrets */

/**
 * The settings. The server writes them into the page unless the control API requires a token.
 *
 * @returns {Promise<Settings>}
 */
export async function loadSettings() {
  const embedded = document.querySelector('meta[name="settings"]')?.getAttribute('content');
  return embedded ? JSON.parse(embedded) : request('/settings');
}

/** Whether the server is ready and, if it is starting, how many secrets it has loaded. */
export function loadReadiness() {
  return request('/ready', { acceptedStatus: 503 });
}

/**
 * The scopes that contain secrets.
 *
 * @returns {Promise<ScopeSecrets[]>}
 */
export async function loadScopes() {
  const readiness = await loadReadiness();
  return readiness.status === 'ready' ? readiness.scopes : [];
}

/**
 * All accounts that the server knows: the default one, those of access keys, those of the given scopes.
 *
 * @param {Settings} settings
 * @param {readonly ScopeSecrets[]} [scopes]
 */
export function knownAccounts({ default_account, accounts }, scopes = []) {
  return [...new Set([default_account, ...accounts.map(({ account }) => account), ...scopes.map(({ account }) => account)])];
}
