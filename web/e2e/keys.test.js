// The keys of Alibaba Cloud KMS: list, one key, the forms, and the key of a secret.

import assert from 'node:assert/strict';

import { addressed, eventually, gone, hash, plain, seen, settled, suite, tableTexts, texts, visit } from './support.js';

suite('The view of keys', ({ emulator, test }) => {
  const parameter = (place, name) => place.getByLabel(new RegExp(`^${name}(?!\\w)`));
  const create = async (parameters = {}, more = {}) =>
    (await emulator.call('alibaba', 'CreateKey', parameters, more)).KeyMetadata.KeyId;
  /** Each test has its own region. */
  const inRegion = (region, path = 'keys', values = {}) => hash(path, { region, ...values });

  test('lists the keys with state, spec, usage and aliases', async (page) => {
    const region = 'cn-shanghai';
    const first = await create({ Description: 'for orders' }, { region });
    const second = await create({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN/VERIFY' }, { region });
    for (const AliasName of ['alias/one', 'alias/two']) await emulator.call('alibaba', 'CreateAlias', { KeyId: first, AliasName }, { region });
    await emulator.call('alibaba', 'DisableKey', { KeyId: second }, { region });
    await visit(page, inRegion(region));
    const { heads, rows } = await tableTexts(page, 'Keys');
    assert.deepEqual(heads, ['Key ID', 'Aliases', 'Description', 'State', 'Spec, usage', 'Next rotation', 'Created (UTC)']);
    assert.deepEqual(rows.map((row) => row.slice(0, 5)).sort(), [
      [first, 'alias/one alias/two', 'for orders', 'enabled', 'Aliyun_AES_256 ENCRYPT/DECRYPT'],
      [second, '', '', 'disabled', 'RSA_2048 SIGN/VERIFY'],
    ].sort());
    // Only the unusual state is marked.
    assert.deepEqual((await page.locator('td .badge.good').allInnerTexts()), []);
    await page.getByLabel('State').selectOption('Disabled');
    await addressed(page, 'keys', { region, state: 'Disabled' });
    await texts(page.getByRole('rowheader'), [second]);
    await page.getByLabel('State').selectOption('PendingImport');
    await seen(page.getByText('No key matches the filters.'));
  });

  test('shows the changes of clients', async (page) => {
    const region = 'cn-shenzhen';
    await visit(page, inRegion(region));
    await seen(page.getByText('This account has no keys in this region.'));
    const id = await create({}, { region });
    // The creation by the page itself is not in the journal of clients.
    await emulator.send('alibaba', 'UpdateKeyDescription', { KeyId: id, Description: 'changed' }, { region });
    await seen(page.getByRole('row', { name: id }).getByText('changed'));
  });

  test('creates a key, and plans and cancels its deletion', async (page) => {
    const region = 'cn-beijing';
    await emulator.control('clock/freeze', { method: 'POST' });
    await visit(page, inRegion(region, 'keys', { form: 'create' }));
    const dialog = page.getByRole('dialog', { name: 'Create a key' });
    await parameter(dialog, 'KeySpec').selectOption('EC_P256');
    await parameter(dialog, 'Description').fill('signs tokens');
    await dialog.getByRole('button', { name: 'Create a key' }).click();
    await gone(dialog);
    await settled(page);
    const id = plain(await page.getByRole('heading', { level: 1 }).innerText());
    const described = await emulator.call('alibaba', 'DescribeKey', { KeyId: id }, { region });
    assert.deepEqual([described.KeyMetadata.KeySpec, described.KeyMetadata.Description], ['EC_P256', 'signs tokens']);
    await seen(page.getByText('signs tokens'));
    await page.getByRole('button', { name: 'Plan the deletion' }).click();
    const deletion = page.getByRole('dialog', { name: `Plan the deletion: ${id}` });
    await parameter(deletion, 'PendingWindowInDays').fill('30');
    await deletion.getByRole('button', { name: 'Plan the deletion' }).click();
    await seen(page.getByText('pending deletion'));
    await seen(page.getByText(/^Planned deletion: in 30 days/));
    assert.equal(await page.getByRole('button', { name: 'Plan the deletion' }).count(), 0);
    await page.getByRole('button', { name: 'Cancel the deletion' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the deletion' }).click();
    await gone(page.getByText('pending deletion'));
    await emulator.control('clock', { method: 'DELETE' });
  });

  test('adds and deletes aliases and tags, and disables a key', async (page) => {
    const region = 'eu-central-1';
    const id = await create({}, { region });
    await visit(page, inRegion(region, 'key', { name: id }));
    await page.getByRole('button', { name: 'Add an alias' }).click();
    await parameter(page.getByRole('dialog'), 'AliasName').fill('alias/web');
    await page.getByRole('dialog').getByRole('button', { name: 'Add an alias' }).click();
    await seen(page.getByText('alias/web'));
    await page.getByRole('button', { name: 'Add tags' }).click();
    await page.getByRole('dialog').getByLabel('Tag key').fill('team');
    await page.getByRole('dialog').getByLabel('Tag value').fill('web');
    await page.getByRole('dialog').getByRole('button', { name: 'Add tags' }).click();
    await seen(page.getByText('team=web'));
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
    await seen(page.getByText('disabled', { exact: true }));
    await page.getByRole('button', { name: 'Delete the alias alias/web' }).click();
    await seen(page.getByText('No aliases.'));
    await page.getByRole('button', { name: 'Remove the tag team=web' }).click();
    await seen(page.getByText('No tags.'));
    const { KeyMetadata } = await emulator.call('alibaba', 'DescribeKey', { KeyId: id }, { region });
    assert.equal(KeyMetadata.KeyState, 'Disabled');
  });

  test('opens forms that use the key, for each use', async (page) => {
    const region = 'ap-southeast-1';
    const cases = [
      [{}, ['Encrypt', 'Decrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'ReEncrypt']],
      [{ KeySpec: 'RSA_2048' }, ['AsymmetricEncrypt', 'AsymmetricDecrypt', 'GetPublicKey']],
      [{ KeySpec: 'EC_P256' }, ['AsymmetricSign', 'AsymmetricVerify', 'GetPublicKey']],
    ];
    for (const [parameters, actions] of cases) {
      const id = await create({ ...parameters, ...(parameters.KeySpec === 'RSA_2048' ? { KeyUsage: 'ENCRYPT/DECRYPT' } : {}) }, { region });
      await visit(page, inRegion(region, 'key', { name: id }));
      await texts(page.getByRole('table', { name: 'Use the key' }).getByRole('rowheader'), actions);
    }
    // The form needs nothing but the click: the key and its version are filled in.
    await page.getByRole('link', { name: 'GetPublicKey' }).click();
    await settled(page);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await seen(page.getByText('BEGIN PUBLIC KEY'));
  });

  test('says that Tencent Cloud has no keys', async (page) => {
    await visit(page, '#/keys?cloud=tencent');
    await seen(page.getByText('Tencent Cloud SSM has no operations on keys.'));
    await page.getByRole('link', { name: 'Show the keys of Alibaba Cloud KMS' }).click();
    await seen(page.getByRole('button', { name: 'Create a key' }));
  });

  test('is reached by the keyboard', async (page) => {
    await visit(page, '#/secrets');
    await page.keyboard.press('g');
    await page.keyboard.press('k');
    await addressed(page, 'keys', {});
  });
});

suite('The key of a secret', ({ emulator, test }) => {
  test('is shown with its state', async (page) => {
    const { KeyMetadata: { KeyId: id } } = await emulator.call('alibaba', 'CreateKey', { Description: 'for secrets' });
    await emulator.call('alibaba', 'CreateSecret', { SecretName: 'with/key', VersionId: 'v1', SecretData: 'x', EncryptionKeyId: id });
    await visit(page, hash('secret', { name: 'with/key' }));
    const fact = page.locator('dl.facts div', { hasText: 'Encryption key' });
    await texts(fact, [`Encryption key ${id} enabled`]);
    await emulator.call('alibaba', 'ScheduleKeyDeletion', { KeyId: id, PendingWindowInDays: 7 });
    await page.reload();
    await texts(fact, [`Encryption key ${id} pending deletion`]);
    await fact.getByRole('link', { name: id }).click();
    await addressed(page, 'key', { name: id });
    await seen(page.getByText('for secrets'));
  });

  test('is shown if it cannot be described', async (page) => {
    await page.route('**/_emulator/call', async (route) => {
      const response = await route.fetch();
      const answer = await response.json();
      if (route.request().postDataJSON().action === 'DescribeSecret') {
        const body = JSON.parse(answer.reply.body);
        answer.reply.body = JSON.stringify({ ...body, EncryptionKeyId: 'key-of-another-server' });
      }
      await route.fulfill({ response, json: answer });
    });
    await visit(page, hash('secret', { name: 'shop/db/password' }));
    await eventually(async () => assert.match(plain(await page.locator('dl.facts div', { hasText: 'Encryption key' }).innerText()), /key-of-another-server cannot be described$/));
  });
});
