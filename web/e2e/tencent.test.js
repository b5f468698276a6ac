// The secrets of Tencent Cloud in the same views: what differs from Alibaba Cloud.

import assert from 'node:assert/strict';

import { TENCENT, addressed, eventually, focused, gone, hash, picker, plain, seen, settled, suite, tableTexts, texts, valued, visit } from './support.js';

const STATES = { Enabled: 'enabled', Disabled: 'disabled', PendingDelete: 'pending deletion', Creating: 'creating' };
/** The secrets that are listed without a filter by type. */
const OWN = TENCENT.filter(({ SecretType }) => SecretType === 0);
const NAMES = OWN.map(({ SecretName }) => SecretName);

const time = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
const names = (page) => page.getByRole('table', { name: 'Secrets' }).getByRole('rowheader');
const parameter = (place, name) => place.getByLabel(new RegExp(`^${name}(?!\\w)`));
const sent = (page) => page.getByRole('region', { name: 'Parameters of ListSecrets', exact: true });
const list = (values = {}) => hash('secrets', { cloud: 'tencent', ...values });
const secret = (name) => hash('secret', { cloud: 'tencent', name });

suite('The list of secrets of Tencent Cloud', ({ emulator, test }) => {
  test('shows the response of ListSecrets, with every state', async (page) => {
    await emulator.control('clock', { method: 'PUT', body: { now: '2098-12-25T00:00:00Z', frozen: true } });
    await visit(page, list());
    await seen(page.getByText(`Secrets 1 to ${OWN.length} of ${OWN.length}`));
    const { heads, rows } = await tableTexts(page, 'Secrets');
    assert.deepEqual(heads, ['Name', 'Type', 'State', 'Planned deletion', 'Description', 'Created (UTC)']);
    const shown = (row) => ({ name: row[0], state: row[2], deletion: row[3], description: row[4], created: row[5] });
    const expected = (each) => ({
      name: each.SecretName,
      state: STATES[each.Status],
      deletion: each.DeleteTime ? `in 7 days ${time(each.DeleteTime)} UTC` : '',
      description: each.Description,
      created: time(each.CreateTime),
    });
    assert.deepEqual(rows.map(shown), OWN.map(expected));
    await visit(page, list({ filters: '{"SecretType":1}' }));
    const databases = TENCENT.filter(({ SecretType }) => SecretType === 1);
    assert.deepEqual((await tableTexts(page, 'Secrets')).rows.map(shown), databases.map(expected));
    await emulator.reset();
  });

  test('offers the sizes that the vendor allows, and sends Offset and Limit', async (page) => {
    const { operations } = await emulator.control('operations?cloud=tencent');
    const limit = operations.find(({ action }) => action === 'ListSecrets').parameters.find(({ name }) => name === 'Limit');
    await visit(page, list({ size: '2', page: '2' }));
    await texts(names(page), NAMES.slice(2, 4));
    const { requests } = await emulator.control('journal?action=ListSecrets&cloud=tencent&source=call&limit=1');
    assert.deepEqual([requests[0].parameters.Offset, requests[0].parameters.Limit], ['2', '2']);
    const sizes = (await page.getByLabel('Page size').getByRole('option').allInnerTexts()).map(Number);
    assert.equal(Math.max(...sizes), limit.maximum);
  });

  test('has a filter form that shows its parameters', async (page) => {
    await visit(page, list());
    await page.locator('summary', { hasText: 'Filters' }).click();
    await texts(sent(page), ['{}']);
    await parameter(page, 'SearchSecretName').fill('shop');
    await texts(sent(page), ['{"SearchSecretName":"shop"}']);
    await page.getByRole('button', { name: 'Add a filter' }).click();
    const filter = page.getByRole('group', { name: 'Filter 1' });
    await focused(filter.getByLabel('Key'));
    await filter.getByLabel('Key').fill('env');
    await filter.getByLabel('Value 1', { exact: true }).fill('prod');
    const filters = '{"SearchSecretName":"shop","TagFilters":[{"TagKey":"env","TagValue":["prod"]}]}';
    await texts(sent(page), [filters]);
    await page.getByRole('button', { name: 'Apply' }).click();
    await addressed(page, 'secrets', { cloud: 'tencent', filters });
    const hasTag = (each) => (each.Tags ?? []).some(({ TagKey, TagValue }) => TagKey === 'env' && TagValue === 'prod');
    const expected = OWN.filter((each) => each.SecretName.includes('shop') && hasTag(each)).map(({ SecretName }) => SecretName);
    assert.ok(expected.length > 0);
    await texts(names(page), expected);
    await filter.getByRole('button', { name: 'Remove filter' }).click();
    await texts(sent(page), ['{"SearchSecretName":"shop"}']);
    await page.getByRole('button', { name: 'Apply' }).click();
    await texts(names(page), NAMES.filter((name) => name.includes('shop')));
    await page.getByRole('link', { name: 'Clear all filters' }).click();
    await texts(names(page), NAMES);
  });

  test('is selected in the header, and does not keep the filters of the other cloud', async (page) => {
    await visit(page, hash('secrets', { filters: '[{"Key":"TagKey","Values":["team"]}]', page: '1' }));
    await picker(page, 'Cloud').selectOption('Tencent Cloud SSM');
    await texts(names(page), NAMES);
    await addressed(page, 'secrets', { cloud: 'tencent', account: '1000000000000000' });
    await valued(picker(page, 'Region'), 'ap-guangzhou');
  });

  test('shows an error, which has status 200, with the code of the vendor', async (page) => {
    await visit(page, list({ filters: '{"State":99}' }));
    await seen(page.getByRole('alert').getByText(/^ListSecrets failed with InvalidParameterValue/));
    await seen(page.getByRole('alert').getByText('HTTP status 200.'));
    await visit(page, list({ filters: 'no json' }));
    await seen(page.getByRole('alert').getByText(/The filters in the address are not a JSON object of parameters\./));
  });
});

suite('One secret of Tencent Cloud', ({ emulator, test }) => {
  const call = (action, parameters) => emulator.call('tencent', action, parameters);
  const versions = async (page) => (await tableTexts(page, 'Versions')).rows.map(([id]) => id);
  const create = async (name) => {
    await call('CreateSecret', { SecretName: name, VersionId: 'v1', SecretString: 'first value', Description: 'old' });
    return secret(name);
  };
  const runForm = async (page, button, title, fillIn = async () => {}) => {
    await page.getByRole('button', { name: button, exact: true }).click();
    const dialog = page.getByRole('dialog', { name: title });
    await fillIn(dialog);
    await dialog.getByRole('button', { name: title, exact: true }).click();
    await gone(dialog);
    await settled(page);
  };
  const state = (page, expected) => seen(page.locator('main dl').first().getByText(expected, { exact: true }));

  test('shows its metadata, and its values on demand', async (page) => {
    await visit(page, secret('shop-db-password'));
    await seen(page.getByText('PostgreSQL password of the shop'));
    assert.deepEqual((await versions(page)).sort(), ['SSM_Current', 'v1']);
    await page.getByRole('button', { name: 'Show the value of v1' }).click();
    await texts(page.getByRole('region', { name: 'Value of v1' }), ['summer-of-2024']);
    await visit(page, secret('payment-api-cert'));
    await page.getByRole('button', { name: 'Show the value of v1' }).click();
    await texts(page.getByRole('region', { name: 'Value of v1' }), ['MIIBIjANBgkqhkiG9w0BAQEF']);
    await seen(page.getByText('binary', { exact: true }));
  });

  test('shows its tags, and gets and loses tags', async (page) => {
    await call('CreateSecret', { SecretName: 'tag-here', VersionId: 'v1', SecretString: 'x', Tags: [{ TagKey: 'env', TagValue: 'prod' }] });
    const shown = page.getByRole('main').locator('ul.tags li');
    await visit(page, secret('tag-here'));
    await texts(shown, ['env=prod×']);
    await runForm(page, 'Add tags', 'Add tags', async (dialog) => {
      await dialog.getByLabel('Tag key').fill('team');
      await dialog.getByLabel('Tag value').fill('blue');
    });
    await texts(shown, ['env=prod×', 'team=blue×']);
    await page.getByRole('button', { name: 'Remove the tag env=prod' }).click();
    await texts(shown, ['team=blue×']);
    const { Rows } = await call('DescribeResourceTags', { ServiceType: 'ssm', ResourcePrefix: 'secret', ResourceId: 'tag-here', ResourceRegion: 'ap-guangzhou' });
    assert.deepEqual(Rows.map(({ TagKey, TagValue }) => `${TagKey}=${TagValue}`), ['team=blue']);
    await page.getByRole('link', { name: 'Duplicate' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create a secret' });
    await dialog.getByText('More', { exact: true }).click();
    await valued(dialog.getByLabel('Tag key'), 'team');
  });

  test('is created with tags', async (page) => {
    await visit(page, list({ form: 'create' }));
    const dialog = page.getByRole('dialog', { name: 'Create a secret' });
    await parameter(dialog, 'SecretName').fill('made-here');
    await parameter(dialog, 'SecretString').fill('made by a test');
    await dialog.getByText('More', { exact: true }).click();
    await dialog.getByLabel('Tag key').fill('made');
    await dialog.getByLabel('Tag value').fill('yes');
    await dialog.getByRole('button', { name: 'Create a secret' }).click();
    await addressed(page, 'secret', { cloud: 'tencent', name: 'made-here' });
    assert.equal((await call('GetSecretValue', { SecretName: 'made-here', VersionId: 'v1' })).SecretString, 'made by a test');
    const tagged = await call('ListSecrets', { TagFilters: [{ TagKey: 'made', TagValue: ['yes'] }] });
    assert.deepEqual(tagged.SecretMetadatas.map(({ SecretName }) => SecretName), ['made-here']);
  });

  test('gets, overwrites and loses versions', async (page) => {
    await visit(page, await create('versions-here'));
    await runForm(page, 'Put a value', 'Put a value', async (dialog) => {
      await valued(parameter(dialog, 'VersionId'), 'v2');
      await parameter(dialog, 'SecretString').fill('second value');
    });
    await eventually(async () => assert.deepEqual((await versions(page)).sort(), ['v1', 'v2']));
    await runForm(page, 'Overwrite: v1', 'Overwrite', async (dialog) => {
      await valued(parameter(dialog, 'VersionId'), 'v1');
      await parameter(dialog, 'SecretString').fill('another first value');
    });
    assert.equal((await call('GetSecretValue', { SecretName: 'versions-here', VersionId: 'v1' })).SecretString, 'another first value');
    await runForm(page, 'Delete version: v2', 'Delete version');
    await eventually(async () => assert.deepEqual(await versions(page), ['v1']));
  });

  test('is disabled, enabled, described, deleted and restored', async (page) => {
    await visit(page, await create('states-here'));
    await runForm(page, 'Disable', 'Disable');
    await state(page, 'disabled');
    assert.equal((await call('DescribeSecret', { SecretName: 'states-here' })).Status, 'Disabled');
    await runForm(page, 'Enable', 'Enable');
    await state(page, 'enabled');
    await runForm(page, 'Change the description', 'Change the description', (dialog) => parameter(dialog, 'Description').fill('new'));
    await seen(page.getByText('new', { exact: true }));
    // The cloud does not delete enabled secrets.
    await runForm(page, 'Disable', 'Disable');
    await state(page, 'disabled');
    await runForm(page, 'Delete', 'Delete', (dialog) => parameter(dialog, 'RecoveryWindowInDays').fill('7'));
    await state(page, 'pending deletion');
    await seen(page.getByText(/in (7 days|6 days 23 hr)/));
    await runForm(page, 'Restore', 'Restore');
    // As in the cloud, a restored secret is disabled.
    const { Status } = await call('DescribeSecret', { SecretName: 'states-here' });
    await state(page, plain(STATES[Status]));
  });
});
