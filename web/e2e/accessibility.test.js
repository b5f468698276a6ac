// axe-core reports no violations in any view or dialog, in both languages and themes and at four widths: in each language,
// in each theme at one width. With ACCESSIBILITY_OF=all, in both themes at each width, which takes about ten minutes.

import assert from 'node:assert/strict';
import { before } from 'node:test';

import axe from 'axe-core';

import { seen, settled, suite, visit } from './support.js';
import { ALL_LOOKS, LOOKS, THEMES, prepareViews, showTheme, showView, speak } from './views.js';

/** The violations that axe-core reports, by all rules or some. */
async function violationsOf(page, rules) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  return page.evaluate(async (rules) => {
    // Transitions change colours.
    for (const animation of document.getAnimations()) if (animation instanceof CSSTransition) animation.finish();
    // Rows that are not drawn keep the colours of the theme in which they were drawn before.
    for (const chunk of document.querySelectorAll('.request-chunk')) chunk.style.contentVisibility = 'visible';
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'], ...(rules ? { runOnly: rules } : {}) });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`));
  }, rules);
}

suite('The accessibility of the page', ({ emulator, test }) => {
  let views;
  before(async () => {
    views = await prepareViews(emulator);
  });

  /** The themes differ only in colours. */
  const RULES = { light: undefined, dark: ['color-contrast'] };

  for (const [language, some] of Object.entries(LOOKS)) {
    test(`has no violations in any view or dialog, in ${language} and both themes`, async (page) => {
      const looks = process.env.ACCESSIBILITY_OF === 'all' ? ALL_LOOKS : some;
      const found = {};
      await visit(page);
      await speak(page, language);
      for (const [name, address] of Object.entries(views)) {
        await showView(page, name, address);
        for (const theme of THEMES) {
          await showTheme(page, theme);
          for (const width of looks[theme]) {
            await page.setViewportSize({ width, height: 900 });
            const violations = await violationsOf(page, RULES[theme]);
            if (violations.length > 0) found[`${name}, ${width}, ${theme}`] = violations;
          }
        }
      }
      assert.deepEqual(found, {});
    });
  }

  test('has no violations in opened parts of a view: values, filters, a response, dialogs', async (page) => {
    const check = async () => assert.deepEqual(await violationsOf(page), []);
    await visit(page, views.secret);
    await page.getByRole('button', { name: 'Show the value of v1' }).click();
    await seen(page.getByRole('region', { name: 'Value of v1' }));
    await page.getByText('More from DescribeSecret').click();
    await check();
    await visit(page, views.secrets);
    await page.locator('summary').first().click();
    await page.getByRole('button', { name: 'Add a filter' }).click();
    await check();
    await visit(page, '#/call?action=GetSecretValue&parameters=%7B%22SecretName%22%3A%22no-such-secret%22%7D');
    await page.getByRole('button', { name: 'Send' }).click();
    await seen(page.getByText('HTTP 404'));
    for (const summary of await page.locator('main summary').all()) await summary.click();
    await check();
    await visit(page, '#/journal');
    await page.getByRole('button', { name: 'Clear…' }).click();
    await seen(page.getByRole('dialog'));
    await check();
    await page.keyboard.press('Escape');
    await visit(page, '#/controls?part=reset');
    await page.getByRole('button', { name: 'Reset…' }).click();
    await seen(page.getByRole('dialog'));
    await check();
  });
});

suite('The accessibility of a server with a token', ({ test }) => {
  test('has no violations in the token dialog', async (page) => {
    await page.goto('/');
    await seen(page.getByRole('dialog'));
    assert.deepEqual(await violationsOf(page), []);
    await page.getByLabel('Token', { exact: true }).fill('hush-hush');
    await page.keyboard.press('Enter');
    await settled(page);
  }, { allow: [/401/] });
}, { args: ['--control-token', 'hush-hush'] });
