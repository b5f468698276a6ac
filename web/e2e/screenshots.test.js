// Takes screenshots of each view in both languages and themes, and on a narrow screen, for review.

import assert from 'node:assert/strict';
import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { before } from 'node:test';

import { repositoryFile, suite } from './support.js';
import { prepareViews, showView } from './views.js';

const DIRECTORY = process.env.SCREENSHOTS || repositoryFile('target/explorer-screenshots');
const SHOWN = [
  'connect', 'secrets', 'secrets-filtered', 'secrets-none', 'secrets-tencent', 'secret', 'dialog-create', 'keys', 'key', 'call-form', 'call-signing', 'call-code',
  'journal', 'journal-request', 'journal-difference', 'controls-clock', 'controls-faults', 'controls-snapshots', 'controls-coverage',
];
const NARROW = ['connect', 'secrets', 'secret', 'call-form', 'journal', 'controls-faults'];

suite('Screenshots', ({ emulator, test }) => {
  let views;
  before(async () => {
    await rm(DIRECTORY, { recursive: true, force: true });
    await mkdir(DIRECTORY, { recursive: true });
    views = await prepareViews(emulator);
  });

  const take = async (page, names, suffix) => {
    for (const name of names) {
      const file = path.join(DIRECTORY, `${name}-${suffix}.png`);
      await showView(page, name, views[name]);
      await page.screenshot({ path: file, fullPage: true, animations: 'disabled' });
      assert.ok((await stat(file)).size > 0, file);
    }
  };

  for (const locale of ['en', 'zh-CN']) {
    for (const colorScheme of ['light', 'dark']) {
      test(`of each view, ${locale} and ${colorScheme}`, (page) => take(page, SHOWN, `${locale}-${colorScheme}`), { locale, colorScheme });
    }
    test(`of each view on a narrow screen, ${locale}`, (page) => take(page, NARROW, `${locale}-narrow`), { locale, viewport: { width: 360, height: 740 } });
  }
});
