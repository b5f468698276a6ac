// Measures how smooth long lists are, with 100,000 secrets and 10,000 requests in the journal.
//
//     bash tests/explorer/run.sh bench/frames.js
//
// Prints the longest frame while a list is scrolled, and the time from a new request until its row is drawn.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { MANY, manySecrets } from '../e2e/many_secrets.js';
import { eventually, seen, suite, visit, withPage } from '../e2e/support.js';

const ENTRIES = 10_000;
/** Requests in flight while the journal is filled. */
const CLIENTS = 8;
/** Turns of the wheel, and the pixels of each. */
const TURNS = 120;
const PIXELS = 240;
const NEW_REQUESTS = 20;

/** Records the time of each frame in `window.frames`. */
function recordFrames() {
  window.frames = [];
  let before = performance.now();
  const look = (now) => {
    window.frames.push(now - before);
    before = now;
    window.recording = requestAnimationFrame(look);
  };
  window.recording = requestAnimationFrame(look);
}

/**
 * The longest frame while the view is scrolled by the wheel, and the longest task of the page in CPU time, which does not
 * depend on the load of the machine.
 */
async function framesWhileScrolling(page) {
  await page.evaluate(() => scrollTo(0, 0));
  await page.mouse.move(500, 500);
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
  await page.evaluate(recordFrames);
  for (let turn = 0; turn < TURNS; turn += 1) {
    await page.mouse.wheel(0, PIXELS);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  const frames = await page.evaluate(() => {
    cancelAnimationFrame(window.recording);
    return window.frames.sort((one, other) => other - one);
  });
  const task = longestTask(JSON.parse(await browser.stopTracing()).traceEvents);
  const long = frames.filter((time) => time > 50).length;
  return `longest task ${task.toFixed(0)} ms of CPU; longest frame ${frames[0].toFixed(0)} ms, ${long} of ${frames.length} over 50 ms`;
}

/** The CPU time of the longest task on the main thread of a page, in milliseconds. */
function longestTask(events) {
  const threads = new Set(events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`));
  const times = events.filter(({ pid, tid, tdur }) => tdur !== undefined && threads.has(`${pid} ${tid}`)).map(({ tdur }) => tdur / 1000);
  return Math.max(0, ...times);
}

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

describe('Frames', () => {
  const many = manySecrets(['--journal', String(ENTRIES)]);
  before(many.create);
  after(many.remove);

  suite('of long lists', ({ emulator }) => {
    it('in the list of secrets', (t) => withPage(emulator, {}, async (page) => {
      await visit(page, '#/secrets?size=100');
      await seen(page.getByText(`Secrets 1 to 100 of ${MANY.toLocaleString('en')}`));
      t.diagnostic(`page of 100 secrets: ${await framesWhileScrolling(page)}`);
      await visit(page, '#/secrets?size=100&sort=-name');
      t.diagnostic(`page of 100 sorted secrets: ${await framesWhileScrolling(page)}`);
    }));

    it('in the journal', (t) => withPage(emulator, {}, async (page) => {
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
  }, many.settings);
});
