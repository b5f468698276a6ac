// The controls: the state of the server after each action in the page, as the control API returns it.

import assert from 'node:assert/strict';

import { ALIBABA, TENCENT, addressed, downloaded, eventually, gone, hash, seen, settled, suite, tableTexts, texts, typeNumber, valued, visit } from './support.js';

const part = (name) => `#/controls?part=${name}`;

suite('The clock', ({ emulator, test }) => {
  const read = () => emulator.control('clock');
  const display = (page) => page.locator('main time').first();
  const reads = (check) => eventually(async () => check(await read()));

  test('is shown, frozen, set, advanced, resumed and reset', async (page) => {
    await visit(page, part('clock'));
    await seen(page.getByText('running', { exact: true }));
    await seen(page.getByText('The clock shows the system time of the server.'));
    await page.getByRole('button', { name: 'Freeze', exact: true }).click();
    await seen(page.getByText('frozen', { exact: true }));
    assert.equal((await read()).frozen, true);

    await page.getByLabel('Date and time (UTC)').fill('2031-02-03T04:05:06');
    await page.getByLabel('Freeze the clock at this time').check();
    await page.getByRole('button', { name: 'Set the clock' }).click();
    await texts(display(page), ['2031-02-03 04:05:06']);
    await seen(page.getByText(/The clock is .* ahead of the system time of the server\./));
    assert.match((await read()).now, /^2031-02-03T04:05:06(\.0+)?Z$/);

    await page.getByLabel('Duration', { exact: true }).fill('1h 30m');
    await page.getByRole('button', { name: 'Advance', exact: true }).click();
    await texts(display(page), ['2031-02-03 05:35:06']);
    await page.getByRole('button', { name: 'Advance by +7d' }).click();
    await texts(display(page), ['2031-02-10 05:35:06']);
    assert.match((await read()).now, /^2031-02-10T05:35:06(\.0+)?Z$/);

    await page.getByRole('button', { name: 'Resume' }).click();
    await seen(page.getByText('running', { exact: true }));
    await eventually(async () => assert.notEqual(await display(page).innerText(), '2031-02-10 05:35:06'));
    await page.getByRole('button', { name: 'Reset to system time' }).click();
    await seen(page.getByText('The clock shows the system time of the server.'));
    await reads(({ ahead_seconds: ahead, frozen }) => assert.deepEqual({ ahead, frozen }, { ahead: 0, frozen: false }));
  });

  test('reports an invalid duration', async (page) => {
    await visit(page, part('clock'));
    await page.getByLabel('Duration', { exact: true }).fill('a while');
    await page.getByRole('button', { name: 'Advance', exact: true }).click();
    await seen(page.getByRole('alert').getByText(/^The server returned InvalidBody: /));
  }, { allow: [/400/] });

  test('deletes due secrets when it is moved, and updates the counts in the header', async (page) => {
    await visit(page, part('clock'));
    const selected = page.getByRole('combobox', { name: 'Region', exact: true }).locator('option:checked');
    await texts(selected, [`cn-hangzhou (${ALIBABA.length})`]);
    await page.getByLabel('Date and time (UTC)').fill('2099-08-08T08:08:09');
    await page.getByRole('button', { name: 'Set the clock' }).click();
    await texts(selected, [`cn-hangzhou (${ALIBABA.length - 1})`]);
    await emulator.reset();
  });
});

suite('Faults', ({ emulator, test }) => {
  test('are added, fire, count and are deleted', async (page) => {
    await visit(page, part('faults'));
    await seen(page.getByText('There are no faults.'));
    await page.getByLabel('Cloud', { exact: true }).last().selectOption('Alibaba Cloud KMS');
    await page.getByLabel('Operation').fill('DescribeSecret');
    await page.getByLabel('Secret name').fill('shop/*');
    await page.getByLabel('Error code').fill('Rejected.Throttling');
    await page.getByLabel('Times', { exact: true }).fill('2');
    await page.getByText('JSON to send').click();
    const rule = { match: { cloud: 'alibaba', action: 'DescribeSecret', secret: 'shop/*' }, error: 'Rejected.Throttling', times: 2 };
    assert.deepEqual(JSON.parse(await page.getByRole('region', { name: 'Fault as JSON' }).innerText()), rule);
    await page.getByRole('button', { name: 'Add fault' }).click();
    await seen(page.getByText(/^Fault \d+ added\.$/));
    const [fault] = (await emulator.control('faults')).faults;
    assert.deepEqual(fault.rule, { ...rule, when: 'before' });

    const ask = (SecretName) => emulator.send('alibaba', 'DescribeSecret', { SecretName });
    assert.equal((await ask('legacy-token')).status, 200);
    assert.equal(JSON.parse((await ask('shop/db/password')).body).Code, 'Rejected.Throttling');
    await seen(page.getByRole('link', { name: '1 of 1' }));
    const { rows } = await tableTexts(page, 'Faults');
    assert.deepEqual(rows.map((row) => row.slice(1, 5)), [['Alibaba Cloud KMS DescribeSecret SecretName=shop/*', 'Rejected.Throttling', '2', '1 of 1 matching']]);

    await page.getByRole('link', { name: '1 of 1' }).click();
    await texts(page.getByRole('list', { name: 'Journal' }).locator('.request-action'), ['DescribeSecret']);
    await visit(page, part('faults'));
    await page.getByRole('button', { name: `Delete fault ${fault.id}` }).click();
    await seen(page.getByText('There are no faults.'));
    assert.deepEqual((await emulator.control('faults')).faults, []);
  });

  test('can add latency, truncate bodies and reset connections for some requests only', async (page) => {
    await visit(page, part('faults'));
    const add = async (fillIn) => {
      await visit(page, '#/controls');
      await visit(page, part('faults'));
      const before = (await emulator.control('faults')).faults.length;
      await fillIn();
      await page.getByRole('button', { name: 'Add fault' }).click();
      // What was said of the one before may still be there.
      const all = async () => (await emulator.control('faults')).faults;
      await eventually(async () => assert.equal((await all()).length, before + 1));
      return (await all()).at(-1).rule;
    };
    assert.deepEqual(await add(async () => {
      await page.getByLabel('Latency', { exact: true }).fill('20ms');
      await page.getByLabel('Fire on').selectOption('every Nth request');
      await page.getByLabel('N', { exact: true }).fill('3');
    }), { match: { every: 3 }, latency: '20ms', when: 'before' });
    assert.deepEqual((await add(async () => {
      await page.getByLabel('Truncate the body after').fill('12');
      await page.getByLabel('When').selectOption('after the operation');
    })).truncate, 12);
    assert.equal((await add(() => page.getByRole('checkbox', { name: 'Reset the connection' }).check())).reset, true);
    await page.getByRole('button', { name: 'Delete all' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete all' }).click();
    await seen(page.getByText('There are no faults.'));
    assert.deepEqual((await emulator.control('faults')).faults, []);
  });

  test('return any code with a status and a message', async (page) => {
    await visit(page, part('faults'));
    const status = page.getByLabel('HTTP status');
    const message = page.getByLabel('Message', { exact: true });
    assert.deepEqual([await status.isDisabled(), await message.isDisabled()], [true, true]);
    await page.getByLabel('Error code').fill('Any.Code');
    await message.fill('try again, {RequestId}');
    const isValid = () => status.evaluate((input) => input.checkValidity());
    for (const [value, cloud, expected] of [
      ['399', '', false],
      ['600', '', false],
      ['299', 'tencent', true],
      ['204', 'tencent', false],
      ['199', 'tencent', false],
      ['299', 'alibaba', false],
      ['503', '', true],
    ]) {
      await page.getByLabel('Cloud', { exact: true }).last().selectOption(cloud);
      await typeNumber(status, value);
      assert.equal(await isValid(), expected, `${value} ${cloud}`);
    }
    await page.getByRole('button', { name: 'Add fault' }).click();
    await seen(page.getByText(/^Fault \d+ added\.$/));
    const [fault] = (await emulator.control('faults')).faults;
    assert.deepEqual(fault.rule, { match: {}, error: 'Any.Code', status: 503, message: 'try again, {RequestId}', when: 'before' });
    // The message appears before the list is loaded again.
    await seen(page.getByRole('table', { name: 'Faults' }).getByText('Any.Code'));
    const { rows } = await tableTexts(page, 'Faults');
    assert.equal(rows[0][2], 'Any.Code HTTP 503 message “try again, {RequestId}”');
    const reply = await emulator.send('alibaba', 'ListSecrets');
    const { Code, Message, RequestId } = JSON.parse(reply.body);
    assert.deepEqual([reply.status, Code, Message], [503, 'Any.Code', `try again, ${RequestId}`]);
    // Without an error code neither is sent.
    await page.getByLabel('Error code').fill('');
    await page.getByLabel('Latency', { exact: true }).fill('1ms');
    await page.getByRole('button', { name: 'Add fault' }).click();
    await eventually(async () => assert.equal((await emulator.control('faults')).faults.length, 2));
    const [, { rule }] = (await emulator.control('faults')).faults;
    assert.deepEqual(rule, { match: {}, latency: '1ms', when: 'before' });
    await emulator.control('faults', { method: 'DELETE' });
  });

  test('without an effect are rejected with a message', async (page) => {
    await visit(page, part('faults'));
    await page.getByRole('button', { name: 'Add fault' }).click();
    await seen(page.getByRole('alert').getByText(/^The server returned Invalid\w+: /));
  }, { allow: [/400/] });
});

suite('Reset and export', ({ emulator, test }) => {
  const holds = async () => Object.fromEntries((await emulator.control('ready')).scopes.map(({ cloud, secrets }) => [cloud, secrets]));

  test('shows what is deleted before and after', async (page) => {
    await emulator.call('alibaba', 'CreateSecret', { SecretName: 'more', VersionId: 'v1', SecretData: 'x' });
    await visit(page, part('reset'));
    await page.locator('main').getByLabel('Cloud', { exact: true }).first().selectOption('Alibaba Cloud KMS');
    await page.getByRole('button', { name: 'Reset…' }).click();
    const dialog = page.getByRole('dialog');
    await seen(dialog.getByText(`Secrets to delete, with all versions: ${ALIBABA.length + 1}`));
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await gone(dialog);
    assert.equal((await holds()).alibaba, ALIBABA.length + 1);
    await page.getByRole('button', { name: 'Reset…' }).click();
    await dialog.getByRole('button', { name: 'Delete the secrets' }).click();
    await seen(page.getByText(`Secrets deleted: ${ALIBABA.length + 1}. Secrets loaded: ${ALIBABA.length}.`));
    assert.equal((await holds()).alibaba, ALIBABA.length);

    await page.getByLabel('Restore the start-up fixtures').uncheck();
    await page.getByRole('button', { name: 'Reset…' }).click();
    await dialog.getByRole('button', { name: 'Delete the secrets' }).click();
    await seen(page.getByText(`Secrets deleted: ${ALIBABA.length}. Secrets loaded: 0.`));
    assert.equal((await holds()).alibaba ?? 0, 0);
    assert.equal((await holds()).tencent, TENCENT.length);
    await emulator.reset();
  });

  test('downloads the secrets, with values only if selected', async (page) => {
    await visit(page, part('reset'));
    const save = async () => (await downloaded(page, () => page.getByRole('button', { name: 'Download' }).click())).text;
    const without = await save();
    assert.equal(JSON.parse(without).length, 2);
    assert.ok(without.includes('shop/db/password') && !without.includes('summer-of-2024'));
    await page.getByLabel('Include secret values').check();
    assert.ok((await save()).includes('summer-of-2024'));
  });
});

suite('Snapshots', ({ emulator, test }) => {
  test('are saved, restored and deleted', async (page) => {
    await visit(page, part('snapshots'));
    await seen(page.getByText('There are no snapshots.'));
    await page.getByLabel('Name', { exact: true }).fill('before');
    await page.getByRole('button', { name: 'Save snapshot' }).click();
    const total = ALIBABA.length + TENCENT.length;
    await seen(page.getByText(`Snapshot before saved. Secrets: ${total}`));
    // The message appears before the list is loaded again.
    await seen(page.getByRole('button', { name: 'Restore: before' }));
    const { rows } = await tableTexts(page, 'Snapshots');
    assert.deepEqual(rows.map(([name, , secrets, of]) => [name, secrets, of]), [['before', String(total), 'everything']]);

    await emulator.call('alibaba', 'CreateSecret', { SecretName: 'after', VersionId: 'v1', SecretData: 'x' });
    await page.getByRole('button', { name: 'Restore: before' }).click();
    const dialog = page.getByRole('dialog');
    await seen(dialog.getByText(`Secrets now: ${total + 1}. Secrets in the snapshot: ${total}.`));
    await dialog.getByRole('button', { name: 'Restore' }).click();
    await gone(dialog);
    const { SecretList } = await emulator.call('alibaba', 'ListSecrets', { PageSize: 100 });
    assert.deepEqual(SecretList.Secret.map(({ SecretName }) => SecretName), ALIBABA.map(({ SecretName }) => SecretName));

    await page.getByRole('button', { name: 'Delete: before' }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await seen(page.getByText('There are no snapshots.'));
    assert.deepEqual((await emulator.control('snapshots')).snapshots, []);
  });

  test('with an invalid name are rejected with a message', async (page) => {
    await visit(page, part('snapshots'));
    await page.getByLabel('Name', { exact: true }).fill('no such name!');
    await page.getByRole('button', { name: 'Save snapshot' }).click();
    await seen(page.getByRole('alert').getByText(/^The server returned Invalid\w+: /));
  }, { allow: [/400/] });
});

suite('Tenants and coverage', ({ emulator, test }) => {
  test('creates tenants, shows their access keys once, and deletes them', async (page) => {
    await visit(page, part('tenants'));
    await seen(page.getByText('There are no tenants.'));
    await page.getByLabel('Time to live').fill('1h');
    await page.getByLabel('Load the start-up fixtures').check();
    await page.getByRole('button', { name: 'Create tenant' }).click();
    await seen(page.getByText(/^Tenant \d{16} created\. Secrets: \d+\./));
    const [{ account, access_key_id: key }] = (await emulator.control('tenants')).tenants;
    await texts(page.getByRole('region', { name: 'AccessKey ID' }), [key]);
    assert.match(await page.getByRole('region', { name: 'AccessKey secret' }).innerText(), /^\S{16,}$/);
    await page.getByRole('link', { name: account }).click();
    await addressed(page, 'secrets', { account });
    await settled(page);
    await seen(page.getByRole('link', { name: 'shop/db/password' }));
    await visit(page, part('tenants'));
    assert.equal(await page.getByRole('region', { name: 'AccessKey secret' }).count(), 0);
    await page.getByRole('button', { name: `Delete: ${account}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await seen(page.getByText('There are no tenants.'));
    assert.deepEqual((await emulator.control('tenants')).tenants, []);
  });

  test('creates a tenant with its own clock, which the tab Clock moves', async (page) => {
    await visit(page, part('tenants'));
    await page.getByLabel('Give it its own clock').check();
    await page.getByLabel('Filters (Alibaba Cloud)').selectOption('match a part');
    await page.getByRole('button', { name: 'Create tenant' }).click();
    await seen(page.getByText(/^Tenant \d{16} created\./));
    const [tenant] = (await emulator.control('tenants')).tenants;
    assert.deepEqual([tenant.clock, tenant.alibaba_filter_match], [true, 'contains']);
    await seen(page.getByRole('table', { name: 'Tenants' }).getByText(tenant.account));
    const { rows } = await tableTexts(page, 'Tenants');
    assert.deepEqual(rows[0].slice(4, 6), ['own', 'match a part']);
    await page.getByRole('link', { name: 'own' }).click();
    await addressed(page, 'controls', { clock_of: tenant.account });
    await valued(page.getByRole('combobox', { name: 'Clock', exact: true }), tenant.account);
    await page.getByRole('button', { name: 'Advance by +30d' }).click();
    const ahead = async (query) => Math.round((await emulator.control(`clock${query}`)).ahead_seconds / 86_400);
    await eventually(async () => assert.equal(await ahead(`?account=${tenant.account}`), 30));
    assert.equal(await ahead(''), 0);
    // The list of secrets counts the time by the clock of its account.
    await emulator.call('alibaba', 'CreateSecret', { SecretName: 'a', VersionId: 'v1', SecretData: 'x' }, { account: tenant.account });
    await emulator.call('alibaba', 'DeleteSecret', { SecretName: 'a', RecoveryWindowInDays: 7 }, { account: tenant.account });
    await visit(page, hash('secrets', { account: tenant.account }));
    await seen(page.getByText(/in (7 days|6 days)/));
    await emulator.control(`tenants/${tenant.account}`, { method: 'DELETE' });
  });

  test('shows what clients have used', async (page) => {
    await emulator.control('coverage', { method: 'DELETE' });
    await emulator.call('alibaba', 'ListSecrets', { PageSize: 3 });
    const { clouds } = await emulator.control('coverage');
    const alibaba = clouds.find(({ cloud }) => cloud === 'alibaba');
    await visit(page, part('coverage'));
    const total = alibaba.operations.length + alibaba.unused_operations.length;
    const name = `Alibaba Cloud KMS: 1 of ${total} operations and metadata paths used`;
    await seen(page.getByRole('heading', { name }));
    const { rows } = await tableTexts(page, name);
    assert.deepEqual(rows.map((row) => row.slice(0, 4)), [['ListSecrets', '1', 'OK: 1', 'PageSize']]);
    await seen(page.getByText('No supported operation has been called.'));
    await page.getByRole('button', { name: 'Reset coverage…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Reset coverage' }).click();
    await seen(page.getByRole('heading', { name: `Alibaba Cloud KMS: 0 of ${total} operations and metadata paths used` }));
    await valued(page.getByRole('combobox', { name: 'Cloud', exact: true }), 'alibaba');
  });
});
