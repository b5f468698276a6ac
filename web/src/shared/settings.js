// What the server says of itself, asked for once.

import { request } from './http.js';

/** @typedef {'alibaba' | 'tencent'} CloudName */

/**
 * @typedef {object} CloudSettings
 * @property {CloudName} cloud
 * @property {string} title
 * @property {string} api_version
 * @property {string} default_region
 * @property {string[]} regions
 * @property {string[]} formats
 * @property {string[]} methods
 * @property {string[]} signatures
 */

/**
 * @typedef {object} Settings
 * @property {string} version
 * @property {'off' | 'lenient' | 'strict'} auth
 * @property {number} journal How many requests the journal remembers; 0 when it is off.
 * @property {string} now
 * @property {CloudSettings[]} clouds
 * @property {string} default_account
 * @property {{ account: string, access_key_id: string, tenant: boolean }[]} accounts
 */

/**
 * @typedef {object} Operation
 * @property {CloudName} cloud
 * @property {string} action
 * @property {string} summary
 * @property {string} page
 * @property {string} evidence
 * @property {string} [differences]
 * @property {Parameter[]} parameters
 * @property {{ code: string, status: number, message: string }[]} errors
 * @property {unknown} reply
 */

/**
 * @typedef {object} Parameter
 * @property {string} name
 * @property {'boolean' | 'integer' | 'text' | 'json' | 'list' | 'tag_list' | 'tag_filter_list'} type
 * @property {boolean} required
 * @property {boolean} sensitive
 * @property {string} [default]
 * @property {number} [minimum]
 * @property {number} [maximum]
 * @property {string} [rule]
 * @property {string[]} [values]
 * @property {number} [max_items]
 * @property {{ name: string, max_values: number, value: string }[]} [keys]
 * @property {string} help
 */

/**
 * The settings, which the page has in it unless there is a token to be asked for.
 *
 * @returns {Promise<Settings>}
 */
export async function loadSettings() {
  const told = document.querySelector('meta[name="settings"]')?.getAttribute('content');
  return told ? JSON.parse(told) : request('/settings');
}

/** @type {Map<CloudName, Promise<Operation[]>>} */
const operationsByCloud = new Map();

/**
 * The operations of a cloud.
 *
 * @param {CloudName} cloud
 * @returns {Promise<Operation[]>}
 */
export function loadOperations(cloud) {
  const known = operationsByCloud.get(cloud);
  if (known) return known;
  const loading = request(`/operations?cloud=${cloud}`).then((reply) => reply.operations);
  operationsByCloud.set(cloud, loading);
  loading.catch(() => operationsByCloud.delete(cloud));
  return loading;
}

/**
 * One operation of a cloud.
 *
 * @param {CloudName} cloud
 * @param {string} action
 */
export async function loadOperation(cloud, action) {
  const operation = (await loadOperations(cloud)).find((each) => each.action === action);
  if (!operation) throw new Error(`The server does not know ${action} of ${cloud}.`);
  return operation;
}

/**
 * @param {Operation} operation
 * @param {string} name
 * @returns {Parameter}
 */
export function parameterOf(operation, name) {
  const parameter = operation.parameters.find((each) => each.name === name);
  if (!parameter) throw new Error(`${operation.action} has no parameter ${name}.`);
  return parameter;
}

/**
 * How far the server is with its start.
 *
 * @returns {Promise<{ loaded?: number, secrets?: number }>}
 */
export function loadProgress() {
  return request('/ready', { expected: 503 });
}

/**
 * What holds secrets.
 *
 * @returns {Promise<{ cloud: CloudName, account: string, region: string, secrets: number }[]>}
 */
export async function loadScopes() {
  return (await request('/ready')).scopes;
}
