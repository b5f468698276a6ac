// Counts the requests of clients in the last minute.

import { request } from './http.js';

const MINUTE_MS = 60_000;

export function rateMeter() {
  /** @type {{ time: number, count: number }[]} */
  let samples = [];
  /** @type {number | null} The number of the last request that was counted; `null` before the first reading. */
  let last = null;
  return {
    /** Counts the requests since the last reading, and returns the number in the last minute. */
    read: async () => {
      const { requests } = await request('/journal', { query: { limit: 1 } });
      const newest = requests[0]?.number ?? 0;
      const now = Date.now();
      // Requests before the first reading may be old. After a restart of the server the numbers start at 1 again.
      if (last !== null && newest !== last) {
        const { count } = await request('/journal', { query: { after: newest > last ? last : 0, limit: 0 } });
        samples.push({ time: now, count });
      }
      last = newest;
      samples = samples.filter(({ time }) => now - time < MINUTE_MS);
      return samples.reduce((sum, sample) => sum + sample.count, 0);
    },
  };
}
