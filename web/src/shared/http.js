// All requests to the server.

import { passing } from './storage.js';

/** An answer that says no, or none at all. */
export class ServerError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {{ status?: number, place?: string }} [more]
   */
  constructor(code, message, { status = 0, place = '' } = {}) {
    super(message);
    this.name = 'ServerError';
    this.code = code;
    /** 0 where nothing was answered. */
    this.status = status;
    this.place = place;
  }
}

/** The code of an error where the server did not answer. */
export const UNREACHABLE = 'Unreachable';

/**
 * @typedef {object} Options
 * @property {string} [method]
 * @property {unknown} [body]
 * @property {AbortSignal} [signal]
 * @property {number} [expected] A status that is an answer too, though it is none of 200 to 299.
 */

/** @type {() => Promise<string>} */
let askForToken = () => Promise.reject(new Error('Nobody can be asked for the token.'));
/** @type {Promise<string> | null} */
let asked = null;
/** @type {unknown} Why there is no token, until the user does something again: what asks by itself shall not ask on. */
let declined = null;

for (const type of ['click', 'keydown', 'hashchange']) {
  addEventListener(type, () => (declined = null), { capture: true });
}

/**
 * Says who asks the user for the token of the controls, once the server wants one.
 *
 * @param {() => Promise<string>} ask
 */
export function onTokenNeeded(ask) {
  askForToken = ask;
}

/**
 * A control's answer: `request('/clock')`. Tells of failures by `ServerError`.
 *
 * @param {string} path Below `/_emulator`.
 * @param {Options} [options]
 * @returns {Promise<any>}
 */
export async function request(path, options = {}) {
  const response = await open(path, options);
  const text = await response.text();
  return text ? JSON.parse(text) : null;
}

/**
 * The same before its body is read, for streams and other than JSON.
 *
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<Response>}
 */
export async function open(path, options = {}) {
  const token = passing.read('token');
  const response = await send(path, options, token);
  if (response.status === 401) {
    passing.write('token', await newToken(token));
    return open(path, options);
  }
  if (!response.ok && response.status !== options.expected) throw await refusal(response);
  return response;
}

/**
 * @param {string} path
 * @param {Options} options
 * @param {string | null} token
 */
async function send(path, { method, body, signal }, token) {
  /** @type {Record<string, string>} */
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  try {
    return await fetch(`/_emulator${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
      cache: 'no-store',
    });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new ServerError(UNREACHABLE, String(error));
  }
}

/**
 * A token other than the one that was refused. Requests that are refused at once ask only once.
 *
 * @param {string | null} refused
 */
async function newToken(refused) {
  const known = passing.read('token');
  if (known && known !== refused) return known;
  if (declined) throw declined;
  asked ??= askForToken()
    .catch((error) => {
      // After the click or key that closed the dialog.
      setTimeout(() => (declined = error));
      throw error;
    })
    .finally(() => {
      asked = null;
    });
  return asked;
}

/** @param {Response} response */
async function refusal(response) {
  const text = await response.text();
  try {
    const { code, message, place } = JSON.parse(text);
    return new ServerError(code, message, { status: response.status, place });
  } catch {
    return new ServerError(String(response.status), text, { status: response.status });
  }
}

/**
 * Whether it says no more than that nobody waits for the answer.
 *
 * @param {unknown} error
 */
export function isAbort(error) {
  return error instanceof DOMException && error.name === 'AbortError';
}

/**
 * A request to a cloud and what came of it.
 *
 * @typedef {object} Exchange
 * @property {{ method: string, url: string, query: string, headers: [string, string][], body: string }} request
 * @property {{ step: string, text: string }[]} signing
 * @property {string | null} browser_url
 * @property {string} curl
 * @property {{ language: string, sdk: string, install: string, text: string }[]} [code]
 * @property {number | null} latency_ms For how much longer a fault would have had a client wait.
 * @property {Reply | null} reply
 * @property {string | null} request_id
 */

/** @typedef {{ status: number, headers: [string, string][], body: string, cut: null | 'reset' | { body: number } }} Reply */

/**
 * Makes, signs and carries out a request to a cloud.
 *
 * @param {Record<string, unknown>} order As `/_emulator/call` takes it.
 * @param {AbortSignal} [signal]
 * @returns {Promise<Exchange>}
 */
export function exchange(order, signal) {
  return request('/call', { body: order, signal });
}
