// The last requests of the journal, kept up with the server.

import { Notice } from '../shared/errors.js';
import { readEvents } from './event_stream.js';
import { isAbort, request, ServerError } from '../shared/http.js';

/**
 * @typedef {object} Entry
 * @property {number} number
 * @property {string} time
 * @property {import('../shared/settings.js').CloudName} cloud
 * @property {string | null} action
 * @property {Record<string, string> | null} parameters
 * @property {string | null} access_key_id
 * @property {Verdict} verdict
 * @property {string | null} account
 * @property {string | null} region
 * @property {number} status
 * @property {string} code
 * @property {string} request_id
 * @property {number} duration_ms
 * @property {number | null} fault
 * @property {Mismatch | null} mismatch
 */

/** @typedef {'not_reached' | 'unsigned' | 'unchecked' | 'valid' | 'refused'} Verdict */
/** @typedef {{ diagnosis: string, server: string, client: string | null, first_difference: number | null }} Mismatch */

/** How many requests are kept. */
export const MOST = 300;

/** After how long it is tried again to connect, in milliseconds, each time longer. */
const PAUSES = [500, 1000, 2000, 5000, 10_000, 30_000];

/** How long a connection lasts that held, in milliseconds. */
const HELD = 10_000;

/**
 * @typedef {object} Listener
 * @property {(entries: Entry[], count: number) => void} onlist Learns what there is, the latest first, and how many the journal has.
 * @property {(entry: Entry) => void} onentry Learns of one more.
 * @property {(seconds: number) => void} onlost Learns that the connection ended, and when it is tried again.
 * @property {(error: unknown) => void} onrefused Learns that the server does not take the filters, or that there is no token.
 * @property {() => void} onconnected
 */

/**
 * Lists what there is, and follows what comes, until the signal. After a connection was lost all is listed anew: the
 * server may have begun from the start meanwhile.
 *
 * @param {string} filters As a query.
 * @param {Listener} listener
 * @param {AbortSignal} signal
 */
export async function followJournal(filters, { onlist, onentry, onlost, onconnected, onrefused }, signal) {
  let failures = 0;
  while (!signal.aborted) {
    const begun = Date.now();
    try {
      const { count, requests } = await request(`/journal?${query(filters, { limit: MOST })}`, { signal });
      /** @type {Entry[]} */
      const entries = requests.reverse();
      onlist(entries, count);
      onconnected();
      await readEvents(`/journal/events?${query(filters, { after: entries[0]?.number ?? 0 })}`, onentry, signal);
      throw new Error('The connection ended.');
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      const isRefused = error instanceof ServerError && error.status >= 400 && error.status < 500;
      if (isRefused || error instanceof Notice) {
        onrefused(error);
        return;
      }
      // A connection that held is not counted with those before it.
      if (Date.now() - begun > HELD) failures = 0;
      const pause = PAUSES[Math.min(failures, PAUSES.length - 1)] ?? 0;
      failures += 1;
      onlost(pause / 1000);
      await sleep(pause, signal);
    }
  }
}

/**
 * @param {string} filters
 * @param {Record<string, number>} more
 */
function query(filters, more) {
  const values = new URLSearchParams(filters);
  for (const [name, value] of Object.entries(more)) values.set(name, String(value));
  return values;
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} signal
 */
function sleep(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve(undefined);
    });
  });
}
