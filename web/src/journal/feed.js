// The latest entries of the journal, updated as the server adds new ones.

import { ServerError, UserError, isAbort } from '../shared/errors.js';
import { request } from '../shared/http.js';
import { readJournalEvents } from './event_stream.js';

/** @typedef {import('../shared/control_api.js').JournalEntry} JournalEntry */

/** How many entries the list shows first, and adds each time. */
export const PAGE_ENTRIES = 300;

/** The pauses before the page connects again, in milliseconds. */
const RETRY_PAUSES = [500, 1000, 2000, 5000, 10_000, 30_000];

/** A connection that lasted this long resets the pauses, in milliseconds. */
const STABLE_AFTER_MS = 10_000;

/**
 * The pause before the next attempt to connect, in milliseconds.
 *
 * @param {number} failures The number of attempts that have failed before.
 */
export function retryPause(failures) {
  return RETRY_PAUSES[Math.min(failures, RETRY_PAUSES.length - 1)] ?? 0;
}

/**
 * @typedef {object} Listener
 * @property {(entries: JournalEntry[], count: number) => void} onlist Called with the entries, the latest first, and the
 *   total number of entries.
 * @property {(entry: JournalEntry) => void} onentry Called with each new entry.
 * @property {(seconds: number) => void} onlost Called when the connection ends, with the time until the next attempt.
 * @property {(error: unknown) => void} onrejected Called when the server rejects the filters or the token.
 * @property {() => void} onconnected
 */

/**
 * Lists the entries that match the filters, then reports new ones until the signal. After a lost connection it lists the
 * entries again, because the server may have been restarted.
 *
 * @param {Record<string, string>} filters
 * @param {() => number} limit Returns the maximum number of entries to list.
 * @param {Listener} listener
 * @param {AbortSignal} signal
 */
export async function followJournal(filters, limit, { onlist, onentry, onlost, onconnected, onrejected }, signal) {
  let failures = 0;
  while (!signal.aborted) {
    const started = Date.now();
    try {
      const { count, requests } = await request('/journal', { query: { ...filters, limit: limit() }, signal });
      const entries = requests.reverse();
      onlist(entries, count);
      onconnected();
      await readJournalEvents({ ...filters, after: entries[0]?.number ?? 0 }, onentry, signal);
      throw new Error('the connection ended');
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      const isRejected = error instanceof ServerError && error.status >= 400 && error.status < 500;
      if (isRejected || error instanceof UserError) {
        onrejected(error);
        return;
      }
      if (Date.now() - started > STABLE_AFTER_MS) failures = 0;
      const pause = retryPause(failures);
      failures += 1;
      onlost(pause / 1000);
      await sleep(pause, signal);
    }
  }
}

/**
 * The next entries before one that is listed, the latest first, and the number of all entries before it.
 *
 * @param {Record<string, string>} filters
 * @param {number} before The number of an entry.
 * @param {AbortSignal} signal
 */
export async function olderEntries(filters, before, signal) {
  const { count, requests } = await request('/journal', { query: { ...filters, before, limit: PAGE_ENTRIES }, signal });
  return { count, entries: requests.reverse() };
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
