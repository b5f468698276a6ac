// Takes screenshots of views in both languages and themes and at four widths, for review: in each language, in each theme at
// one width. With SCREENSHOTS_OF=all, of all views and dialogs, in both themes at each width.

import assert from 'node:assert/strict';
import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { before } from 'node:test';

import { repositoryFile, suite, visit } from './support.js';
import { ALL_LOOKS, LOOKS, THEMES, prepareViews, showTheme, showView, speak } from './views.js';

const DIRECTORY = process.env.SCREENSHOTS || repositoryFile('target/explorer-screenshots');
const SHOWN = [
  'connect', 'secrets', 'secrets-filtered', 'secrets-none', 'secrets-tencent', 'secret', 'dialog-create', 'keys', 'key', 'call-form', 'call-signing', 'call-code',
  'journal', 'journal-request', 'journal-difference', 'controls-clock', 'controls-faults', 'controls-snapshots', 'controls-coverage',
];
const ALL = process.env.SCREENSHOTS_OF === 'all';

suite('Screenshots', ({ emulator, test }) => {
  let views;
  before(async () => {
    await rm(DIRECTORY, { recursive: true, force: true });
    await mkdir(DIRECTORY, { recursive: true });
    views = await prepareViews(emulator);
  });

  for (const [language, some] of Object.entries(LOOKS)) {
    test(`of each view, ${language}`, async (page) => {
      const looks = ALL ? ALL_LOOKS : some;
      await visit(page);
      await speak(page, language);
      for (const name of ALL ? Object.keys(views) : SHOWN) {
        await showView(page, name, views[name]);
        for (const theme of THEMES) {
          await showTheme(page, theme);
          for (const width of looks[theme]) {
            await page.setViewportSize({ width, height: 900 });
            const file = path.join(DIRECTORY, `${name}-${language === 'English' ? 'en' : 'zh-CN'}-${theme}-${width}.png`);
            await page.screenshot({ path: file, fullPage: true, animations: 'disabled' });
            assert.ok((await stat(file)).size > 0, file);
          }
        }
      }
    });
  }
});
