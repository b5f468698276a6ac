// The forms of credential sources: the metadata services and the credentials URI.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { addressed, eventually, gone, hash, seen, settled, suite, texts, valued, visit } from './support.js';

const ACCOUNT = '1000000000000000';
const OTHER = '2000000000000000';
const TOKEN = '/latest/api/token';
const LIFETIME = 'X-aliyun-ecs-metadata-token-ttl-seconds';

/** The sources of keys: the parameter that selects the account, and the members of a reply that are secret. */
const KEYS = [
  { cloud: 'alibaba', action: '/latest/meta-data/ram/security-credentials/[role]', account: 'role', secrets: ['AccessKeySecret', 'SecurityToken'] },
  { cloud: 'alibaba', action: '/_emulator/credentials', account: 'account', secrets: ['AccessKeySecret', 'SecurityToken'] },
  { cloud: 'tencent', action: '/latest/meta-data/cam/security-credentials/[role]', account: 'role', secrets: ['TmpSecretKey', 'Token'] },
];

const parameter = (page, name) => page.getByLabel(new RegExp(`^${name} `));
const results = (page) => page.getByRole('tablist', { name: 'Result' }).getByRole('tab');
const pane = (page, name) => page.getByRole('tablist', { name: 'Result' }).getByRole('tab', { name, exact: true }).click();
const text = async (page, name) => (await page.getByRole('region', { name }).textContent()) ?? '';
const shown = (page) => page.evaluate(() => document.documentElement.outerHTML + [...document.querySelectorAll('input, textarea')].map(({ value }) => value));

async function open(page, values) {
  await visit(page, hash('call', values));
  await seen(page.getByRole('tablist', { name: 'Result' }));
}

/** Sends the request of the form. Returns the body of the response. */
async function send(page, status = 200) {
  // The request is not looked at, because Playwright does not have its body in Firefox.
  const isSent = async (response) => response.url().endsWith('/_emulator/call') && Boolean((await response.json()).reply);
  const [response] = await Promise.all([page.waitForResponse(isSent), page.getByRole('button', { name: 'Send', exact: true }).click()]);
  const { reply } = await response.json();
  await seen(page.getByText(`HTTP ${status}`, { exact: true }));
  await settled(page);
  return reply.body;
}

async function curl(page) {
  await pane(page, 'Code');
  await page.getByRole('tablist', { name: 'Code' }).getByRole('tab', { name: 'curl', exact: true }).click();
  const { stdout } = await promisify(execFile)('bash', ['-c', await text(page, 'curl')]);
  return stdout;
}

suite('A credential source', ({ emulator, test }) => {
  test('is listed below the operations, and is found by the filter and the palette', async (page) => {
    await visit(page, '#/call');
    const sources = page.getByRole('list', { name: 'Credential sources' });
    const { operations } = await emulator.control('operations?cloud=alibaba');
    await texts(sources.getByRole('link'), operations.filter(({ method }) => method).map(({ action }) => action));
    await page.getByLabel('Filter operations').fill('role key');
    await texts(sources.getByRole('link'), ['/latest/meta-data/ram/security-credentials/[role]']);
    await page.getByLabel('Filter operations').fill('ListSecrets');
    await gone(page.getByText('Credential sources'));
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('dialog').getByRole('combobox').fill('/_emulator/credentials');
    await seen(page.getByRole('option', { selected: true }).getByText('/_emulator/credentials'));
    await page.keyboard.press('Enter');
    await addressed(page, 'call', { action: '/_emulator/credentials' });
    await seen(page.getByRole('heading', { level: 2, name: '/_emulator/credentials' }));
  });

  for (const { cloud, action, account, secrets } of KEYS) {
    test(`issues a key of the selected account, which is masked until it is shown: ${action}`, async (page) => {
      await open(page, { cloud, account: OTHER, action });
      await valued(parameter(page, account), OTHER);
      const key = JSON.parse(await send(page));
      const isShown = async () => {
        const html = await shown(page);
        return secrets.map((name) => html.includes(key[name]));
      };
      assert.deepEqual(await isShown(), [false, false]);
      await page.getByRole('button', { name: 'Show values' }).click();
      assert.deepEqual(await isShown(), [true, true]);
      await page.getByRole('button', { name: 'Hide values' }).click();
      assert.deepEqual(await isShown(), [false, false]);
      await page.getByRole('link', { name: 'Show the request in the journal' }).click();
      const entry = page.getByRole('region', { name: 'Request', exact: true });
      await seen(entry.getByRole('heading', { level: 2, name: action }));
      await seen(entry.getByText(OTHER).first());
      await entry.getByRole('tab', { name: 'Response' }).click();
      await seen(entry.getByText('***').first());
      assert.deepEqual(await isShown(), [false, false]);
    });
  }

  test('has a response, a request and a command, but no signature and no options of the APIs', async (page) => {
    await open(page, { action: '/latest/meta-data/region-id', pane: 'request' });
    await texts(results(page), ['Response', 'Request', 'Code']);
    assert.match(await text(page, 'HTTP request'), /^GET \/latest\/meta-data\/region-id HTTP\/1\.1\nhost: \S+\n\n$/);
    for (const name of ['HTTP method', 'Response format', 'Signature']) assert.equal(await page.getByLabel(name, { exact: true }).count(), 0, name);
    assert.equal(await page.getByText('Other parameters').count(), 0);
    assert.equal(await send(page), 'cn-hangzhou');
    assert.equal(await curl(page), 'cn-hangzhou');
    await texts(page.getByRole('tablist', { name: 'Code' }).getByRole('tab'), ['Browser URL', 'curl']);
    await page.getByRole('tab', { name: 'Browser URL' }).click();
    const [other] = await Promise.all([page.waitForEvent('popup'), page.getByRole('link', { name: 'Open in a new tab' }).click()]);
    await seen(other.getByText('cn-hangzhou'));
  });

  test('is sent to its host if the other cloud has the same path', async (page) => {
    await open(page, { cloud: 'tencent', action: '/latest/meta-data/instance-id', pane: 'request' });
    assert.match(await text(page, 'HTTP request'), /\nhost: metadata\.tencentyun\.com\n/);
    assert.equal(await send(page), 'ins-kmsemu01');
    assert.equal(await curl(page), 'ins-kmsemu01');
    await page.getByRole('tab', { name: 'Browser URL' }).click();
    await seen(page.getByText('A browser cannot send this request by URL.'));
  });

  test('creates a token, which is masked in the response, in the next request and in the journal', async (page) => {
    await open(page, { action: TOKEN });
    await send(page, 400);
    await seen(page.getByText('Required. Leave it out to see the error.'));
    await seen(page.getByRole('alert').getByText(/^The request failed with BadRequest/));
    await parameter(page, LIFETIME).fill('60');
    const token = await send(page);
    assert.equal(token.length, 54);
    assert.ok(!(await shown(page)).includes(token));
    await page.getByRole('button', { name: 'Show values' }).click();
    assert.ok((await shown(page)).includes(token));

    await open(page, { action: '/latest/meta-data/zone-id', pane: 'request' });
    await parameter(page, 'X-aliyun-ecs-metadata-token').fill(token);
    await page.getByRole('button', { name: 'Preview' }).click();
    await seen(page.getByText(/were replaced by \*\*\*/));
    await eventually(async () => assert.match(await text(page, 'HTTP request'), /\nX-aliyun-ecs-metadata-token: \*\*\*\n/));
    assert.equal(await send(page), 'cn-hangzhou-a');
    assert.ok(!decodeURIComponent(page.url()).includes(token));
    await page.getByRole('link', { name: 'Show the request in the journal' }).click();
    await seen(page.getByRole('cell', { name: '***', exact: true }));
    await page.getByRole('tab', { name: 'Again', exact: true }).click();
    await seen(page.getByText('The journal masks the secret values of this request.'));
    assert.ok(!(await shown(page)).includes(token));
  });

  test('is sent again from the journal, as it is and through the form', async (page) => {
    const path = '/latest/meta-data/ram/security-credentials/[role]';
    await fetch(`${emulator.url}/latest/meta-data/ram/security-credentials/my-role`);
    await visit(page, hash('journal', { parameter: 'role=my-role' }));
    await page.getByRole('link', { name: path }).click();
    await page.getByRole('tab', { name: 'Signature', exact: true }).click();
    await seen(page.getByRole('region', { name: 'Request', exact: true }).getByText('unsigned', { exact: true }));
    assert.equal(await page.getByText('How this request is signed').count(), 0);
    await page.getByRole('tab', { name: 'As code', exact: true }).click();
    await page.getByRole('tab', { name: 'curl', exact: true }).click();
    assert.match(await text(page, 'curl'), /^curl http:\S+\/latest\/meta-data\/ram\/security-credentials\/my-role$/);
    await page.getByRole('tab', { name: 'Again', exact: true }).click();
    await page.getByRole('button', { name: 'Send again' }).click();
    await seen(page.getByText('HTTP 200', { exact: true }));
    await page.getByRole('link', { name: 'Edit in Call' }).click();
    await valued(parameter(page, 'role'), 'my-role');
    const { requests } = await emulator.control('journal?source=any&parameter=role=my-role');
    assert.deepEqual(requests.map(({ source, code }) => [source, code]), [['client', 'OK'], ['call', 'OK']]);

    await fetch(`${emulator.url}/_emulator/credentials`);
    await visit(page, hash('journal', { action: '/_emulator/credentials' }));
    await page.getByRole('link', { name: '/_emulator/credentials' }).click();
    await page.getByRole('tab', { name: 'Again', exact: true }).click();
    await page.getByRole('link', { name: 'Edit in Call' }).click();
    // The request named no account.
    await valued(parameter(page, 'account'), '');
    await send(page);
    await emulator.reset();
  });

  test('is struck by a fault that its form adds, if faults are to be applied', async (page) => {
    const action = '/_emulator/credentials';
    await visit(page, hash('controls', { part: 'faults', fault_cloud: 'alibaba', fault_action: action }));
    const suggested = () => page.locator('datalist option').evaluateAll((options) => options.map(({ value }) => value));
    await eventually(async () => assert.ok((await suggested()).includes(action)));
    await page.getByLabel('Error code', { exact: true }).fill('ServerError');
    await page.getByLabel('HTTP status', { exact: true }).fill('500');
    await page.getByRole('button', { name: 'Add fault', exact: true }).click();
    await eventually(async () => assert.equal((await emulator.control('faults')).faults.length, 1));
    await open(page, { action });
    await send(page);
    await page.getByLabel('Apply faults').check();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await seen(page.getByRole('alert').getByText(/^The request failed with ServerError/));
    await valued(parameter(page, 'account'), ACCOUNT);
    await emulator.reset();
  });

  test('has Chinese texts on the Chinese page', async (page) => {
    await visit(page, hash('call', { action: TOKEN }));
    await seen(page.getByRole('list', { name: '临时密钥来源' }));
    await seen(page.getByText('创建用于其他请求的令牌。'));
    await seen(page.getByText('此路径的错误码：3 个'));
  }, { locale: 'zh-CN' });
});
