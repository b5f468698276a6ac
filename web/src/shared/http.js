// Requests to the control API.

import { ServerError, UNREACHABLE, isAbort } from './errors.js';
import { tabStorage } from './storage.js';

/** @typedef {import('./control_api.js').ControlPath} ControlPath */
/** @typedef {import('./control_api.js').RequestOptions<any, any>} AnyOptions */

/** @type {() => Promise<string>} */
let askForToken = () => Promise.reject(new Error('onTokenNeeded was not called'));
/** @type {Promise<string> | null} */
let pendingToken = null;
/** @type {unknown} Set after the user closed the token dialog, until the next input: requests of timers must not open it again. */
let tokenDeclined = null;

/**
 * Sets the function that asks the user for the token of the control API.
 *
 * @param {() => Promise<string>} ask
 */
export function onTokenNeeded(ask) {
  askForToken = ask;
  for (const type of ['click', 'keydown', 'hashchange']) {
    addEventListener(type, () => (tokenDeclined = null), { capture: true });
  }
}

/**
 * Sends a request and returns the JSON of the response: `request('/faults/{id}', { method: 'delete', path: { id } })`.
 * Throws a `ServerError` if the request fails.
 *
 * @template {ControlPath} Path
 * @template {import('./control_api.js').Method<Path>} [Name='get' & import('./control_api.js').Method<Path>]
 * @param {Path} path Without `/_emulator`.
 * @param {import('./control_api.js').RequestOptions<Path, Name>} [options]
 * @returns {Promise<import('./control_api.js').Reply<Path, Name>>}
 */
export async function request(path, options = {}) {
  const response = await open(path, options);
  const body = await response.json();
  if (options.method !== undefined && options.method !== 'get') changes.dispatchEvent(new Event('change'));
  return body;
}

/**
 * Sends a text, such as a fixture file, and returns the JSON of the response.
 *
 * @param {'/state'} path
 * @param {Readonly<Record<string, string | undefined>>} query
 * @param {string} text
 */
export async function sendText(path, query, text) {
  const response = await open(path, { method: 'post', query, text });
  const body = /** @type {import('./control_api.js').Reply<'/state', 'post'>} */ (await response.json());
  changes.dispatchEvent(new Event('change'));
  return body;
}

const changes = new EventTarget();

/**
 * Calls a listener after each request of this page that may have changed the server. Returns a function that ends this.
 *
 * @param {() => void} listener
 */
export function onServerChange(listener) {
  changes.addEventListener('change', listener);
  return () => changes.removeEventListener('change', listener);
}

/**
 * Sends a request and returns the response before its body is read.
 *
 * @param {ControlPath} path
 * @param {AnyOptions} [options]
 * @returns {Promise<Response>}
 */
export async function open(path, options = {}) {
  const token = tabStorage.read('token');
  const response = await send(path, options, token);
  if (response.status === 401) {
    tabStorage.write('token', await newToken(token));
    return open(path, options);
  }
  if (!response.ok && response.status !== options.acceptedStatus) throw await serverError(response);
  return response;
}

/**
 * The URL of a path with its parameters filled in.
 *
 * @param {ControlPath} path
 * @param {Pick<AnyOptions, 'path' | 'query'>} options
 */
export function requestUrl(path, { path: parameters = {}, query = {} }) {
  const values = /** @type {Readonly<Record<string, unknown>>} */ (parameters);
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(values[name])));
  const pairs = Object.entries(query).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, String(value)]]));
  const search = new URLSearchParams(pairs).toString();
  return search ? `/_emulator${filled}?${search}` : `/_emulator${filled}`;
}

/**
 * @param {ControlPath} path
 * @param {AnyOptions} options
 * @param {string | null} token
 */
async function send(path, options, token) {
  const { method = 'get', body, text, signal } = options;
  /** @type {Record<string, string>} */
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (text !== undefined) headers['Content-Type'] = 'text/plain';
  try {
    return await fetch(requestUrl(path, options), {
      method: String(method).toUpperCase(),
      headers,
      body: text ?? (body === undefined ? undefined : JSON.stringify(body)),
      signal,
      cache: 'no-store',
    });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new ServerError(UNREACHABLE, String(error));
  }
}

/**
 * Returns a token other than the rejected one. Concurrent requests share one dialog.
 *
 * @param {string | null} rejected
 */
async function newToken(rejected) {
  const known = tabStorage.read('token');
  if (known && known !== rejected) return known;
  if (tokenDeclined) throw tokenDeclined;
  pendingToken ??= askForToken()
    .catch((error) => {
      // Delayed, because the click or key that closes the dialog resets it.
      setTimeout(() => (tokenDeclined = error));
      throw error;
    })
    .finally(() => {
      pendingToken = null;
    });
  return pendingToken;
}

/** @param {Response} response */
async function serverError(response) {
  const text = await response.text();
  try {
    const { code, message, place } = JSON.parse(text);
    return new ServerError(code, message, { status: response.status, place });
  } catch {
    return new ServerError(String(response.status), text, { status: response.status });
  }
}
