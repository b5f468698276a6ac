// Measures how smooth a list of 10,000 requests is.
//
//     bash tests/explorer/run.sh bench/long_journal.js
//
// Prints the longest frame while the list is scrolled, and the time from a new request until its row is drawn.

import assert from 'node:assert/strict';
import { it } from 'node:test';

import { eventually, suite, visit, withPage } from '../e2e/support.js';
import { framesWhileScrolling } from './frames.js';

const ENTRIES = 10_000;
/** Requests in flight while the journal is filled. */
const CLIENTS = 8;
const NEW_REQUESTS = 20;

/** The times from the start of a request until the frame after its row is in the list, in milliseconds. */
async function timesToRow(page) {
  const times = await page.evaluate(async (count) => {
    const list = document.querySelector('.requests');
    const timeToRow = () => new Promise((resolve) => {
      const started = performance.now();
      const observer = new MutationObserver(() => {
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started)));
      });
      observer.observe(list, { childList: true, subtree: true });
      void fetch('/', { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'Action=DescribeRegions' });
    });
    const found = [];
    for (let time = 0; time < count; time += 1) found.push(await timeToRow());
    return found.sort((one, other) => one - other);
  }, NEW_REQUESTS);
  return `new request drawn after ${times[Math.floor(times.length / 2)].toFixed(0)} ms (median), ${times.at(-1).toFixed(0)} ms (longest of ${NEW_REQUESTS})`;
}

/** Fills the journal. */
async function sendMany(emulator) {
  let left = ENTRIES;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      await (await fetch(`${emulator.url}/?Action=DescribeSecret&SecretName=load/${left}`)).text();
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

suite('A journal of many requests', ({ emulator }) => {
  it('in the list', (t) => withPage(emulator, {}, async (page) => {
    await sendMany(emulator);
    const { count } = await emulator.control('journal?limit=0');
    assert.equal(count, ENTRIES);
    await visit(page, '#/journal');
    const rows = page.locator('.request-item');
    await eventually(async () => assert.ok((await rows.count()) > 0));
    t.diagnostic(`first ${await rows.count()} of ${count} requests: ${await framesWhileScrolling(page)}`);
    t.diagnostic(`first requests: ${await timesToRow(page)}`);
    const older = page.getByRole('button', { name: 'Show older requests' });
    const started = performance.now();
    while (await older.isVisible()) {
      const shown = await rows.count();
      await older.evaluate((button) => button.click());
      await eventually(async () => assert.ok((await rows.count()) > shown), 60_000);
    }
    t.diagnostic(`all requests listed after ${((performance.now() - started) / 1000).toFixed(1)} s`);
    t.diagnostic(`all ${await rows.count()} requests: ${await framesWhileScrolling(page)}`);
    t.diagnostic(`all requests: ${await timesToRow(page)}`);
  }));
}, { args: ['--journal', String(ENTRIES)] });
