// Presets and code of faults, due work, and differences of snapshots; the layout and the history of calls.

import assert from 'node:assert/strict';

import { addressed, eventually, focused, gone, seen, settled, suite, tableTexts, texts, valued, visit } from './support.js';

suite('More controls', ({ emulator, test }) => {
  test('add a fault for the requests like one in the journal', async (page) => {
    await emulator.reset();
    await emulator.call('alibaba', 'DescribeSecret', { SecretName: 'shop/db/password' });
    await visit(page, '#/journal');
    await page.getByRole('list', { name: 'Journal' }).getByRole('link').first().click();
    await page.getByRole('tab', { name: 'Again' }).click();
    await page.getByRole('link', { name: 'Add a fault for such requests' }).click();
    await focused(page.getByLabel('Error code'));
    await page.keyboard.type('Rejected.Throttling');
    await page.keyboard.press('Enter');
    await eventually(async () => {
      const { faults } = await emulator.control('faults');
      assert.deepEqual(faults.map(({ rule }) => [rule.match.cloud, rule.match.action, rule.match.secret, rule.error]), [['alibaba', 'DescribeSecret', 'shop/db/password', 'Rejected.Throttling']]);
    });
    assert.equal((await emulator.send('alibaba', 'DescribeSecret', { SecretName: 'shop/db/password' })).status, 429);
    await emulator.reset();
  });

  test('add a common fault, and copy it for tests', async (page) => {
    await emulator.reset();
    await visit(page, '#/controls?part=faults');
    await page.getByRole('button', { name: 'Add: Throttle twice, then succeed' }).click();
    await seen(page.getByRole('table', { name: 'Faults' }).getByText('Rejected.Throttling'));
    const read = () => emulator.send('alibaba', 'GetSecretValue', { SecretName: 'shop/db/password' });
    const statuses = [];
    for (let time = 0; time < 3; time += 1) statuses.push((await read()).status);
    assert.deepEqual(statuses, [429, 429, 200]);
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    const picker = page.getByLabel('Copy as…: Throttle twice, then succeed');
    await picker.selectOption('pytest');
    await eventually(async () => assert.equal(await clipboard(), 'def test_with_fault(kms_tenant, kms_fault):\n    kms_fault("Rejected.Throttling", cloud="alibaba", action="GetSecretValue", times=2)'));
    await valued(picker, '');
    await picker.selectOption('curl');
    await eventually(async () => assert.ok((await clipboard()).startsWith(`curl ${emulator.url}/_emulator/faults -d '{"match":{"cloud":"alibaba","action":"GetSecretValue"}`)));
    await emulator.reset();
  });

  test('accept every preset, on both clouds', async (page) => {
    for (const cloud of ['alibaba', 'tencent']) {
      await emulator.reset();
      await visit(page, `#/controls?part=faults&cloud=${cloud}`);
      const added = page.getByRole('table', { name: 'Faults' }).getByRole('rowheader');
      const buttons = page.getByRole('button', { name: /^Add: / });
      assert.equal(await buttons.count(), 5);
      for (let index = 0; index < 5; index += 1) {
        await buttons.nth(index).click();
        await eventually(async () => assert.equal(await added.count(), index + 1));
      }
      assert.equal(await page.getByRole('alert').count(), 0);
    }
    await emulator.reset();
  });

  test('show what is due when, and jump to it', async (page) => {
    await emulator.reset();
    await emulator.control('clock/freeze', { method: 'POST' });
    await emulator.call('alibaba', 'DeleteSecret', { SecretName: 'shop/db/password', RecoveryWindowInDays: 7 });
    await visit(page, '#/controls?part=clock');
    const { due } = await emulator.control('clock/due');
    await seen(page.getByRole('table', { name: 'Due later' }));
    const { rows } = await tableTexts(page, 'Due later');
    assert.deepEqual(rows.map(([, work, name]) => [work, name]), due.map(({ work, secret }) => [work, secret]));
    assert.match(rows.find(([, , name]) => name === 'shop/db/password')[0], /^in 7 days/);
    for (let left = due.findIndex(({ secret }) => secret === 'shop/db/password'); left >= 0; left -= 1) {
      await page.getByRole('button', { name: 'Jump to the next' }).click();
    }
    await gone(page.getByRole('link', { name: 'shop/db/password' }));
    const { status } = await emulator.send('alibaba', 'DescribeSecret', { SecretName: 'shop/db/password' });
    assert.equal(status, 404);
    await emulator.reset();
  });

  test('compare a snapshot with the current secrets, and with another one', async (page) => {
    await emulator.reset();
    await emulator.control('snapshots/first', { method: 'PUT' });
    await emulator.call('alibaba', 'CreateSecret', { SecretName: 'new/one', VersionId: 'v1', SecretData: 'x' });
    await emulator.control('snapshots/second', { method: 'PUT' });
    await emulator.call('alibaba', 'UpdateSecret', { SecretName: 'new/one', Description: 'changed' });
    await visit(page, '#/controls?part=snapshots');
    await page.getByRole('button', { name: 'Compare: second' }).click();
    await focused(page.getByRole('heading', { name: 'Changes since second' }));
    const table = () => tableTexts(page, 'Secrets that differ: 1');
    await seen(page.getByText('Secrets that differ: 1'));
    const { heads, rows } = await table();
    assert.deepEqual(heads, ['Name', 'Change', 'Parts', 'Cloud', 'Region, account']);
    assert.deepEqual(rows[0], ['new/one', 'changed', 'description', 'Alibaba Cloud KMS', 'cn-hangzhou · 1000000000000000']);
    await page.getByRole('button', { name: 'Compare: first' }).click();
    await seen(page.getByText('added', { exact: true }));
    await page.getByLabel('Compare with').selectOption('second');
    await seen(page.getByText('added', { exact: true }));
    await page.getByRole('button', { name: 'Restore: first' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
    await page.getByRole('button', { name: 'Compare: first' }).click();
    await seen(page.getByText('There are no differences.'));
    for (const name of ['first', 'second']) await emulator.control(`snapshots/${name}`, { method: 'DELETE' });
    await emulator.reset();
  });
});

suite('The view of calls', ({ test }) => {
  const send = (page) => page.getByRole('button', { name: 'Send', exact: true }).click();

  test('shows the reply beside the form, or scrolls to it', async (page) => {
    const body = page.getByRole('region', { name: 'Body' });
    for (const width of [390, 1280, 1920]) {
      await page.setViewportSize({ width, height: 900 });
      await visit(page, '#/call?action=CreateSecret');
      await send(page);
      await seen(page.getByText('HTTP 400'));
      await eventually(async () => assert.ok((await body.boundingBox()).y < 900, `at ${width} px`));
    }
  });

  test('keeps the calls of the tab, without secret values', async (page) => {
    await visit(page, '#/call?action=DescribeSecret');
    await page.getByLabel(/^SecretName/).fill('shop/db/password');
    await send(page);
    await seen(page.getByText('HTTP 200'));
    await visit(page, '#/call?action=CreateSecret');
    await page.getByLabel(/^SecretName/).fill('from-call');
    await page.getByLabel(/^VersionId/).fill('v1');
    await page.getByLabel(/^SecretData /).fill('hidden value');
    await send(page);
    await seen(page.getByText('HTTP 200'));
    const history = page.locator('.history');
    await page.getByText('Calls of this tab').click();
    await texts(history.getByRole('link'), ['CreateSecret', 'DescribeSecret']);
    assert.ok(!(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).includes('hidden value'));
    await history.getByRole('link', { name: 'DescribeSecret' }).click();
    await settled(page);
    await valued(page.getByLabel(/^SecretName/), 'shop/db/password');
    await addressed(page, 'call', { action: 'DescribeSecret', parameters: '{"SecretName":"shop/db/password"}' });
  });
});
