// The columns of the list of secrets, and tags for several secrets.

import assert from 'node:assert/strict';

import { eventually, focused, gone, seen, suite, tableTexts, visit } from './support.js';

suite('The columns of the list of secrets', ({ test }) => {
  const heads = async (page) => (await tableTexts(page, 'Secrets')).heads;
  const ALL = ['Name', 'Type', 'State', 'Planned deletion', 'Tags', 'Created (UTC)', 'Updated (UTC)'];

  test('are chosen, and remembered for each cloud', async (page) => {
    await visit(page);
    assert.deepEqual(await heads(page), ALL);
    await page.getByText('Columns', { exact: true }).click();
    const menu = page.getByRole('group', { name: 'Columns' });
    for (const name of ['Type', 'Updated (UTC)']) await menu.getByLabel(name).uncheck();
    const left = ALL.filter((name) => !['Type', 'Updated (UTC)'].includes(name));
    await eventually(async () => assert.deepEqual(await heads(page), left));
    await page.reload();
    await eventually(async () => assert.deepEqual(await heads(page), left));
    await visit(page, '#/secrets?cloud=tencent');
    await eventually(async () => assert.deepEqual(await heads(page), ['Name', 'Type', 'State', 'Planned deletion', 'Description', 'Created (UTC)']));
    await visit(page);
    await page.getByText('Columns', { exact: true }).click();
    await menu.getByLabel('Type').check();
    await eventually(async () => assert.deepEqual(await heads(page), ALL.filter((name) => name !== 'Updated (UTC)')));
  });

  test('are chosen by the keyboard, in a menu that Escape closes', async (page) => {
    await visit(page);
    const summary = page.locator('summary', { hasText: 'Columns' });
    await summary.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await eventually(async () => assert.ok(!(await heads(page)).includes('Type')));
    await focused(page.getByRole('group', { name: 'Columns' }).getByLabel('Type'));
    await page.keyboard.press('Escape');
    await gone(page.getByRole('group', { name: 'Columns' }));
    await focused(summary);
    await summary.click();
    await page.getByRole('heading', { level: 1 }).click();
    await gone(page.getByRole('group', { name: 'Columns' }));
  });

  test('mark only unusual states', async (page) => {
    await visit(page);
    const { rows } = await tableTexts(page, 'Secrets');
    const marked = await page.locator('tbody td .badge:not(a)').allInnerTexts();
    assert.deepEqual(marked, rows.map((row) => row[2]).filter((state) => state !== 'enabled'));
    assert.ok(marked.length > 0);
  });
});

suite('Several selected secrets', ({ emulator, test }) => {
  const select = async (page, names) => {
    for (const name of names) await page.getByLabel(`Select ${name}`).check();
    await page.getByRole('group', { name: 'Selected secrets' }).getByRole('button', { name: 'Add tags' }).click();
    return page.getByRole('dialog', { name: 'Add tags' });
  };
  const fill = async (dialog, key, value) => {
    await dialog.getByLabel('Tag key').fill(key);
    await dialog.getByLabel('Tag value').fill(value);
    await dialog.getByRole('button', { name: 'Add tags' }).click();
    await gone(dialog);
  };

  test('are tagged, and the tag filters the list', async (page) => {
    await emulator.reset();
    const names = ['shop/db/password', 'shop/db/readonly'];
    await visit(page);
    await fill(await select(page, names), 'reviewed', 'yes');
    for (const name of names) {
      const { Tags } = await emulator.call('alibaba', 'DescribeSecret', { SecretName: name, FetchTags: true });
      assert.ok(Tags.Tag.some(({ TagKey, TagValue }) => TagKey === 'reviewed' && TagValue === 'yes'), name);
      assert.ok(Tags.Tag.length > 1, 'the tags before are kept');
    }
    await page.getByRole('link', { name: 'reviewed=yes' }).first().click();
    await eventually(async () => assert.deepEqual((await tableTexts(page, 'Secrets')).rows.map(([name]) => name), names));
    await emulator.reset();
  });

  test('are tagged on Tencent Cloud', async (page) => {
    await visit(page, '#/secrets?cloud=tencent');
    await fill(await select(page, ['shop-db-password']), 'reviewed', 'yes');
    const { SecretMetadatas } = await emulator.call('tencent', 'ListSecrets', { TagFilters: [{ TagKey: 'reviewed', TagValue: ['yes'] }] });
    assert.deepEqual(SecretMetadatas.map(({ SecretName }) => SecretName), ['shop-db-password']);
    await emulator.reset();
  });

  test('need a tag key, and show the error of the cloud', async (page) => {
    await visit(page);
    const dialog = await select(page, ['legacy-token']);
    await dialog.getByRole('button', { name: 'Add tags' }).click();
    await seen(dialog.getByRole('alert').getByText('Enter at least one tag key.'));
    await dialog.getByLabel('Tag key').fill('acs:reserved');
    await dialog.getByRole('button', { name: 'Add tags' }).click();
    await seen(dialog.getByRole('alert').getByText('TagResource'));
  });
});
