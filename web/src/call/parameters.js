// The parameters of a call that may be shown or written to the address.

import { isSource } from '../shared/operations.js';

/** @typedef {import('../shared/control_api.js').Operation} Operation */
/** @typedef {Record<string, unknown>} Parameters */

/** Sent instead of a secret value where a request is only shown. It needs no encoding. */
const MASK = '***';

/**
 * The parameters that are not secret: those that the operation describes as not sensitive. Unknown parameters could
 * contain a secret value.
 *
 * @param {Operation} operation
 * @param {Parameters} parameters
 * @returns {Parameters}
 */
export function publicParameters(operation, parameters) {
  const names = new Set(operation.parameters.filter(({ sensitive }) => !sensitive).map(({ name }) => name));
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => names.has(name)));
}

/**
 * All parameters with secret values masked; `null` if none is secret.
 *
 * @param {Operation} operation
 * @param {Parameters} parameters
 * @returns {Parameters | null}
 */
export function maskedParameters(operation, parameters) {
  const shown = publicParameters(operation, parameters);
  const names = Object.keys(parameters);
  if (names.every((name) => name in shown)) return null;
  return Object.fromEntries(names.map((name) => [name, name in shown ? shown[name] : MASK]));
}

/**
 * The parameters of a new form: those of a credential source that select the account of the page.
 *
 * @param {Pick<Operation, 'method' | 'parameters'>} operation
 * @param {string} account
 * @returns {Parameters}
 */
export function presetParameters(operation, account) {
  const found = isSource(operation) && operation.parameters.find(({ name }) => name === 'role' || name === 'account');
  return found ? { [found.name]: account } : {};
}

/**
 * The members of a JSON object; none if the text is anything else.
 *
 * @param {string} text
 * @returns {Parameters}
 */
export function parseObject(text) {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}
