// The operations of the clouds, as the server describes them.

import { request } from './http.js';

/** @typedef {import('./control_api.js').CloudName} CloudName */
/** @typedef {import('./control_api.js').Operation} Operation */
/** @typedef {import('./control_api.js').Parameter} Parameter */

/** @type {Map<CloudName, Promise<Operation[]>>} */
const operationsByCloud = new Map();

/**
 * The operations of a cloud, loaded once.
 *
 * @param {CloudName} cloud
 * @returns {Promise<Operation[]>}
 */
export function loadOperations(cloud) {
  const known = operationsByCloud.get(cloud);
  if (known) return known;
  const loading = request('/operations', { query: { cloud } }).then(({ operations }) => operations);
  operationsByCloud.set(cloud, loading);
  loading.catch(() => operationsByCloud.delete(cloud));
  return loading;
}

/**
 * The operations of several clouds in one list.
 *
 * @param {readonly { cloud: CloudName }[]} clouds
 */
export async function loadAllOperations(clouds) {
  const lists = await Promise.all(clouds.map(({ cloud }) => loadOperations(cloud)));
  return lists.flat();
}

/**
 * Whether an operation is a resource of a credential source: its request is not signed, and has one method.
 *
 * @param {Pick<Operation, 'method'>} operation
 */
export function isSource({ method }) {
  return Boolean(method);
}

/**
 * Whether the whole body of a successful response is a secret.
 *
 * @param {Operation} operation
 */
export function returnsSecretText({ reply }) {
  return /** @type {{ format?: string }} */ (reply).format === 'password';
}

/**
 * One operation of a cloud.
 *
 * @param {CloudName} cloud
 * @param {string} action
 */
export async function loadOperation(cloud, action) {
  const operation = (await loadOperations(cloud)).find((each) => each.action === action);
  if (!operation) throw new Error(`the server does not describe ${action} of ${cloud}`);
  return operation;
}

/**
 * @param {Operation} operation
 * @param {string} name
 * @returns {Parameter}
 */
export function parameterOf(operation, name) {
  const parameter = operation.parameters.find((each) => each.name === name);
  if (!parameter) throw new Error(`${operation.action} has no parameter ${name}`);
  return parameter;
}

/**
 * The names of the parameters whose values are secret.
 *
 * @param {Operation} operation
 */
export function sensitiveNames({ parameters }) {
  return new Set(parameters.filter(({ sensitive }) => sensitive).map(({ name }) => name));
}
