// Reads server-sent events. (`EventSource` cannot send the token of the control API.)

import { open } from '../shared/http.js';

/**
 * Splits a text into the data of its complete events and the rest, which is the start of the next event.
 *
 * @param {string} text
 * @returns {{ data: string[], rest: string }}
 */
export function parseEvents(text) {
  const events = text.split('\n\n');
  const rest = events.pop() ?? '';
  const data = events.flatMap((event) => {
    const lines = event.split('\n').filter((line) => line.startsWith('data:'));
    // An event without data is a heartbeat.
    return lines.length > 0 ? [lines.map((line) => line.slice('data:'.length)).join('\n')] : [];
  });
  return { data, rest };
}

/**
 * Reads the events of the journal until the connection ends.
 *
 * @param {Record<string, string | number>} query
 * @param {(data: any) => void} onevent Called with the data of each event, parsed as JSON.
 * @param {AbortSignal} signal
 */
export async function readJournalEvents(query, onevent, signal) {
  const response = await open('/journal/events', { query, signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (reader) {
    const { done, value } = await reader.read();
    if (done) return;
    const { data, rest } = parseEvents(text + value);
    text = rest;
    for (const each of data) onevent(JSON.parse(each));
  }
}
