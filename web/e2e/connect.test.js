// The start view, the status bar and the keys that work in every view.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';

import { addressed, eventually, focused, gone, hash, picker, plain, seen, settled, suite, texts, valued, visit } from './support.js';

const heading = (page, name) => page.getByRole('heading', { level: 1, name, exact: true });

suite('The start view', ({ emulator, test }) => {
  const fact = (page, name) => page.locator('.connect-settings dl > div', { hasText: name }).locator('code');

  test('has the settings of a client, and a program that runs as it is', async (page) => {
    await page.goto('/');
    await settled(page);
    await seen(heading(page, 'Connect'));
    await texts(fact(page, 'Endpoint'), [new URL(emulator.url).host]);
    await texts(fact(page, 'AccessKey ID'), ['test']);
    await texts(fact(page, 'AccessKey secret'), ['test']);
    await page.getByRole('tab', { name: 'curl' }).click();
    const command = await page.getByRole('region', { name: 'curl' }).textContent();
    const reply = JSON.parse(execFileSync('bash', ['-c', command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    assert.equal(reply.PageSize, 10);
  });

  test('keeps the language of the program', async (page) => {
    await visit(page, '#/connect');
    await page.getByRole('tab', { name: 'Go', exact: true }).click();
    await seen(page.getByText('package main'));
    await visit(page, '#/connect?cloud=tencent');
    await seen(page.getByText('ssm.NewClient'));
  });

  test('turns from waiting into the first request when it arrives', async (page) => {
    await emulator.control('journal', { method: 'DELETE' });
    await visit(page, '#/connect');
    await seen(page.getByText('Waiting for your first request…'));
    await emulator.send('alibaba', 'DescribeSecret', { SecretName: 'no-such-secret' });
    await seen(page.getByText('Forbidden.ResourceNotFound'));
    await gone(page.getByText('Waiting for your first request…'));
    await page.getByRole('main').getByRole('link', { name: 'DescribeSecret' }).click();
    await seen(heading(page, 'Journal'));
    await seen(page.getByRole('row', { name: 'SecretName no-such-secret' }));
  });

  test('creates a tenant, and puts its key in', async (page) => {
    await visit(page, '#/connect');
    await page.getByRole('button', { name: 'Create a tenant for me' }).click();
    await seen(page.getByRole('region', { name: 'Set the access key first' }));
    const { tenants } = await emulator.control('tenants');
    const { account, access_key_id: id } = tenants.at(-1);
    await addressed(page, 'connect', { account });
    await texts(fact(page, 'AccessKey ID'), [id]);
    const secret = await fact(page, 'AccessKey secret').innerText();
    assert.equal(await page.getByRole('region', { name: 'Set the access key first' }).textContent(), `export ALIBABA_CLOUD_ACCESS_KEY_ID=${id}\nexport ALIBABA_CLOUD_ACCESS_KEY_SECRET=${secret}`);
    await seen(page.getByRole('contentinfo').getByText(`Tenant ${account}`));
    // The key is kept until the tab is closed.
    await visit(page, '#/controls?part=tenants');
    await page.getByRole('row', { name: account }).getByRole('link', { name: 'Show key' }).click();
    await texts(fact(page, 'AccessKey secret'), [secret]);
    await picker(page, 'Cloud').selectOption('Tencent Cloud SSM');
    await seen(page.getByText(`export TENCENTCLOUD_SECRET_KEY=${secret}`));
  });

  test('says that an account has no key', async (page) => {
    await visit(page, '#/connect?account=2222222222222222');
    await seen(page.getByText('This account has no access key.'));
  });
});

suite('The status bar', ({ emulator, test }) => {
  const bar = (page) => page.getByRole('contentinfo');

  test('shows in every view that the clock is moved or frozen', async (page) => {
    await emulator.reset();
    await visit(page);
    await seen(bar(page).getByText(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/));
    await emulator.control('clock/advance', { body: { by: '8d' } });
    await emulator.control('clock/freeze', { method: 'POST' });
    for (const path of ['connect', 'secrets', 'call', 'journal', 'controls']) {
      await visit(page, `#/${path}`);
      await seen(bar(page).getByText('frozen', { exact: true }));
      await seen(bar(page).getByText('+8 days', { exact: true }));
    }
    await bar(page).getByText('frozen', { exact: true }).click();
    await seen(page.getByRole('tab', { name: 'Clock', selected: true }));
    // The page's own change is shown at once.
    await page.getByRole('button', { name: 'Reset to system time' }).click();
    await gone(bar(page).getByText('frozen', { exact: true }));
  });

  test('shows armed faults with the hits that are left', async (page) => {
    await emulator.reset();
    await visit(page);
    await seen(bar(page).getByText('No faults'));
    await emulator.control('faults', { body: { match: { action: 'GetSecretValue' }, error: 'Rejected.Throttling', times: 2 } });
    await seen(bar(page).getByText('Faults: 1, hits left: 2'));
    await emulator.send('alibaba', 'GetSecretValue', { SecretName: 'shop/db/password' });
    await seen(bar(page).getByText('Faults: 1, hits left: 1'));
    await emulator.send('alibaba', 'GetSecretValue', { SecretName: 'shop/db/password' });
    await seen(bar(page).getByText('No faults'));
    await emulator.control('faults', { body: { error: 'InternalFailure' } });
    await seen(bar(page).getByText('Faults: 1', { exact: true }));
    await emulator.reset();
  });

  test('has the clock, faults, tenant and request rate on a phone, and covers nothing', async (page) => {
    await emulator.reset();
    await emulator.control('clock/advance', { body: { by: '8d' } });
    await emulator.control('clock/freeze', { method: 'POST' });
    await emulator.control('faults', { body: { match: { action: 'GetSecretValue' }, error: 'Rejected.Throttling', times: 2 } });
    const { account } = await emulator.control('tenants', { body: {} });
    await page.setViewportSize({ width: 390, height: 844 });
    await visit(page, `#/controls?part=coverage&account=${account}`);
    for (const text of ['frozen', '+8 days', 'Faults: 1, hits left: 2', `Tenant ${account}`, 'Requests/min: 0']) {
      await seen(bar(page).getByText(text, { exact: true }));
    }
    await eventually(async () => {
      const [end, top] = await page.evaluate(() => {
        scrollTo(0, document.documentElement.scrollHeight);
        return [document.querySelector('main').lastElementChild.getBoundingClientRect().bottom, document.querySelector('#status-bar').getBoundingClientRect().top];
      });
      assert.ok(end <= top, `${end} is below ${top}`);
    });
    await emulator.control(`tenants/${account}`, { method: 'DELETE' });
    await emulator.reset();
  });

  test('counts the requests of clients, and not those of the page', async (page) => {
    await emulator.reset();
    await visit(page);
    await seen(bar(page).getByText('Requests/min: 0'));
    for (let time = 0; time < 3; time += 1) await emulator.call('alibaba', 'ListSecrets');
    await seen(bar(page).getByText('Requests/min: 3'));
  });
});

suite('The keyboard', ({ test }) => {
  test('changes the view, searches, and lists its keys', async (page) => {
    await visit(page, '#/connect');
    for (const [keys, path] of [['gs', 'secrets'], ['gc', 'call'], ['go', 'controls'], ['gh', 'connect'], ['gj', 'journal']]) {
      await page.keyboard.type(keys);
      await addressed(page, path, {});
      await settled(page);
    }
    await page.keyboard.press('/');
    await focused(page.getByLabel('Search in all requests'));
    await page.keyboard.type('gs?');
    await valued(page.getByLabel('Search in all requests'), 'gs?');
    // The address changes after a delay, which would close the dialog.
    await addressed(page, 'journal', { text: 'gs?' });
    await page.getByRole('heading', { level: 1 }).click();
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await seen(dialog.getByRole('row', { name: 'g s Secrets' }));
    // Keys of the page do nothing while a dialog is open.
    await page.keyboard.type('gs');
    await page.keyboard.press('Escape');
    await gone(dialog);
    await seen(heading(page, 'Journal'));
  });

  test('finds views, operations and controls in the command palette', async (page) => {
    await visit(page, '#/connect');
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog', { name: 'Find a view, an operation or a control' });
    const input = palette.getByRole('combobox');
    await focused(input);
    await input.fill('getsecretv');
    await eventually(async () => assert.match(plain(await palette.getByRole('option', { selected: true }).innerText()), /^GetSecretValue/));
    await page.keyboard.press('Enter');
    await addressed(page, 'call', { action: 'GetSecretValue' });
    await gone(palette);
    await page.keyboard.press('Control+k');
    await input.fill('controls');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const chosen = plain(await palette.getByRole('option', { selected: true }).innerText());
    assert.match(chosen, /^Faults/);
    await page.keyboard.press('Enter');
    await addressed(page, 'controls', { part: 'faults' });
    await page.keyboard.press('Control+k');
    await page.keyboard.press('Escape');
    await gone(palette);
  });

  test('leaves the keys of the browser alone', async (page) => {
    await visit(page, hash('secrets'));
    await page.keyboard.press('Alt+g');
    await page.keyboard.press('s');
    await addressed(page, 'secrets', {});
  });
});
