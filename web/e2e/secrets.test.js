// The secrets of Alibaba Cloud: the list with its pages and filters, and the view of a secret with its operations.

import assert from 'node:assert/strict';

import { ALIBABA, addressed, eventually, focused, gone, hash, picker, plain, repositoryFile, seen, settled, suite, tableTexts, texts, typeNumber, valued, visit } from './support.js';

const HEADS = ['Name', 'Type', 'State', 'Planned deletion', 'Tags', 'Created (UTC)', 'Updated (UTC)'];

/** A time of the API as the page shows it. */
const shownTime = (text) => text.replace('T', ' ').replace('Z', '');
const tagsOf = (secret) => secret.Tags?.Tag ?? [];

const names = (page) => page.getByRole('table', { name: 'Secrets' }).getByRole('rowheader');
const parameter = (place, name) => place.getByLabel(new RegExp(`^${name}(?!\\w)`));
const openFilters = (page) => page.locator('summary', { hasText: 'Filters' }).click();
const filtersJson = (page) => page.getByRole('region', { name: 'Filters', exact: true });
const filter = (page, number) => page.getByRole('group', { name: `Filter ${number}`, exact: true });

/** The parameters of the latest ListSecrets request. */
async function lastListing(emulator) {
  const { requests } = await emulator.control('journal?action=ListSecrets&source=call&limit=1');
  return requests[0].parameters;
}

suite('The list of secrets', ({ emulator, test }) => {
  test('shows the response of ListSecrets, and the time left until a planned deletion by the emulator’s clock', async (page) => {
    await emulator.control('clock', { method: 'PUT', body: { now: '2099-08-01T07:08:08Z', frozen: true } });
    await visit(page);
    await texts(page.getByRole('status').first(), ['Secrets 1 to 8 of 8']);
    const { heads, rows } = await tableTexts(page, 'Secrets');
    assert.deepEqual(heads, HEADS);
    assert.deepEqual(rows, ALIBABA.map((secret) => [
      secret.SecretName,
      secret.SecretType,
      secret.PlannedDeleteTime ? 'pending deletion' : 'enabled',
      secret.PlannedDeleteTime ? `in 7 days 1 hr ${shownTime(secret.PlannedDeleteTime)} UTC` : '',
      tagsOf(secret).map(({ TagKey, TagValue }) => `${TagKey}=${TagValue}`).join(' '),
      shownTime(secret.CreateTime),
      shownTime(secret.UpdateTime),
    ]));

    await emulator.control('clock', { method: 'PUT', body: { now: '2099-08-08T08:07:58Z', frozen: true } });
    await page.getByRole('button', { name: 'Reload' }).click();
    await seen(page.getByText('in 10 sec', { exact: true }));
    await emulator.reset();
  });

  test('updates the time left while the clock runs', async (page) => {
    await emulator.control('clock', { method: 'PUT', body: { now: '2099-08-08T08:07:00Z' } });
    await visit(page);
    const left = page.getByText(/^in .*(sec|min)/);
    const first = await left.innerText();
    await eventually(async () => assert.notEqual(await left.innerText(), first));
    await emulator.reset();
  });

  test('has a filter form that shows its JSON, and sends it', async (page) => {
    await visit(page);
    await openFilters(page);
    await texts(filtersJson(page), ['[]']);
    await page.getByRole('button', { name: 'Add a filter' }).click();
    await focused(filter(page, 1).getByLabel('Key'));
    const { operations } = await emulator.control('operations?cloud=alibaba');
    const { keys } = operations.find(({ action }) => action === 'ListSecrets').parameters.find(({ name }) => name === 'Filters');
    await texts(filter(page, 1).getByLabel('Key').getByRole('option'), keys.map(({ name }) => name));

    await filter(page, 1).getByLabel('Key').selectOption('TagKey');
    await filter(page, 1).getByLabel('Value 1', { exact: true }).fill('team');
    await texts(filtersJson(page), ['[{"Key":"TagKey","Values":["team"]}]']);
    await page.getByRole('button', { name: 'Add a filter' }).click();
    await filter(page, 2).getByLabel('Key').selectOption('TagValue');
    await filter(page, 2).getByLabel('Value 1', { exact: true }).fill('staging');
    await filter(page, 2).getByRole('button', { name: 'Add a value' }).click();
    await focused(filter(page, 2).getByLabel('Value 2', { exact: true }));
    await filter(page, 2).getByLabel('Value 2', { exact: true }).fill('orders');
    const both = '[{"Key":"TagKey","Values":["team"]},{"Key":"TagValue","Values":["staging","orders"]}]';
    await texts(filtersJson(page), [both]);
    // The filters are not applied yet.
    await texts(names(page), ALIBABA.map(({ SecretName }) => SecretName));

    await page.getByRole('button', { name: 'Apply' }).click();
    const hasTag = (secret, values) => tagsOf(secret).some(({ TagKey, TagValue }) => values.includes(TagKey) || values.includes(TagValue));
    const expected = ALIBABA.filter((secret) => hasTag(secret, ['team']) && hasTag(secret, ['staging', 'orders']));
    assert.deepEqual(expected.map(({ SecretName }) => SecretName), ['shop/db/readonly', 'orders/rds']);
    await texts(names(page), expected.map(({ SecretName }) => SecretName));
    await addressed(page, 'secrets', { filters: both });
    assert.equal((await lastListing(emulator)).Filters, both);
    await seen(page.locator('summary', { hasText: 'Filters (2)' }));

    await filter(page, 2).getByRole('button', { name: 'Remove: Value 1' }).click();
    await texts(filtersJson(page), ['[{"Key":"TagKey","Values":["team"]},{"Key":"TagValue","Values":["orders"]}]']);
    await filter(page, 2).getByRole('button', { name: 'Remove filter' }).click();
    await texts(filtersJson(page), ['[{"Key":"TagKey","Values":["team"]}]']);
    await page.getByRole('button', { name: 'Apply' }).click();
    await texts(names(page), ALIBABA.filter((secret) => hasTag(secret, ['team'])).map(({ SecretName }) => SecretName));

    await page.getByRole('link', { name: 'Clear all filters' }).click();
    await texts(names(page), ALIBABA.map(({ SecretName }) => SecretName));
    await addressed(page, 'secrets', {});
  });

  test('limits filters and values as the vendor does', async (page) => {
    const { operations } = await emulator.control('operations?cloud=alibaba');
    const { keys, max_items: most } = operations.find(({ action }) => action === 'ListSecrets').parameters.find(({ name }) => name === 'Filters');
    await visit(page);
    await openFilters(page);
    const add = page.getByRole('button', { name: 'Add a filter' });
    for (let number = 1; number <= most; number += 1) await add.click();
    assert.ok(await add.isDisabled());
    const addValue = filter(page, 1).getByRole('button', { name: 'Add a value' });
    for (let number = 2; number <= keys[0].max_values; number += 1) await addValue.click();
    assert.ok(await addValue.isDisabled());
    await seen(filter(page, 1).getByText(`At most ${keys[0].max_values} values.`));
  });

  test('says what to do if no secret matches', async (page) => {
    const filters = JSON.stringify([{ Key: 'SecretName', Values: ['no-such-secret'] }]);
    await visit(page, hash('secrets', { filters }));
    await seen(page.getByText('No secret matches the filters.'));
    await seen(page.getByText('Remove a filter, or add a value.'));
    await page.locator('.empty').getByRole('link', { name: 'Clear all filters' }).click();
    await texts(names(page), ALIBABA.map(({ SecretName }) => SecretName));
  });

  test('shows an error with the code of the vendor and a link to the journal', async (page) => {
    await visit(page, hash('secrets', { filters: '[{"Key":"Colour","Values":["red"]}]' }));
    const alert = page.getByRole('alert');
    await seen(alert.getByText(/^ListSecrets failed with InvalidParameter: /));
    await seen(alert.getByText('HTTP status 400.'));
    await alert.getByRole('link', { name: 'Show the request in the journal' }).click();
    await seen(page.getByRole('heading', { level: 2, name: 'ListSecrets' }));
  });

  test('follows the scope in the header, and links to scopes with secrets', async (page) => {
    await visit(page);
    await picker(page, 'Region').selectOption('cn-beijing');
    await addressed(page, 'secrets', { cloud: 'alibaba', account: '1000000000000000', region: 'cn-beijing' });
    await seen(page.getByText('This account has no secrets in this region.'));
    await seen(page.getByText('Create one here or with any client of the cloud.'));
    await texts(page.locator('.empty li'), [
      'Alibaba Cloud KMS, account 1000000000000000, region cn-hangzhou: 8',
      'Tencent Cloud SSM, account 1000000000000000, region ap-guangzhou: 9',
    ]);
    await page.getByRole('link', { name: /^Alibaba Cloud KMS, account/ }).click();
    await texts(names(page), ALIBABA.map(({ SecretName }) => SecretName));
    await texts(picker(page, 'Region').locator('option:checked'), ['cn-hangzhou (8)']);

    assert.equal(await picker(page, 'Account').getAttribute('title'), 'The number of secrets is in parentheses.');
    await picker(page, 'Account').selectOption('Other…');
    const dialog = page.getByRole('dialog', { name: 'Other account' });
    await dialog.getByLabel('Account').fill('1234567890123456');
    await dialog.getByRole('button', { name: 'Select' }).click();
    await addressed(page, 'secrets', { cloud: 'alibaba', account: '1234567890123456', region: 'cn-hangzhou' });
    await seen(page.getByText('This account has no secrets in this region.'));
    await valued(picker(page, 'Account'), '1234567890123456');

    await picker(page, 'Cloud').selectOption('Tencent Cloud SSM');
    await valued(picker(page, 'Region'), 'ap-guangzhou');
  });
});

suite('The pages of the list', ({ emulator, test }) => {
  const range = (page) => page.getByText(/^Secrets [\d,]+ to/);

  test('come from the server, of the size and number that are asked for', async (page) => {
    await visit(page);
    await texts(range(page), ['Secrets 1 to 20 of 250']);
    assert.equal(await names(page).count(), 20);
    assert.equal(await page.getByRole('button', { name: 'Previous' }).isDisabled(), true);
    await page.getByRole('link', { name: 'Next' }).click();
    await texts(range(page), ['Secrets 21 to 40 of 250']);
    const { PageNumber, PageSize, FetchTags } = await lastListing(emulator);
    assert.deepEqual({ PageNumber, PageSize, FetchTags }, { PageNumber: '2', PageSize: '20', FetchTags: 'true' });
    const listed = await emulator.call('alibaba', 'ListSecrets', { PageNumber: 2, PageSize: 20 });
    await texts(names(page), listed.SecretList.Secret.map(({ SecretName }) => SecretName));

    await page.getByRole('link', { name: 'Last' }).click();
    await texts(range(page), ['Secrets 241 to 250 of 250']);
    await typeNumber(page.getByLabel('Page', { exact: true }), '7');
    await page.getByLabel('Page', { exact: true }).press('Enter');
    await texts(range(page), ['Secrets 121 to 140 of 250']);
    await page.getByRole('link', { name: 'Previous' }).click();
    await texts(range(page), ['Secrets 101 to 120 of 250']);
    await page.getByRole('link', { name: 'First' }).click();
    await texts(range(page), ['Secrets 1 to 20 of 250']);

    await page.getByLabel('Page size').selectOption('100');
    await texts(range(page), ['Secrets 1 to 100 of 250']);
    await addressed(page, 'secrets', { size: '100' });
    await seen(page.getByText('of 3', { exact: true }));
    assert.equal((await lastListing(emulator)).PageSize, '100');
  });

  test('offer the sizes that the vendor allows', async (page) => {
    await visit(page);
    await texts(page.getByLabel('Page size').getByRole('option'), ['10', '20', '50', '100']);
  });

  test('keep the filters, and start at page 1 with other filters', async (page) => {
    await visit(page, hash('secrets', { page: 3, filters: '[{"Key":"TagValue","Values":["prod"]}]' }));
    await seen(range(page));
    const listed = await emulator.call('alibaba', 'ListSecrets', { PageSize: 1, Filters: '[{"Key":"TagValue","Values":["prod"]}]' });
    assert.equal(await range(page).innerText(), `Secrets 41 to 60 of ${listed.TotalCount}`);
    await filter(page, 1).getByLabel('Value 1', { exact: true }).fill('dev');
    await page.getByRole('button', { name: 'Apply' }).click();
    await addressed(page, 'secrets', { filters: '[{"Key":"TagValue","Values":["dev"]}]' });
    await seen(page.getByText(/^Secrets 1 to 20 of/));
  });

  test('past the end link to the last one', async (page) => {
    await visit(page, hash('secrets', { page: 99 }));
    await seen(page.getByText('This page is past the end of the list.'));
    await page.getByRole('link', { name: 'Go to the last page' }).click();
    await texts(range(page), ['Secrets 241 to 250 of 250']);
  });
}, { fixtures: [repositoryFile('fixtures/250-secrets.json')] });

suite('One secret', ({ emulator, test }) => {
  const secret = (name, values = {}) => hash('secret', { name, ...values });
  const fact = (page, name) => page.locator('dl').first().locator('div', { has: page.getByText(name, { exact: true }) }).locator('dd');
  const lead = (page) => page.locator('main p', { hasText: /\w/ }).nth(1);
  const versions = async (page) => (await tableTexts(page, 'Versions')).rows.map((row) => row.slice(0, 2));
  const describe = (name) => emulator.call('alibaba', 'DescribeSecret', { SecretName: name, FetchTags: true });

  /** Creates a secret for one test, and returns its address. */
  const create = async (name, parameters = {}) => {
    await emulator.call('alibaba', 'CreateSecret', { SecretName: name, VersionId: 'v1', SecretData: 'first value', ...parameters });
    return secret(name);
  };
  const submit = async (page, dialog, action) => {
    await dialog.getByRole('button', { name: action, exact: true }).click();
    await gone(dialog);
    await settled(page);
  };

  test('shows its description, tags, versions and stages', async (page) => {
    await visit(page);
    await page.getByRole('link', { name: 'shop/db/password' }).click();
    await seen(page.getByRole('heading', { level: 1, name: 'shop/db/password' }));
    await texts(lead(page), ['PostgreSQL password of the shop']);
    await texts(fact(page, 'Type'), ['Generic']);
    await texts(fact(page, 'State'), ['enabled']);
    await texts(fact(page, 'Created (UTC)'), ['2024-03-04 08:15:30']);
    await texts(fact(page, 'Updated (UTC)'), ['2025-09-01 02:00:11']);
    assert.deepEqual((await page.locator('.tags li').allTextContents()).map((text) => text.replace('×', '')), ['env=prod', 'team=shop']);
    assert.deepEqual((await versions(page)).sort(), [['v1', 'ACSPrevious'], ['v2', 'ACSCurrent']]);
    await page.getByText('More from DescribeSecret').click();
    await seen(page.getByText('acs:kms:cn-hangzhou:1000000000000000:secret/shop/db/password', { exact: true }));
  });

  test('shows, hides and copies the value of each version', async (page) => {
    await visit(page, secret('shop/db/password'));
    await page.getByRole('button', { name: 'Show the value of v1' }).click();
    await texts(page.getByRole('region', { name: 'Value of v1' }), ['summer-of-2024']);
    await page.getByRole('button', { name: 'Show the value of v2' }).click();
    await texts(page.getByRole('region', { name: 'Value of v2' }), ['correct horse battery staple']);
    await page.getByRole('button', { name: 'Hide the value of v1' }).click();
    await gone(page.getByRole('region', { name: 'Value of v1' }));

    await page.getByRole('button', { name: 'Copy the value of v1' }).click();
    await seen(page.getByText('Copied.'));
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'summer-of-2024');
    await page.getByRole('button', { name: 'Copy: Value of v2' }).click();
    await eventually(async () => assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'correct horse battery staple'));

    await visit(page, secret('payment.api-cert'));
    await page.getByRole('button', { name: 'Show the value of v1' }).click();
    await seen(page.getByText('binary', { exact: true }));
    await texts(page.getByRole('region', { name: 'Value of v1' }), ['MIIKJAIBAzCCCeoGCSqGSIb3DQEHAaCC']);
  });

  test('says what to do if it has no versions or does not exist', async (page) => {
    const empty = { SecretName: 'acs/ram/user/empty', SecretType: 'RAMCredentials', CreateTime: '2024-01-01T00:00:00Z' };
    await emulator.control('state', { method: 'POST', body: { SecretList: { Secret: [empty] } } });
    await visit(page, secret('acs/ram/user/empty'));
    await seen(page.getByText('This secret has no versions.'));
    await seen(page.getByText('The cloud creates the versions of a managed secret.'));
    await visit(page, secret('no-such-secret'));
    await seen(page.getByRole('alert').getByText(/DescribeSecret failed with Forbidden\.ResourceNotFound: |ListSecretVersionIds failed with Forbidden\.ResourceNotFound: /));
    await seen(page.getByText('Check its name, account and region.'));
  });

  test('is created', async (page) => {
    await visit(page);
    await page.getByRole('button', { name: 'Create a secret' }).click();
    await addressed(page, 'secrets', { form: 'create' });
    const dialog = page.getByRole('dialog', { name: 'Create a secret' });
    await parameter(dialog, 'SecretName').fill('made/here');
    await dialog.getByText('More', { exact: true }).click();
    await valued(parameter(dialog, 'VersionId'), 'v1');
    await parameter(dialog, 'VersionId').fill('one');
    await parameter(dialog, 'SecretData').fill('made of <letters> & "signs"\nin two lines');
    await parameter(dialog, 'Description').fill('Made by a test');
    await dialog.getByLabel('Tag key').fill('made');
    await dialog.getByLabel('Tag value').fill('yes');
    await dialog.getByText('JSON to send').click();
    assert.deepEqual(JSON.parse(await dialog.getByRole('region', { name: 'Parameters of CreateSecret' }).innerText()), {
      SecretName: 'made/here', VersionId: 'one', SecretData: '•••', Description: 'Made by a test', Tags: '[{"TagKey":"made","TagValue":"yes"}]',
    });
    await dialog.getByRole('button', { name: 'Create a secret' }).click();
    await addressed(page, 'secret', { name: 'made/here' });
    await seen(page.getByText('The secret made/here was created.'));
    await texts(lead(page), ['Made by a test']);
    const { SecretData, VersionId } = await emulator.call('alibaba', 'GetSecretValue', { SecretName: 'made/here' });
    assert.deepEqual({ SecretData, VersionId }, { SecretData: 'made of <letters> & "signs"\nin two lines', VersionId: 'one' });
    assert.deepEqual((await describe('made/here')).Tags.Tag, [{ TagKey: 'made', TagValue: 'yes' }]);
    await texts(picker(page, 'Region').locator('option:checked'), [`cn-hangzhou (${await count()})`]);
  });

  const count = async () => (await emulator.call('alibaba', 'ListSecrets', {})).TotalCount;

  test('is not created twice: the form stays open with the error', async (page) => {
    await visit(page, hash('secrets', { form: 'create' }));
    const dialog = page.getByRole('dialog', { name: 'Create a secret' });
    await parameter(dialog, 'SecretName').fill('shop/db/password');
    await parameter(dialog, 'SecretData').fill('x');
    await dialog.getByRole('button', { name: 'Create a secret' }).click();
    await seen(dialog.getByRole('alert').getByText(/^CreateSecret failed with Rejected\.ResourceExist: /));
    await valued(parameter(dialog, 'SecretName'), 'shop/db/password');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await gone(dialog);
    await addressed(page, 'secrets', {});
  });

  test('gets a version with its own stages', async (page) => {
    await visit(page, await create('put/here'));
    await page.getByRole('button', { name: 'Put a value' }).click();
    const dialog = page.getByRole('dialog', { name: 'Put a value' });
    await valued(parameter(dialog, 'VersionId'), 'v2');
    await parameter(dialog, 'SecretData').fill('second value');
    await parameter(dialog, 'VersionStages').fill('ACSCurrent\nblue');
    await submit(page, dialog, 'Put a value');
    await eventually(async () => assert.deepEqual((await versions(page)).sort(), [['v1', 'ACSPrevious'], ['v2', 'ACSCurrent blue']]));
    const { SecretData } = await emulator.call('alibaba', 'GetSecretValue', { SecretName: 'put/here', VersionStage: 'blue' });
    assert.equal(SecretData, 'second value');
  });

  test('gets a stage moved between versions', async (page) => {
    const address = await create('stage/here');
    await emulator.call('alibaba', 'PutSecretValue', { SecretName: 'stage/here', VersionId: 'v2', SecretData: 'second value' });
    await visit(page, address);
    await page.getByRole('button', { name: 'Move a stage: v1' }).click();
    const dialog = page.getByRole('dialog', { name: 'Move a stage' });
    await valued(parameter(dialog, 'MoveToVersion'), 'v1');
    await parameter(dialog, 'VersionStage').fill('ACSCurrent');
    await parameter(dialog, 'RemoveFromVersion').selectOption('v2');
    await submit(page, dialog, 'Move a stage');
    await eventually(async () => assert.deepEqual((await versions(page)).sort(), [['v1', 'ACSCurrent'], ['v2', 'ACSPrevious']]));
    const { SecretData } = await emulator.call('alibaba', 'GetSecretValue', { SecretName: 'stage/here' });
    assert.equal(SecretData, 'first value');
  });

  test('gets and loses tags', async (page) => {
    await visit(page, await create('tag/here'));
    await seen(page.getByText('No tags.'));
    await page.getByRole('button', { name: 'Add tags' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add tags' });
    await dialog.getByLabel('Tag key').fill('env');
    await dialog.getByLabel('Tag value').fill('prod');
    await dialog.getByRole('button', { name: 'Add a tag' }).click();
    await dialog.getByLabel('Tag key').nth(1).fill('team');
    await dialog.getByLabel('Tag value').nth(1).fill('blue');
    await submit(page, dialog, 'Add tags');
    await seen(page.getByRole('button', { name: 'Remove the tag team=blue' }));
    assert.deepEqual((await describe('tag/here')).Tags.Tag.map(({ TagKey, TagValue }) => `${TagKey}=${TagValue}`).sort(), ['env=prod', 'team=blue']);
    await page.getByRole('button', { name: 'Remove the tag env=prod' }).click();
    await gone(page.getByRole('button', { name: 'Remove the tag env=prod' }));
    assert.deepEqual((await describe('tag/here')).Tags.Tag, [{ TagKey: 'team', TagValue: 'blue' }]);
  });

  test('gets another description', async (page) => {
    await visit(page, await create('describe/here', { Description: 'old' }));
    await page.getByRole('button', { name: 'Change the description' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change the description' });
    await valued(parameter(dialog, 'Description'), 'old');
    await parameter(dialog, 'Description').fill('new');
    await submit(page, dialog, 'Change the description');
    await texts(lead(page), ['new']);
    assert.equal((await describe('describe/here')).Description, 'new');
  });

  test('is deleted with a recovery window, and restored', async (page) => {
    await visit(page, await create('delete/here'));
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete' });
    const days = parameter(dialog, 'RecoveryWindowInDays');
    assert.deepEqual([await days.getAttribute('min'), await days.getAttribute('max')], ['7', '30']);
    await days.fill('7');
    await submit(page, dialog, 'Delete');
    await texts(fact(page, 'State'), ['pending deletion']);
    await seen(page.getByText(/^in (7 days|6 days 23 hr)/));
    assert.ok((await describe('delete/here')).PlannedDeleteTime);

    await page.getByRole('button', { name: 'Restore' }).click();
    await submit(page, page.getByRole('dialog', { name: 'Restore' }), 'Restore');
    await texts(fact(page, 'State'), ['enabled']);
    assert.ok(!(await describe('delete/here')).PlannedDeleteTime);
  });

  test('is deleted immediately if forced, and the list is shown', async (page) => {
    await visit(page, await create('force/here'));
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete' });
    await parameter(dialog, 'ForceDeleteWithoutRecovery').check();
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await addressed(page, 'secrets', {});
    await settled(page);
    assert.ok(!(await names(page).allInnerTexts()).map(plain).includes('force/here'));
  });

  test('of a managed type is rotated', async (page) => {
    await visit(page, secret('orders/rds'));
    assert.equal(await page.getByRole('button', { name: 'Put a value' }).count(), 0);
    await page.getByRole('button', { name: 'Rotate' }).click();
    const dialog = page.getByRole('dialog', { name: 'Rotate' });
    await parameter(dialog, 'VersionId').fill('v2');
    await submit(page, dialog, 'Rotate');
    await eventually(async () => assert.deepEqual((await versions(page)).map(([id]) => id), ['v1', 'v2']));
    assert.equal((await emulator.call('alibaba', 'ListSecretVersionIds', { SecretName: 'orders/rds' })).TotalCount, 2);
  });
});
