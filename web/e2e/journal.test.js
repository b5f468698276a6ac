// The journal: new requests, filters, and one request with the check of its signature.

import assert from 'node:assert/strict';

import { addressed, eventually, gone, hash, seen, settled, suite, texts, valued, visit } from './support.js';

suite('The journal', ({ emulator, test }) => {
  const table = (page) => page.getByRole('table', { name: 'Journal' });
  const actions = (page) => table(page).getByRole('rowheader').getByRole('link');
  const list = (parameters = {}, more = {}) => emulator.call('alibaba', 'ListSecrets', parameters, more);
  /** Sends a request with a wrong signature. */
  const sendWrongSignature = (action) => fetch(`${emulator.url}/?Action=${action}&Version=2016-01-20&AccessKeyId=test&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&SignatureNonce=${Math.random()}&Timestamp=${new Date().toISOString().replace(/\.\d+/, '')}&Signature=wrong`);
  const clearJournal = async () => emulator.control('journal', { method: 'DELETE' });

  test('shows new requests, the latest first', async (page) => {
    await clearJournal();
    await visit(page, '#/journal');
    await seen(page.getByText('There are no requests.'));
    await list({ PageSize: 3 });
    await texts(actions(page), ['ListSecrets']);
    await emulator.call('tencent', 'GetRegions');
    await emulator.send('alibaba', 'DescribeSecret', { SecretName: 'no-such-secret' });
    await texts(actions(page), ['DescribeSecret', 'GetRegions', 'ListSecrets']);
    const row = table(page).locator('tbody tr').first();
    await seen(row.getByText('Forbidden.ResourceNotFound'));
    await seen(row.getByText('404'));
    await seen(row.getByText('SecretName=no-such-secret'));
    await seen(row.getByText('valid'));
    await seen(row.getByText('cn-hangzhou'));
    await seen(page.getByText(/^Requests: \d/));
  });

  test('shows the requests of the page only if the switch is on', async (page) => {
    await clearJournal();
    await list();
    await visit(page, '#/secrets');
    await visit(page, '#/journal');
    await texts(actions(page), ['ListSecrets']);
    await seen(page.getByText('Requests: 1'));
    const shown = page.getByLabel('Show the page’s own requests');
    assert.equal(await shown.isChecked(), false);
    await shown.check();
    await addressed(page, 'journal', { calls: 'yes' });
    await texts(actions(page), ['ListSecrets', 'ListSecrets']);
    const rows = table(page).locator('tbody tr');
    await texts(rows.first().locator('th .badge'), ['page']);
    await texts(rows.last().locator('th .badge'), []);
    await actions(page).first().click();
    await seen(page.locator('dl').getByText('page', { exact: true }));
    await page.getByRole('link', { name: 'Back to the journal' }).click();
    await shown.uncheck();
    await texts(actions(page), ['ListSecrets']);
  });

  test('counts new requests while it is paused', async (page) => {
    await clearJournal();
    await list();
    await visit(page, '#/journal');
    await texts(actions(page), ['ListSecrets']);
    await page.getByRole('button', { name: 'Pause' }).click();
    await emulator.call('alibaba', 'DescribeRegions');
    await seen(page.getByText('Paused. New requests: 1'));
    await texts(actions(page), ['ListSecrets']);
    await page.getByRole('button', { name: 'Resume' }).click();
    await texts(actions(page), ['DescribeRegions', 'ListSecrets']);
  });

  test('applies its filters to old and new requests', async (page) => {
    await clearJournal();
    await list();
    await emulator.call('alibaba', 'DescribeRegions');
    await visit(page, '#/journal');
    await page.locator('summary', { hasText: 'Filters' }).click();
    await page.getByLabel('Operation').fill('ListSecrets');
    await page.getByLabel('Code').fill('OK');
    await page.getByRole('button', { name: 'Apply' }).click();
    await addressed(page, 'journal', { action: 'ListSecrets', code: 'OK' });
    await texts(actions(page), ['ListSecrets']);
    await emulator.call('alibaba', 'DescribeRegions');
    await list({ PageSize: 7 });
    await texts(actions(page), ['ListSecrets', 'ListSecrets']);
    await page.reload();
    await texts(actions(page), ['ListSecrets', 'ListSecrets']);
    await valued(page.getByLabel('Operation'), 'ListSecrets');
    await page.getByLabel('Parameter, or parameter=value').fill('PageSize=7');
    await page.getByRole('button', { name: 'Apply' }).click();
    await texts(actions(page), ['ListSecrets']);
    await page.getByLabel('Parameter, or parameter=value').fill('PageSize=8');
    await page.getByRole('button', { name: 'Apply' }).click();
    await seen(page.getByText('No request matches the filters.'));
    await page.locator('.empty').getByRole('button', { name: 'Clear all filters' }).click();
    await eventually(async () => assert.equal(await actions(page).count(), 4));
    await addressed(page, 'journal', {});
  });

  test('filters by cloud, status, verdict and region', async (page) => {
    await clearJournal();
    await list();
    await list({}, { region: 'cn-beijing' });
    await emulator.call('tencent', 'ListSecrets');
    await sendWrongSignature('DescribeRegions');
    for (const [values, expected] of [
      [{ only_cloud: 'tencent' }, ['ListSecrets']],
      [{ status: '400' }, ['DescribeRegions']],
      [{ verdict: 'refused' }, ['DescribeRegions']],
      [{ only_region: 'cn-beijing' }, ['ListSecrets']],
      [{ only_account: '1000000000000000', only_cloud: 'alibaba', code: 'OK' }, ['ListSecrets', 'ListSecrets']],
    ]) {
      await visit(page, hash('journal', values));
      await texts(actions(page), expected);
    }
  });

  test('reports a filter that the server rejects', async (page) => {
    await visit(page, hash('journal', { status: 'many' }));
    await seen(page.getByRole('alert').getByText(/^The server returned Invalid/));
  }, { allow: [/400/] });

  test('opens a request with its parameters, verdict and response', async (page) => {
    await clearJournal();
    await list({ PageSize: 3, FetchTags: true });
    await visit(page, '#/journal');
    await actions(page).first().click();
    await seen(page.getByRole('heading', { level: 1, name: 'ListSecrets' }));
    const [entry] = (await emulator.control('journal')).requests;
    await addressed(page, 'journal', { request: entry.request_id });
    await seen(page.getByText(entry.request_id, { exact: true }));
    const parameters = page.getByRole('table', { name: 'Parameters' });
    for (const [name, value] of Object.entries({ PageSize: '3', FetchTags: 'true' })) {
      await seen(parameters.getByRole('row', { name: `${name} ${value}`, exact: true }));
    }
    await seen(page.getByText('The signature is valid.'));
    await seen(page.getByText('The access key is test.'));
    const { reply } = await emulator.control(`journal/${entry.request_id}`);
    await seen(page.getByText('HTTP 200'));
    const body = page.getByRole('region', { name: 'Body' });
    assert.deepEqual(JSON.parse(await body.innerText()), JSON.parse(reply.body));
    await page.getByRole('button', { name: 'Raw' }).click();
    await eventually(async () => assert.equal(await body.textContent(), reply.body));
    for (const [name, value] of reply.headers) await seen(page.getByRole('region', { name: 'Headers' }).getByText(`${name}: ${value}`));
    await page.reload();
    await seen(page.getByRole('heading', { level: 1, name: 'ListSecrets' }));
    await page.getByRole('link', { name: 'Back to the journal' }).click();
    await texts(actions(page), ['ListSecrets']);
  });

  test('shows both strings to sign with the first difference marked', async (page) => {
    await clearJournal();
    // Signed for GET, sent with POST: the server finds out the client's string to sign.
    const { request } = await emulator.control('call', { body: { cloud: 'alibaba', action: 'ListSecrets', signature: 'HMAC-SHA1', method: 'GET', send: false } });
    const reply = await fetch(request.url, { method: 'POST' });
    assert.equal((await reply.json()).Code, 'IncompleteSignature');
    const [{ request_id: id }] = (await emulator.control('journal')).requests;
    const { request: { mismatch } } = await emulator.control(`journal/${id}`);
    await visit(page, hash('journal', { request: id }));
    await seen(page.getByText('The signature was rejected with this code.'));
    await seen(page.getByText(mismatch.diagnosis));
    const text = (name) => page.getByRole('region', { name }).textContent();
    assert.equal(await text('Expected string to sign'), mismatch.server);
    assert.equal(await text('The client’s string to sign'), mismatch.client);
    const [marked] = await page.getByRole('region', { name: 'Expected string to sign' }).locator('mark').allTextContents();
    assert.ok([...mismatch.server].slice(mismatch.first_difference).join('').startsWith(marked));
  });

  test('links to a call that repeats a request', async (page) => {
    await clearJournal();
    await list({ PageSize: 3, FetchTags: true });
    await visit(page, '#/journal');
    await actions(page).first().click();
    await page.getByRole('link', { name: 'Repeat in Call' }).click();
    await settled(page);
    await valued(page.getByLabel(/^PageSize/), '3');
    await valued(page.getByLabel(/^FetchTags/), 'true');
  });

  test('reports a request that is no longer in the journal', async (page) => {
    await visit(page, hash('journal', { request: '00000000-0000-4000-8000-000000000000' }));
    await seen(page.getByRole('alert').getByText(/^The server returned RequestNotFound: /));
    await seen(page.getByText('This request is not in the journal.'));
    await seen(page.getByText('Send the request again.'));
  }, { allow: [/404/] });

  test('is cleared after confirmation', async (page) => {
    await list();
    await visit(page, '#/journal');
    await seen(actions(page));
    await page.getByRole('button', { name: 'Clear…' }).click();
    const dialog = page.getByRole('dialog');
    await seen(dialog.getByText('Deletes all requests from the journal.'));
    await dialog.getByRole('button', { name: 'Clear…' }).click();
    await seen(page.getByText('There are no requests.'));
    assert.equal((await emulator.control('journal')).count, 0);
    await list();
    await texts(actions(page), ['ListSecrets']);
  });

  test('reconnects after a restart of the server', async (page) => {
    await list();
    await visit(page, '#/journal');
    await seen(actions(page));
    await emulator.stop();
    await seen(page.getByText(/^The connection to the server is lost\. Retry in/));
    await emulator.start();
    await gone(page.getByText(/^The connection to the server is lost\./));
    await list();
    await texts(actions(page), ['ListSecrets']);
  }, { allow: [/ERR_/] });
});
