// Reports changes of the secrets and keys of a scope by clients, as the journal shows them.

import { followJournal } from '../journal/feed.js';

/** Operations that change nothing. */
const READS = /^(?:Get|List|Describe|Batch)/;

/** Several changes within this time are reported once. */
const WAIT_MS = 300;

/**
 * @param {import('../main.js').Context} context
 * @param {() => void} onchange
 */
export function followChanges({ scope, settings, signal }, onchange) {
  if (settings.journal === 0) return;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  signal.addEventListener('abort', () => clearTimeout(timer));
  void followJournal(
    { ...scope, code: 'OK' },
    () => 1,
    {
      onlist: () => {},
      onentry: ({ action }) => {
        if (!action || READS.test(action)) return;
        clearTimeout(timer);
        timer = setTimeout(onchange, WAIT_MS);
      },
      onlost: () => {},
      onconnected: () => {},
      onrejected: () => {},
    },
    signal,
  );
}
