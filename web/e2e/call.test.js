// Calls: the form of each operation, the request and its signature, the response, and the code for other clients.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { promisify } from 'node:util';

import { addressed, eventually, focused, hash, plain, seen, settled, suite, tableTexts, texts, valued, visit } from './support.js';

const CLOUDS = ['alibaba', 'tencent'];
const TYPES = { boolean: 'boolean', integer: 'integer', text: 'string', json: 'JSON', list: 'list', object_list: 'JSON array', tag_list: 'tags', tag_filter_list: 'tag filters' };

const number = (count) => count.toLocaleString('en');
const unquoted = (sentence) => plain(sentence.replaceAll('`', ''));
const parameter = (page, name) => page.getByLabel(new RegExp(`^${name} `));
const pane = (page, name) => page.getByRole('tablist', { name: 'Result' }).getByRole('tab', { name, exact: true }).click();
const text = async (page, name) => (await page.getByRole('region', { name }).textContent()) ?? '';

/** Opens the form of an operation with values in the address. */
async function open(page, values) {
  const { parameters, ...others } = values;
  await visit(page, hash('call', { ...others, ...(parameters ? { parameters: JSON.stringify(parameters) } : {}) }));
  await seen(page.getByRole('tablist', { name: 'Result' }));
}

async function send(page, status = 200) {
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await seen(page.getByText(`HTTP ${status}`, { exact: true }));
  await settled(page);
}

/** The raw body of the response. */
async function responseText(page) {
  const raw = page.getByRole('button', { name: 'Raw' });
  if (await raw.isVisible()) await raw.click();
  return text(page, 'Body');
}

/** A response body without request ids, which differ. */
function comparable(body) {
  return body.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID');
}

/** The output of a shell command. */
async function shell(line) {
  const { stdout } = await promisify(execFile)('bash', ['-c', line]);
  return stdout;
}

/** The response body that a browser receives for a URL. */
async function browse(page, url) {
  const other = await page.context().newPage();
  const reply = await other.goto(url);
  const body = await reply.text();
  await other.close();
  return body;
}

async function codeOf(page, way, region) {
  await pane(page, 'Code');
  await page.getByRole('tablist', { name: 'Code' }).getByRole('tab', { name: way, exact: true }).click();
  return text(page, region ?? way);
}

suite('The form of an operation', ({ emulator, test }) => {
  for (const cloud of CLOUDS) {
    test(`shows each parameter with its bounds for every operation of ${cloud}`, async (page) => {
      const { operations } = await emulator.control(`operations?cloud=${cloud}`);
      await visit(page, `#/call?cloud=${cloud}`);
      await texts(page.getByRole('navigation', { name: 'Operations' }).getByRole('link'), operations.map(({ action }) => action));
      for (const { action, summary, page: vendor, parameters } of operations) {
        await page.getByRole('link', { name: action, exact: true }).click();
        await seen(page.getByRole('heading', { level: 2, name: action, exact: true }));
        assert.equal(await page.getByRole('link', { name: 'Vendor documentation' }).getAttribute('href'), vendor);
        await seen(page.getByText(unquoted(summary)));
        const shown = await page.locator('form.call-form .fields').first().locator(':scope > *').evaluateAll((fields) =>
          fields.map((field) => {
            const control = field.querySelector('input, select, textarea');
            const described = (field.getAttribute('aria-describedby') ?? control?.getAttribute('aria-describedby') ?? '').split(' ');
            return {
              label: field.querySelector('label, legend').textContent.replace(/\s+/g, ' ').trim(),
              help: described.map((id) => document.getElementById(id)?.textContent ?? '').join(' '),
              min: control?.getAttribute('min'),
              max: control?.getAttribute('max'),
            };
          }));
        if (parameters.length === 0) {
          await seen(page.getByText('This operation has no parameters.'));
          continue;
        }
        assert.deepEqual(shown.map(({ label }) => label), parameters.map(({ name, type, required }) => `${name} ${TYPES[type]}${required ? ' (required)' : ''}`), action);
        parameters.forEach(({ name, type, help, rule, minimum, maximum, max_items: most, default: preset }, index) => {
          const field = shown[index];
          const said = [help, rule];
          if (minimum !== undefined && maximum !== undefined) said.push(`From ${number(minimum)} to ${number(maximum)}.`);
          if (most !== undefined) said.push(`At most ${number(most)}.`);
          if (preset !== undefined) said.push(`Default: ${preset}.`);
          for (const sentence of said.filter(Boolean)) {
            assert.ok(plain(field.help).includes(unquoted(sentence)), `${action}, ${name}: “${sentence}” is missing in “${field.help}”`);
          }
          if (type === 'integer') assert.deepEqual([field.min, field.max], [minimum, maximum].map((bound) => (bound === undefined ? null : String(bound))), `${action}, ${name}`);
        });
      }
    });
  }

  test('is found by words and by arrow keys', async (page) => {
    await visit(page, '#/call');
    const operations = page.getByRole('navigation', { name: 'Operations' });
    await page.getByLabel('Filter operations').fill('secret version');
    const found = await operations.getByRole('link').allInnerTexts();
    assert.ok(found.includes('ListSecretVersionIds') && !found.includes('GetRandomPassword'));
    await page.keyboard.press('ArrowDown');
    await focused(operations.getByRole('link').first());
    await page.keyboard.press('Enter');
    await addressed(page, 'call', { action: found[0] });
    await page.getByLabel('Filter operations').fill('no such thing');
    await seen(page.getByText('No operation contains these words.'));
  });

  test('shows hints for invalid values, and sends them', async (page) => {
    await open(page, { action: 'ListSecrets' });
    await parameter(page, 'PageSize').fill('101');
    await seen(page.getByText('Expected at most 100.'));
    await parameter(page, 'PageNumber').fill('0');
    await seen(page.getByText('Expected at least 1.'));
    await parameter(page, 'Filters').fill('[');
    await seen(page.getByText('Expected JSON.'));
    await parameter(page, 'Filters').fill('');
    await send(page, 400);
    await seen(page.getByRole('alert').getByText(/^The request failed with InvalidParameter: /));
  });

  test('marks required parameters, and lets them be left out', async (page) => {
    await open(page, { action: 'DescribeSecret' });
    await send(page, 400);
    await seen(page.getByText('Required. Leave it out to see the error.'));
    await seen(page.getByRole('alert').getByText(/^The request failed with MissingParameter/));
  });

  test('sends lists, tags, filters and other parameters', async (page) => {
    await open(page, { action: 'ListSecrets' });
    await page.getByText('Build from keys and values').click();
    await page.getByRole('button', { name: 'Add a filter' }).click();
    await page.getByRole('group', { name: 'Filter 1' }).getByLabel('Key').selectOption('TagKey');
    await page.getByLabel('Value 1', { exact: true }).fill('team');
    await valued(parameter(page, 'Filters'), '[{"Key":"TagKey","Values":["team"]}]');
    await page.getByText('Other parameters').click();
    await page.getByLabel('As a JSON object').fill('{"PageSize":"2","Colour":"red"}');
    await send(page);
    const { SecretList, TotalCount } = JSON.parse(await responseText(page));
    assert.deepEqual([SecretList.Secret.length, TotalCount], [2, 3]);
    const { requests } = await emulator.control('journal?action=ListSecrets&source=call&limit=1');
    // The parameter is unknown, so its value could be secret.
    assert.deepEqual(requests[0].parameters, { Filters: '[{"Key":"TagKey","Values":["team"]}]', PageSize: '2', '***': '***' });

    await open(page, { cloud: 'tencent', action: 'ListSecrets' });
    await page.getByRole('group', { name: /^TagFilters/ }).getByRole('button', { name: 'Add a filter' }).click();
    await page.getByRole('group', { name: 'Filter 1' }).getByLabel('Key').fill('env');
    await page.getByLabel('Value 1', { exact: true }).fill('staging');
    await send(page);
    assert.deepEqual(JSON.parse(await responseText(page)).Response.SecretMetadatas.map(({ SecretName }) => SecretName), ['shop-db-readonly']);
  });
});

suite('A call', ({ emulator, test }) => {
  test('shows the request, and the response with status and headers', async (page) => {
    await open(page, { action: 'ListSecrets', parameters: { PageSize: 2 } });
    await pane(page, 'Request');
    const request = await text(page, 'HTTP request');
    assert.match(request, /^POST \/\S* HTTP\/1\.1\n/);
    assert.match(request, /\nx-acs-action: ListSecrets\n/i);
    assert.match(request, /PageSize=2/);
    await send(page);
    const { requests } = await emulator.control('journal?source=call&limit=1');
    const { reply } = await emulator.control(`journal/${requests[0].request_id}`);
    assert.equal(await responseText(page), reply.body);
    for (const [name, value] of reply.headers) assert.ok((await text(page, 'Headers')).includes(`${name}: ${value}`), name);
    await page.getByRole('link', { name: 'Show the request in the journal' }).click();
    await addressed(page, 'journal', { request: requests[0].request_id });
  });

  test('gets a response in XML if selected', async (page) => {
    await open(page, { action: 'DescribeSecret', parameters: { SecretName: 'shop/db/password' } });
    await page.getByLabel('Response format').selectOption('XML');
    await send(page);
    assert.match(await text(page, 'Body'), /^<\?xml[^\n]*\n<KMS>\n +<RequestId>/);
    assert.match(await text(page, 'Headers'), /content-type: text\/xml/i);
    await addressed(page, 'call', { action: 'DescribeSecret', parameters: '{"SecretName":"shop/db/password"}', format: 'XML' });
  });

  test('uses the region and account of the header', async (page) => {
    await open(page, { action: 'ListSecrets', region: 'cn-beijing' });
    assert.equal(JSON.parse(await browse(page, await codeOf(page, 'Browser URL'))).TotalCount, 0);
    await send(page);
    assert.equal(JSON.parse(await responseText(page)).TotalCount, 0);
    const { requests } = await emulator.control('journal?action=ListSecrets&region=cn-beijing&source=any');
    assert.equal(requests.length, 2);
  });

  test('shows the latency and the truncation of a fault', async (page) => {
    await emulator.control('faults', { body: { match: { action: 'ListSecrets' }, latency: '3s', truncate: 10, times: 1 } });
    await open(page, { action: 'ListSecrets' });
    await send(page);
    assert.equal(JSON.parse(await responseText(page)).PageNumber, 1);
    const [{ seen: matched }] = (await emulator.control('faults')).faults;
    assert.equal(matched, 0, 'the page does not use up a fault');
    await page.getByLabel('Apply faults').check();
    await send(page);
    await addressed(page, 'call', { action: 'ListSecrets', faults: 'yes' });
    await seen(page.getByText(/A fault adds a latency of/));
    await seen(page.getByText('A fault truncates the body: clients receive only the first bytes. Bytes: 10'));
    await emulator.reset();
  });

  test('can be copied as URL, as curl and as a program for each SDK', async (page) => {
    for (const [cloud, client] of [['alibaba', /alibaba|alicloud|aliyun/i], ['tencent', /tencent|tccli/i]]) {
      await open(page, { cloud, action: 'ListSecrets' });
      const { code } = await emulator.control('call', { body: { cloud, action: 'ListSecrets', send: false } });
      await pane(page, 'Code');
      const ways = page.getByRole('tablist', { name: 'Code' }).getByRole('tab');
      assert.equal(await ways.count(), 2 + code.length, cloud);
      for (const [index, program] of code.entries()) {
        await ways.nth(2 + index).click();
        const block = page.getByRole('region').filter({ hasText: program.text.split('\n')[0] }).last();
        await eventually(async () => assert.equal(await block.textContent(), program.text));
        assert.match(`${program.install}\n${program.text}`, client, program.sdk);
      }
      const curl = await codeOf(page, 'curl');
      await page.getByRole('button', { name: 'Copy: curl' }).click();
      await eventually(async () => assert.equal(await page.evaluate(() => navigator.clipboard.readText()), curl));
      await addressed(page, 'call', { cloud, action: 'ListSecrets', pane: 'code', code: 'curl' });
    }
  });
});

/** The expected signature of a string to sign with the secret `test`. */
function signatureOf(method, string) {
  const hmac = (hash, key, data, encoding) => createHmac(hash, key).update(data).digest(encoding);
  switch (method) {
    case 'alibaba ACS3-HMAC-SHA256':
      return hmac('sha256', 'test', string, 'hex');
    case 'alibaba ACS3-HMAC-SM3':
      return hmac('sm3', 'test', string, 'hex');
    case 'alibaba HMAC-SHA1':
      return hmac('sha1', 'test&', string, 'base64');
    case 'alibaba HMAC-SHA256':
      return hmac('sha256', 'test&', string, 'base64');
    case 'tencent TC3-HMAC-SHA256': {
      const [date, service, end] = string.split('\n')[2].split('/');
      return hmac('sha256', hmac('sha256', hmac('sha256', hmac('sha256', 'TC3test', date), service), end), string, 'hex');
    }
    case 'tencent HmacSHA1':
      return hmac('sha1', 'test', string, 'base64');
    case 'tencent HmacSHA256':
      return hmac('sha256', 'test', string, 'base64');
    default:
      // The key of this method is derived. The test relies on the server, which checks signatures.
      return null;
  }
}

const PARAMETERS = { alibaba: { PageSize: 2, Filters: JSON.stringify([{ Key: 'Description', Values: ['Client certificate, PKCS#12', '~*\'()!+%&=?/ "é中'] }]) }, tencent: { Limit: 2, SearchSecretName: 'shop' } };

suite('Every signature method', ({ emulator, test }) => {
  for (const cloud of CLOUDS) {
    test(`is shown step by step and is valid: as curl, as URL and as sent, for each HTTP method, on ${cloud}`, async (page) => {
      const { clouds } = await emulator.control('settings');
      const { signatures, methods } = clouds.find((each) => each.cloud === cloud);
      const signed = signatures.filter((name) => name !== 'none');
      assert.ok(signed.length >= 3, String(signed));
      for (const signature of signed) {
        for (const method of methods) {
          const what = `${cloud} ${signature}`;
          await open(page, { cloud, action: 'ListSecrets', parameters: PARAMETERS[cloud], signature, method });
          await pane(page, 'Signing');
          const labels = page.getByRole('listitem').getByRole('region');
          const steps = Object.fromEntries(await labels.evaluateAll((regions) =>
            regions.map((region) => [region.getAttribute('aria-label').replace(/^\d+\. /, '').toLowerCase().replace(/[- ]/g, '_'), region.textContent])));
          const { string_to_sign: string, signature: made } = steps;
          assert.ok(string && made, `${what}: ${Object.keys(steps)}`);
          const expected = signatureOf(what, string);
          if (expected) assert.equal(made, expected, what);
          const canonical = steps.canonicalized_request ?? steps.canonical_request_string;
          const hash = signature.endsWith('SM3') ? 'sm3' : 'sha256';
          if (canonical) assert.ok(string.endsWith(createHash(hash).update(canonical).digest('hex')), `${what}: the hash of the canonical request`);
          await pane(page, 'Request');
          const request = decodeURIComponent((await text(page, 'HTTP request')).replaceAll('+', '%2B').replace(/%(?![0-9A-Fa-f]{2})/g, '%25'));
          assert.ok(request.includes(made), `${what} ${method}: the signature is in the request`);

          const byCurl = await shell(await codeOf(page, 'curl'));
          await send(page).catch(async (error) => {
            throw new Error(`${what} ${method}: ${await page.locator('.call-result').innerText()}`, { cause: error });
          });
          const bySending = await responseText(page);
          assert.equal(comparable(byCurl), comparable(bySending), `${what} ${method}`);
          const { requests } = await emulator.control('journal?source=any&limit=2');
          assert.deepEqual(requests.map(({ action, verdict, code }) => [action, verdict, code]), Array(2).fill(['ListSecrets', 'valid', 'OK']), `${what} ${method}`);
        }
      }
      await open(page, { cloud, action: 'ListSecrets', parameters: PARAMETERS[cloud] });
      const byBrowser = await browse(page, await codeOf(page, 'Browser URL'));
      await send(page);
      assert.equal(comparable(byBrowser), comparable(await responseText(page)));
      const { requests } = await emulator.control('journal?action=ListSecrets&source=any&limit=2');
      assert.deepEqual(requests.map(({ verdict }) => verdict), ['valid', 'valid']);
    });
  }

  test('is valid with XML, as curl and as URL', async (page) => {
    await open(page, { action: 'ListSecrets', format: 'XML', parameters: { PageSize: 1 } });
    const byCurl = await shell(await codeOf(page, 'curl'));
    // A request can be sent only once.
    await page.getByRole('button', { name: 'Preview' }).click();
    await settled(page);
    const byBrowser = await browse(page, await codeOf(page, 'Browser URL'));
    await send(page);
    const bySending = comparable(await responseText(page));
    assert.match(bySending, /^<\?xml/);
    assert.equal(comparable(byCurl), bySending);
    assert.equal(comparable(byBrowser), bySending);
  });

  test('is required in strict mode: an unsigned request fails', async (page) => {
    await open(page, { action: 'ListSecrets', signature: 'none' });
    await pane(page, 'Signing');
    await seen(page.getByText('The request is not signed.'));
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await seen(page.getByRole('alert').getByText(/^The request failed with /));
    await page.getByRole('link', { name: 'Show the request in the journal' }).click();
    const entry = page.getByRole('region', { name: 'Request', exact: true });
    await seen(entry.getByText('unsigned', { exact: true }).or(entry.getByText('rejected', { exact: true })));
    assert.equal((await tableTexts(page, 'Parameters')).rows.length, 0);
  });
}, { args: ['--auth', 'strict'] });
