// What the list of secrets adds to the clouds' lists: search, order, selection, files; and the dialogs of secrets.

import assert from 'node:assert/strict';

import { ALIBABA, addressed, downloaded, dropFile, eventually, focused, gone, hash, plain, seen, settled, suite, texts, valued, visit } from './support.js';

const NAMES = ALIBABA.map(({ SecretName }) => SecretName);
const names = (page) => page.getByRole('table', { name: 'Secrets' }).getByRole('rowheader').getByRole('link');
const parameter = (place, name) => place.getByLabel(new RegExp(`^${name}(?!\\w)`));

suite('The list of secrets', ({ emulator, test }) => {
  test('is searched by a part of a name, description or tag', async (page) => {
    await visit(page);
    const search = page.getByLabel('Search by name, description or tag');
    await search.fill('DB');
    await texts(names(page), ['shop/db/password', 'shop/db/readonly']);
    await addressed(page, 'secrets', { search: 'DB' });
    await focused(search);
    await search.fill('db env=staging');
    await texts(names(page), ['shop/db/readonly']);
    await page.reload();
    await texts(names(page), ['shop/db/readonly']);
    await search.fill('no such words');
    await seen(page.getByText('No secret contains these words.'));
    await page.getByRole('link', { name: 'Clear the search' }).click();
    await texts(names(page), NAMES);
    await visit(page, '#/secrets?cloud=tencent&search=PostgreSQL');
    await texts(names(page), ['shop-db-password']);
  });

  test('is sorted by a column, in both directions, on all pages', async (page) => {
    await visit(page, '#/secrets?size=5');
    const sort = page.getByRole('button', { name: 'Name' });
    const ordered = [...NAMES].sort();
    await sort.click();
    await addressed(page, 'secrets', { size: '5', sort: 'name' });
    await texts(names(page), ordered.slice(0, 5));
    await focused(sort);
    await page.keyboard.press('Enter');
    await texts(names(page), [...ordered].reverse().slice(0, 5));
    await page.getByRole('link', { name: 'Last' }).click();
    await texts(names(page), [...ordered].reverse().slice(5));
    await sort.click();
    await texts(names(page), NAMES.slice(0, 5));
  });

  test('is sorted at every width, and says by which column', async (page) => {
    for (const width of [390, 768, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await visit(page);
      // A click fails if the button is hidden.
      await page.getByRole('button', { name: 'Created' }).click();
      await addressed(page, 'secrets', { sort: 'created' });
      await seen(page.locator('th[aria-sort="ascending"]').getByText('Created (UTC)', { exact: true }));
      await page.getByRole('button', { name: 'Created' }).click();
      await seen(page.locator('th[aria-sort="descending"]').getByText('Created (UTC)', { exact: true }));
      assert.equal(await page.locator('th[aria-sort]').count(), 1);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width} pixels`);
    }
  });

  test('is filtered by a click on a tag', async (page) => {
    await visit(page);
    await page.getByRole('row', { name: 'orders/rds' }).getByRole('link', { name: 'team=orders' }).click();
    await texts(names(page), ['orders/rds']);
    await emulator.call('tencent', 'CreateSecret', { SecretName: 'tagged-here', VersionId: 'v1', SecretString: 'x', Tags: [{ TagKey: 'team', TagValue: 'a' }] });
    await visit(page, hash('secrets', { cloud: 'tencent', filters: '{"TagFilters":[{"TagKey":"team","TagValue":["a"]}]}' }));
    await texts(names(page), ['tagged-here']);
  });

  test('shows changes of clients, and keeps the selection', async (page) => {
    await emulator.reset();
    await visit(page);
    await page.getByLabel('Select legacy-token').check();
    await emulator.call('alibaba', 'CreateSecret', { SecretName: 'from/a/client', VersionId: 'v1', SecretData: 'x' });
    await texts(names(page), [...NAMES, 'from/a/client']);
    assert.ok(await page.getByLabel('Select legacy-token').isChecked());
    await seen(page.getByText('Selected: 1'));
    await emulator.reset();
  });

  test('says that a list of Tencent Cloud has no managed secrets', async (page) => {
    await visit(page, '#/secrets?cloud=tencent');
    const { TotalCount: own } = await emulator.call('tencent', 'ListSecrets');
    const { scopes } = await emulator.control('ready');
    const all = scopes.find(({ cloud, region }) => cloud === 'tencent' && region === 'ap-guangzhou').secrets;
    assert.ok(all > own);
    await seen(page.getByText(`Managed secrets of this scope: ${all - own}.`));
  });

  test('deletes and restores several secrets at once', async (page) => {
    await emulator.reset();
    await visit(page);
    for (const name of ['shop/db/password', 'shop/db/readonly', 'legacy-token']) await page.getByLabel(`Select ${name}`).check();
    const bar = page.getByRole('group', { name: 'Selected secrets' });
    await seen(bar.getByText('Selected: 3'));
    await bar.getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete' });
    // Its deletion is planned already.
    await texts(dialog.getByRole('listitem'), ['shop/db/password', 'shop/db/readonly']);
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await gone(dialog);
    await eventually(async () => assert.equal(await page.getByText('pending deletion').count(), 3));
    for (const name of ['shop/db/password', 'shop/db/readonly']) await page.getByLabel(`Select ${name}`).check();
    await bar.getByRole('button', { name: 'Restore' }).click();
    await page.getByRole('dialog', { name: 'Restore' }).getByRole('button', { name: 'Restore' }).click();
    await eventually(async () => assert.equal(await page.getByText('pending deletion').count(), 0));
    await gone(bar);
    await emulator.reset();
  });

  test('closes its dialogs when another view is opened', async (page) => {
    await visit(page, '#/connect');
    await visit(page);
    await page.getByLabel('Select shop/db/readonly').check();
    await page.getByRole('group', { name: 'Selected secrets' }).getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete' });
    await seen(dialog);
    await page.goBack();
    await gone(dialog);
    await seen(page.getByRole('heading', { name: 'Connect' }));
  });

  test('downloads selected secrets as a fixture, which loads when it is dropped', async (page) => {
    await visit(page);
    await page.getByLabel('Select shop/db/readonly').check();
    await page.getByRole('group', { name: 'Selected secrets' }).getByRole('button', { name: 'Download as fixture' }).click();
    await page.getByLabel('Include secret values').check();
    const { text } = await downloaded(page, () => page.getByRole('dialog').getByRole('button', { name: 'Download' }).click());
    assert.deepEqual(JSON.parse(text).flatMap(({ SecretList }) => SecretList.Secret.map(({ SecretName }) => SecretName)), ['shop/db/readonly']);
    await emulator.call('alibaba', 'DeleteSecret', { SecretName: 'shop/db/readonly', ForceDeleteWithoutRecovery: true });
    await eventually(async () => assert.equal(await names(page).count(), NAMES.length - 1));
    await dropFile(page, 'saved.json', text);
    const dialog = page.getByRole('dialog', { name: 'Load saved.json' });
    await texts(dialog.getByRole('listitem'), ['shop/db/readonly']);
    await dialog.getByRole('button', { name: 'Load' }).click();
    await eventually(async () => assert.equal(await names(page).count(), NAMES.length));
    await emulator.reset();
  });

  test('previews a dropped .env file by its names, without values', async (page) => {
    await visit(page);
    await dropFile(page, '.env', '# settings\nexport DB_PASSWORD=hunter2\nTOKEN="abc"\n');
    const dialog = page.getByRole('dialog', { name: 'Load .env' });
    await texts(dialog.getByRole('listitem'), ['DB_PASSWORD', 'TOKEN']);
    assert.ok(!(await page.content()).includes('hunter2'));
    await dialog.getByRole('button', { name: 'Load' }).click();
    await seen(names(page).getByText('DB_PASSWORD'));
    // The region of the list is one of its cloud, so the secrets are not created in the other cloud.
    const others = JSON.stringify(await emulator.control('state?cloud=tencent'));
    assert.ok(!others.includes('DB_PASSWORD'));
    await dropFile(page, 'broken.json', '{"SecretList":{"Secret":[{"SecretType":"Generic"}]}}');
    await page.getByRole('dialog').getByRole('button', { name: 'Load' }).click();
    await seen(page.getByRole('dialog').getByRole('alert').getByText(/^The server returned InvalidFixture/));
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await emulator.reset();
  }, { allow: [/400/] });
});

suite('The dialogs of secrets', ({ emulator, test }) => {
  test('create a secret from two fields, by Ctrl+Enter', async (page) => {
    await visit(page, hash('secrets', { form: 'create' }));
    const dialog = page.getByRole('dialog', { name: 'Create a secret' });
    await parameter(dialog, 'SecretName').fill('quick');
    await parameter(dialog, 'SecretData').fill('one value');
    assert.equal(await dialog.locator('input:visible, textarea:visible').count(), 2);
    await page.keyboard.press('Control+Enter');
    await addressed(page, 'secret', { name: 'quick' });
    assert.equal((await emulator.call('alibaba', 'GetSecretValue', { SecretName: 'quick' })).VersionId, 'v1');
  });

  test('have their buttons on the screen, at any height', async (page) => {
    for (const height of [900, 500]) {
      await page.setViewportSize({ width: 1280, height });
      await visit(page, hash('secrets', { form: 'create' }));
      const dialog = page.getByRole('dialog', { name: 'Create a secret' });
      await dialog.getByText('More', { exact: true }).click();
      const { y, height: size } = await dialog.getByRole('button', { name: 'Create a secret' }).boundingBox();
      assert.ok(y + size <= height, `the button ends at ${y + size} of ${height}`);
      await page.keyboard.press('Escape');
      await gone(dialog);
    }
  });

  test('say in a sentence what is missing, also in a closed part', async (page) => {
    await visit(page, hash('secrets', { form: 'create' }));
    const dialog = page.getByRole('dialog', { name: 'Create a secret' });
    await dialog.getByText('More', { exact: true }).click();
    await parameter(dialog, 'VersionId').fill('');
    await dialog.getByText('More', { exact: true }).click();
    await dialog.getByRole('button', { name: 'Create a secret' }).click();
    await focused(parameter(dialog, 'SecretName'));
    assert.deepEqual((await dialog.getByText('Enter a value.').allInnerTexts()).map(plain), Array(3).fill('Enter a value.'));
    await parameter(dialog, 'SecretName').fill('x');
    assert.equal(await dialog.getByText('Enter a value.').count(), 2);
    await page.keyboard.press('Escape');
  });

  test('keep what was entered at the first Escape', async (page) => {
    await visit(page, hash('secrets', { form: 'create' }));
    const dialog = page.getByRole('dialog', { name: 'Create a secret' });
    await parameter(dialog, 'SecretName').fill('typed');
    await page.keyboard.press('Escape');
    await seen(dialog.getByText('Press Escape again to discard the input.'));
    await valued(parameter(dialog, 'SecretName'), 'typed');
    await page.keyboard.press('Escape');
    await gone(dialog);
  });

  test('name the secret that is deleted', async (page) => {
    await visit(page, hash('secret', { name: 'shop/db/password', form: 'delete' }));
    await seen(page.getByRole('dialog', { name: 'Delete: shop/db/password', exact: true }));
  });

  test('duplicate a secret without showing its value', async (page) => {
    await emulator.call('alibaba', 'CreateSecret', { SecretName: 'original', VersionId: 'v1', SecretData: 'never shown', Description: 'the first', Tags: '[{"TagKey":"a","TagValue":"b"}]' });
    await visit(page, hash('secret', { name: 'original' }));
    await page.getByRole('link', { name: 'Duplicate' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create a secret' });
    await valued(parameter(dialog, 'SecretName'), 'original-copy');
    await valued(parameter(dialog, 'SecretData'), '');
    await dialog.getByRole('button', { name: 'Create a secret' }).click();
    await addressed(page, 'secret', { name: 'original-copy' });
    assert.ok(!(await page.content()).includes('never shown'));
    assert.equal((await emulator.call('alibaba', 'GetSecretValue', { SecretName: 'original-copy' })).SecretData, 'never shown');
    const copy = await emulator.call('alibaba', 'DescribeSecret', { SecretName: 'original-copy', FetchTags: true });
    assert.deepEqual([copy.Description, copy.Tags.Tag], ['the first', [{ TagKey: 'a', TagValue: 'b' }]]);
    await settled(page);
  });

  test('offer to put a value only where the cloud allows it', async (page) => {
    await visit(page, hash('secret', { name: 'orders/rds' }));
    await seen(page.getByText('The cloud creates the versions of a managed secret.').or(page.getByRole('table', { name: 'Versions' })));
    assert.equal(await page.getByRole('button', { name: 'Put a value' }).count(), 0);
    assert.equal(await page.getByText('Put a value to create a version.').count(), 0);
  });
});
