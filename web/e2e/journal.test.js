// The journal: new requests, filters, and one request with the check of its signature.

import assert from 'node:assert/strict';

import { LOST, addressed, eventually, focused, gone, hash, seen, settled, suite, texts, valued, visit } from './support.js';

suite('The journal', ({ emulator, test }) => {
  const rows = (page) => page.getByRole('list', { name: 'Journal' }).getByRole('link');
  const actions = (page) => rows(page).locator('.request-action');
  const entry = (page) => page.getByRole('region', { name: 'Request', exact: true });
  const tab = (page, name) => entry(page).getByRole('tab', { name, exact: true });
  const list = (parameters = {}, more = {}) => emulator.call('alibaba', 'ListSecrets', parameters, more);
  /** Sends a request with a wrong signature. */
  const sendWrongSignature = (action) => fetch(`${emulator.url}/?Action=${action}&Version=2016-01-20&AccessKeyId=test&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&SignatureNonce=${Math.random()}&Timestamp=${new Date().toISOString().replace(/\.\d+/, '')}&Signature=wrong`);
  const clearJournal = async () => emulator.control('journal', { method: 'DELETE' });
  /** Clears the journal, and sends this number of requests, ten at a time. */
  const sendMany = async (count) => {
    await clearJournal();
    for (let sent = 0; sent < count; sent += 10) await Promise.all(Array.from({ length: 10 }, () => fetch(`${emulator.url}/?Action=DescribeRegions`)));
  };

  test('shows new requests, the latest first', async (page) => {
    await clearJournal();
    await visit(page, '#/journal');
    await seen(page.getByText('There are no requests.'));
    await list({ PageSize: 3 });
    await texts(actions(page), ['ListSecrets']);
    await emulator.call('tencent', 'GetRegions');
    await emulator.send('alibaba', 'DescribeSecret', { SecretName: 'no-such-secret' });
    await texts(actions(page), ['DescribeSecret', 'GetRegions', 'ListSecrets']);
    const row = rows(page).first();
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
    await texts(rows(page).first().locator('.cell-request .badge'), ['page']);
    await texts(rows(page).last().locator('.cell-request .badge'), []);
    await rows(page).first().click();
    await seen(page.locator('dl').getByText('page', { exact: true }));
    await page.getByRole('link', { name: 'Close' }).click();
    await gone(entry(page));
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
    await page.getByLabel('Parameter', { exact: true }).fill('PageSize=7');
    await page.getByRole('button', { name: 'Apply' }).click();
    await texts(actions(page), ['ListSecrets']);
    await page.getByLabel('Parameter', { exact: true }).fill('PageSize=8');
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

  test('opens a request next to the list, with its parameters, headers, verdict and response', async (page) => {
    await clearJournal();
    await list({ PageSize: 3, FetchTags: true });
    await visit(page, '#/journal');
    // Any part of the row can be clicked.
    await rows(page).first().click({ position: { x: 300, y: 12 } });
    await seen(entry(page).getByRole('heading', { level: 2, name: 'ListSecrets' }));
    const [{ request_id: id }] = (await emulator.control('journal')).requests;
    await addressed(page, 'journal', { request: id });
    await seen(entry(page).getByText(id, { exact: true }));
    await texts(actions(page), ['ListSecrets']);
    const parameters = page.getByRole('table', { name: 'Parameters' });
    for (const [name, value] of Object.entries({ PageSize: '3', FetchTags: 'true' })) {
      await seen(parameters.getByRole('row', { name: `${name} ${value}`, exact: true }));
    }
    const { reply, received } = await emulator.control(`journal/${id}`);
    const raw = await page.getByRole('region', { name: 'Request as received' }).textContent();
    assert.ok(raw.startsWith(`POST /${received.query ? `?${received.query}` : ''} HTTP/1.1\n`), raw);
    for (const [name, value] of received.headers) assert.ok(raw.includes(`${name}: ${value}`), name);
    assert.ok(received.headers.some(([name]) => name.toLowerCase() === 'x-acs-action'));
    assert.ok(raw.endsWith(received.body), raw);

    await tab(page, 'Signature').click();
    await addressed(page, 'journal', { request: id, tab: 'signature' });
    await seen(page.getByText('The signature is valid.'));
    await seen(page.getByText('The access key is test.'));
    await tab(page, 'Response').click();
    await seen(page.getByText('HTTP 200'));
    const body = page.getByRole('region', { name: 'Body' });
    assert.deepEqual(JSON.parse(await body.innerText()), JSON.parse(reply.body));
    await page.getByRole('button', { name: 'Raw' }).click();
    await eventually(async () => assert.equal(await body.textContent(), reply.body));
    for (const [name, value] of reply.headers) await seen(page.getByRole('region', { name: 'Headers' }).getByText(`${name}: ${value}`));
    await page.reload();
    await seen(tab(page, 'Response'));
    await seen(page.getByText('HTTP 200'));
    await page.getByRole('link', { name: 'Close' }).click();
    await gone(entry(page));
    await addressed(page, 'journal', {});
  });

  test('moves between requests by arrow keys, and links to the one that is shown', async (page) => {
    await clearJournal();
    for (const size of [1, 2, 3]) await list({ PageSize: size });
    await visit(page, '#/journal');
    await rows(page).first().focus();
    await page.keyboard.press('ArrowDown');
    await focused(rows(page).nth(1));
    await gone(entry(page));
    await page.keyboard.press('Enter');
    const shows = (size) => seen(page.getByRole('row', { name: `PageSize ${size}`, exact: true }));
    await shows(2);
    await page.keyboard.press('ArrowDown');
    await shows(1);
    await focused(rows(page).nth(2));
    assert.equal(await rows(page).nth(2).getAttribute('aria-current'), 'true');
    await page.keyboard.press('Home');
    await shows(3);
    await page.getByRole('button', { name: 'Copy link' }).click();
    await seen(page.getByText('Copied.'));
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url());
  });

  test('has rows that fit, at every width, with and without a request next to them', async (page) => {
    await clearJournal();
    await emulator.call('alibaba', 'ListSecrets', { Filters: JSON.stringify([{ Key: 'SecretName', Values: ['a'.repeat(192)] }]) });
    await emulator.send('alibaba', 'DescribeSecret', { SecretName: 'no-such-secret' });
    const [{ request_id: id }] = (await emulator.control('journal')).requests;
    for (const width of [390, 768, 1280, 1920]) {
      await page.setViewportSize({ width, height: 900 });
      for (const values of [{}, { request: id }]) {
        await visit(page, hash('journal', values));
        await seen(rows(page));
        const { frame, cells } = await page.evaluate(() => ({
          frame: document.querySelector('.requests').getBoundingClientRect().right,
          cells: [...document.querySelectorAll('.request-row > *')].map((cell) => [cell.className, cell.getBoundingClientRect().right]),
        }));
        assert.equal(cells.filter(([name, right]) => name === 'cell-duration' && right > 0).length, 2);
        for (const [name, right] of cells) assert.ok(right <= frame, `${name} ends at ${right}, its row at ${frame}, on ${width} px`);
        assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, `${width} px`);
        const cut = await page.evaluate(() => [...document.querySelectorAll('.request-row .cell-code > .faint')]
          .filter((status) => status.getBoundingClientRect().right > status.parentElement.getBoundingClientRect().right + 0.5).length);
        assert.equal(cut, 0, `statuses that are cut off on ${width} px`);
      }
    }
  });

  test('keeps the height of a long list while it is scrolled, so that nothing moves away from the pointer', async (page) => {
    await sendMany(60);
    await Promise.all([sendWrongSignature('DescribeRegions'), fetch(`${emulator.url}/?Action=x`), emulator.call('tencent', 'GetRegions'), list({ PageSize: 3 })]);
    const height = () => page.locator('.requests').evaluate((list) => list.getBoundingClientRect().height);
    for (const width of [390, 768, 1280, 1920]) {
      await page.setViewportSize({ width, height: 600 });
      // The browser remembers the heights of what it has drawn.
      await page.goto('about:blank');
      await visit(page, '#/journal');
      await seen(rows(page));
      const before = await height();
      const cut = await rows(page).evaluateAll((links) => links.filter((link) => link.scrollHeight > link.parentElement.clientHeight).length);
      assert.equal(cut, 0, `rows that are cut off on ${width} px`);
      for (const chunk of await page.locator('.request-chunk').all()) {
        await chunk.evaluate((element) => element.scrollIntoView());
        await chunk.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
        assert.ok(Math.abs((await height()) - before) < 1, `${await height()} instead of ${before} on ${width} px`);
      }
    }
  });

  test('shows whole rows above a request on a narrow screen', async (page) => {
    await clearJournal();
    for (let time = 0; time < 12; time += 1) await list(time % 2 === 0 ? { PageSize: 3 } : {});
    for (const width of [390, 768]) {
      await page.setViewportSize({ width, height: 844 });
      for (const index of [0, 8]) {
        await visit(page, '#/journal');
        await rows(page).nth(index).click();
        await seen(entry(page).getByRole('heading'));
        await eventually(async () => {
          const { list, rows } = await page.evaluate(() => {
            const edges = (element) => (({ top, bottom }) => ({ top, bottom }))(element.getBoundingClientRect());
            return { list: edges(document.querySelector('.requests')), rows: [...document.querySelectorAll('.request-item')].map(edges) };
          });
          const shown = rows.filter(({ top, bottom }) => bottom > list.top + 3 && top < list.bottom - 3);
          assert.ok(shown.length >= 2);
          for (const { top, bottom } of shown) assert.ok(top > list.top - 3 && bottom < list.bottom + 3, `${top} to ${bottom} in ${list.top} to ${list.bottom}`);
        });
      }
    }
  });

  test('is busy until the requests for other filters are listed', async (page) => {
    await clearJournal();
    await list();
    await emulator.send('alibaba', 'DescribeSecret', { SecretName: 'no-such-secret' });
    await visit(page, '#/journal');
    let release;
    const released = new Promise((resolve) => (release = resolve));
    await page.route('**/_emulator/journal?*', async (route) => {
      await released;
      await route.continue();
    });
    await page.getByRole('group', { name: 'Quick filters' }).getByRole('button', { name: 'OK' }).click();
    await seen(page.locator('[aria-busy="true"] .requests'));
    release();
    await gone(page.locator('[aria-busy="true"]'));
    await texts(actions(page), ['ListSecrets']);
  });

  test('counts the listed requests when the filters change, and adds older requests below', async (page) => {
    const requests = 310;
    await sendMany(requests);
    await visit(page, hash('journal', { code: 'Nothing' }));
    await seen(page.getByText('No request matches the filters.'));
    await page.locator('.empty').getByRole('button', { name: 'Clear all filters' }).click();
    await seen(rows(page));
    assert.equal(await rows(page).count(), 300);
    assert.equal(await page.locator('.list-status').innerText(), 'Requests: 310. Shown: the latest 300');
    const first = await rows(page).first().elementHandle();
    const oldest = (await emulator.control('journal?limit=300')).requests[0].number;
    const asked = [];
    page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url());
      // The status bar reads one request at a time.
      if (pathname === '/_emulator/journal' && searchParams.get('limit') !== '1') asked.push([searchParams.get('before'), searchParams.get('limit')]);
    });
    // Also while the list is paused.
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Show older requests' }).click();
    await eventually(async () => assert.equal(await rows(page).count(), requests));
    assert.deepEqual(asked, [[String(oldest), '300']], 'the list is not read again');
    await page.getByRole('button', { name: 'Resume' }).click();
    const listed = await rows(page).evaluateAll((links) => links.map(({ dataset }) => dataset.id));
    assert.deepEqual(listed, (await emulator.control('journal?limit=1000')).requests.map(({ request_id: id }) => id).reverse());
    assert.ok(await first.evaluate((row) => row.isConnected), 'rows that are shown are not drawn again');
    await gone(page.getByRole('button', { name: 'Show older requests' }));
    await list();
    await eventually(async () => assert.equal(await rows(page).count(), requests + 1));
    // The browser skips the text of rows that are far away.
    await page.evaluate(() => scrollTo(0, 0));
    await texts(actions(page).first(), ['ListSecrets']);
  });

  test('shows older requests that a new connection has listed, while it is paused', async (page) => {
    const requests = 310;
    await sendMany(requests);
    let lose = () => {};
    const lost = new Promise((resolve) => { lose = resolve; });
    await page.route('**/_emulator/journal/events?**', async (route) => {
      await lost;
      await route.abort();
    }, { times: 1 });
    await page.route('**/_emulator/journal?**before=**', async (route) => {
      const listed = page.waitForResponse((response) => response.url().includes('limit=600'));
      lose();
      await listed;
      await route.continue();
    });
    await visit(page, '#/journal');
    await seen(rows(page));
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Show older requests' }).click();
    await eventually(async () => assert.equal(await rows(page).count(), requests));
    await gone(page.getByRole('button', { name: 'Show older requests' }));
  }, { allow: [LOST] });

  test('searches in all requests, old and new', async (page) => {
    await clearJournal();
    await list({ PageSize: 3 });
    await emulator.send('alibaba', 'DescribeSecret', { SecretName: 'no-such-secret' });
    await visit(page, '#/journal');
    await page.getByLabel('Search in all requests').fill('SUCH notfound');
    await addressed(page, 'journal', { text: 'SUCH notfound' });
    await texts(actions(page), ['DescribeSecret']);
    await focused(page.getByLabel('Search in all requests'));
    await list({ PageSize: 4 });
    await emulator.send('alibaba', 'GetSecretValue', { SecretName: 'no-such-secret' });
    await texts(actions(page), ['GetSecretValue', 'DescribeSecret']);
    await page.reload();
    await valued(page.getByLabel('Search in all requests'), 'SUCH notfound');
    await texts(actions(page), ['GetSecretValue', 'DescribeSecret']);
    // A header of the request and the text of the reply.
    await page.getByLabel('Search in all requests').fill('x-acs-request-id "TotalCount"');
    await texts(actions(page), ['ListSecrets', 'ListSecrets']);
    await page.getByLabel('Search in all requests').fill('');
    await eventually(async () => assert.equal(await rows(page).count(), 4));
  });

  test('filters by one click on a cloud, a code or a verdict', async (page) => {
    await clearJournal();
    await list();
    await emulator.call('tencent', 'GetRegions');
    await sendWrongSignature('DescribeRegions');
    await visit(page, '#/journal');
    const pills = page.getByRole('group', { name: 'Quick filters' });
    await texts(pills.getByRole('button'), ['Alibaba 2', 'Tencent 1', 'OK 2', 'IncompleteSignature 1', 'valid 2', 'rejected 1']);
    await pills.getByRole('button', { name: 'IncompleteSignature' }).click();
    await addressed(page, 'journal', { code: 'IncompleteSignature' });
    await texts(actions(page), ['DescribeRegions']);
    await focused(pills.getByRole('button', { name: 'IncompleteSignature', pressed: true }));
    await page.keyboard.press('Enter');
    await eventually(async () => assert.equal(await rows(page).count(), 3));
    await pills.getByRole('button', { name: 'Tencent' }).click();
    await texts(actions(page), ['GetRegions']);
  });

  test('marks each difference of two strings to sign, and nothing else', async (page) => {
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
    const side = (name) => page.getByRole('region', { name });
    assert.equal(await side('Expected string to sign').textContent(), mismatch.server);
    assert.equal(await side('The client’s string to sign').textContent(), mismatch.client);
    await texts(side('Expected string to sign').locator('mark'), ['POS']);
    await texts(side('The client’s string to sign').locator('mark'), ['GE']);
    await page.getByRole('button', { name: 'Decode' }).click();
    await seen(side('Expected string to sign').getByText(/^&Action=ListSecrets$/m));
    await texts(side('Expected string to sign').locator('mark'), ['POS']);
    // The text is not in the other tabs too.
    await tab(page, 'Request').click();
    assert.ok(!(await entry(page).innerText()).includes(mismatch.server));
  });

  test('shows a request as code, and sends it again', async (page) => {
    await clearJournal();
    await list({ PageSize: 3, FetchTags: true });
    await visit(page, '#/journal');
    await rows(page).first().click();
    await tab(page, 'As code').click();
    await page.getByRole('tab', { name: 'Go', exact: true }).click();
    await seen(page.getByText('kms.NewClient'));
    await seen(page.getByText('SetPageSize(3)'));
    await page.reload();
    await seen(page.getByText('kms.NewClient'));
    await tab(page, 'Again').click();
    await page.getByRole('button', { name: 'Send again' }).click();
    await seen(page.getByText('HTTP 200'));
    const { requests } = await emulator.control('journal?source=call&limit=1');
    assert.deepEqual(requests[0].parameters, { FetchTags: 'true', PageSize: '3' });
    await page.getByRole('link', { name: 'Edit in Call' }).click();
    await settled(page);
    await valued(page.getByLabel(/^PageSize/), '3');
    await valued(page.getByLabel(/^FetchTags/), 'true');
  });

  test('opens the form for a request whose secret values are masked', async (page) => {
    await clearJournal();
    await emulator.call('alibaba', 'CreateSecret', { SecretName: 'masked', VersionId: 'v1', SecretData: 'not to be seen' });
    await visit(page, '#/journal');
    await rows(page).first().click();
    await seen(page.getByRole('region', { name: 'Request as received' }).getByText(/SecretData=\*\*\*/));
    await tab(page, 'Again').click();
    await seen(page.getByText('The journal masks the secret values of this request.'));
    assert.equal(await page.getByRole('button', { name: 'Send again' }).count(), 0);
    await page.getByRole('link', { name: 'Edit in Call' }).click();
    await settled(page);
    await valued(page.getByLabel(/^SecretName/), 'masked');
    await valued(page.getByLabel(/^SecretData /), '');
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
  }, { allow: [LOST] });
}, { args: ['--journal', '1000'] });
