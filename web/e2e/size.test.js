// The size of the page, which has a limit, and its load times, which are only printed, as they depend on the machine.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';

import { manySecrets, nameOf } from './many_secrets.js';
import { repositoryFile, seen, suite, visit, withPage } from './support.js';

const MAX_BYTES = 90_000;
const RUNS = 5;

describe('The size of the page', () => {
  it('is below 90 kB, compressed', async (t) => {
    const names = ['main.js', 'index.html', 'style.css', 'icon.svg'];
    const files = names.map((name) => readFile(repositoryFile(`web/dist/${name}`)));
    const sizes = (await Promise.all(files)).map((file) => gzipSync(file).length);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    t.diagnostic(`${names.length} files have ${(total / 1000).toFixed(1)} kB compressed`);
    assert.ok(total < MAX_BYTES, `${total} bytes`);
  });
});

/** Records when the first rows appear, in milliseconds after the start of the navigation. */
function recordFirstRows() {
  const look = () => {
    if (document.querySelector('main tbody tr')) window.firstRows = performance.now();
    else requestAnimationFrame(look);
  };
  look();
}

async function timesToFirstRows(emulator, address = '#/secrets') {
  const times = [];
  for (let time = 0; time < RUNS; time += 1) {
    await withPage(emulator, {}, async (page) => {
      await page.addInitScript(recordFirstRows);
      await visit(page, address);
      times.push(await (await page.waitForFunction(() => window.firstRows)).jsonValue());
    });
  }
  return `${times.map((time) => time.toFixed(0)).join(', ')} ms`;
}

suite('The first view', ({ emulator, test }) => {
  it('shows its first rows (time printed)', async (t) => t.diagnostic(`first rows after ${await timesToFirstRows(emulator)}; a new browser profile each time`));

  test('loads no script twice', async (page) => {
    const requested = [];
    page.on('request', (request) => requested.push(new URL(request.url()).pathname));
    await visit(page);
    await seen(page.getByRole('table', { name: 'Secrets' }));
    const files = requested.filter((each) => each.startsWith('/_emulator/explorer/') && each.endsWith('.js'));
    assert.deepEqual(files, [...new Set(files)]);
  });
});

describe('100,000 secrets', () => {
  const many = manySecrets();
  before(many.create);
  after(many.remove);

  suite('in the list', ({ emulator, test }) => {
    const rows = (page) => page.locator('main tbody tr').count();

    test('are shown in pages with no more rows than the page size', async (page) => {
      await visit(page);
      await seen(page.getByText('Secrets 1 to 20 of 100,000'));
      assert.equal(await rows(page), 20);
      await page.getByLabel('Page size').selectOption('100');
      await seen(page.getByText('Secrets 1 to 100 of 100,000'));
      assert.equal(await rows(page), 100);
      await page.getByRole('link', { name: 'Last' }).click();
      await seen(page.getByText('Secrets 99,901 to 100,000 of 100,000'));
      await seen(page.getByRole('link', { name: 'load/099999' }));
      assert.equal(await rows(page), 100);
      await visit(page, `#/secrets?size=100&filters=${encodeURIComponent('[{"Key":"TagValue","Values":["seven"]}]')}`);
      // Alibaba Cloud returns at most 4,000 secrets under a filter by tag.
      await seen(page.getByText('Secrets 1 to 100 of 4,000'));
      assert.equal(await rows(page), 100);
    });

    it('show their first rows and other pages (times printed)', async (t) => {
      t.diagnostic(`first rows after ${await timesToFirstRows(emulator)}`);
      await withPage(emulator, {}, async (page) => {
        await visit(page);
        const times = [];
        for (let turn = 0; turn < RUNS; turn += 1) {
          const started = performance.now();
          const number = 1000 * (turn + 1);
          await page.evaluate((to) => (location.hash = `#/secrets?page=${to}`), number);
          await seen(page.getByRole('link', { name: nameOf((number - 1) * 20) }));
          times.push((performance.now() - started).toFixed(0));
        }
        t.diagnostic(`other pages after ${times.join(', ')} ms, including the round trip to the browser`);
      });
    });
  }, many.settings);
});
