// Server-sent events, read by hand: what the browser has for them cannot send a token.

import { open } from '../shared/http.js';

/**
 * Reads events until the connection ends.
 *
 * @param {string} path
 * @param {(data: any) => void} onevent Learns the data of each, from JSON.
 * @param {AbortSignal} signal
 */
export async function readEvents(path, onevent, signal) {
  const response = await open(path, { signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  while (reader) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = (rest + value).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      const data = event
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice('data:'.length));
      if (data.length > 0) onevent(JSON.parse(data.join('\n')));
    }
  }
}
