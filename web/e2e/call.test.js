// Calls: the form of each operation, the request and how it is signed, the reply, and the same for elsewhere.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { promisify } from 'node:util';

import { addressed, eventually, focused, hash, plain, seen, settled, suite, tableTexts, texts, valued, visit } from './support.js';

const CLOUDS = ['alibaba', 'tencent'];
const TYPES = { boolean: 'boolean', integer: 'integer', text: 'text', json: 'JSON', list: 'list', tag_list: 'tags', tag_filter_list: 'tag filters' };

const number = (count) => count.toLocaleString('en');
const unquoted = (sentence) => plain(sentence.replaceAll('`', ''));
const parameter = (page, name) => page.getByLabel(new RegExp(`^${name} `));
const pane = (page, name) => page.getByRole('tablist', { name: 'The call' }).getByRole('tab', { name, exact: true }).click();
const text = async (page, name) => (await page.getByRole('region', { name }).textContent()) ?? '';

/** Shows the form of an operation, with what the address says of it. */
async function open(page, values) {
  const { parameters, ...others } = values;
  await visit(page, hash('call', { ...others, ...(parameters ? { parameters: JSON.stringify(parameters) } : {}) }));
  await seen(page.getByRole('tablist', { name: 'The call' }));
}

async function send(page, status = 200) {
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await seen(page.getByText(`HTTP ${status}`, { exact: true }));
  await settled(page);
}

/** The reply of one page, as it was sent. */
async function replyText(page) {
  const raw = page.getByRole('button', { name: 'As it was sent' });
  if (await raw.isVisible()) await raw.click();
  return text(page, 'Body');
}

/** A reply without what differs from one to the next. */
function comparable(body) {
  return body.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID');
}

/** What a shell makes of a line. */
async function shell(line) {
  const { stdout } = await promisify(execFile)('bash', ['-c', line]);
  return stdout;
}

/** What a browser shows of an address. */
async function browse(page, address) {
  const other = await page.context().newPage();
  const reply = await other.goto(address);
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
    test(`shows each parameter that is described, with its bounds, for every operation of ${cloud}`, async (page) => {
      const { operations } = await emulator.control(`operations?cloud=${cloud}`);
      await visit(page, `#/call?cloud=${cloud}`);
      await texts(page.getByRole('navigation', { name: 'Operations' }).getByRole('link'), operations.map(({ action }) => action));
      for (const { action, summary, page: vendor, parameters } of operations) {
        await page.getByRole('link', { name: action, exact: true }).click();
        await seen(page.getByRole('heading', { level: 2, name: action, exact: true }));
        assert.equal(await page.getByRole('link', { name: 'The vendor’s page' }).getAttribute('href'), vendor);
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
          await seen(page.getByText('This operation takes no parameters.'));
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
            assert.ok(plain(field.help).includes(unquoted(sentence)), `${action}, ${name}: “${sentence}” is not in “${field.help}”`);
          }
          if (type === 'integer') assert.deepEqual([field.min, field.max], [minimum, maximum].map((bound) => (bound === undefined ? null : String(bound))), `${action}, ${name}`);
        });
      }
    });
  }

  test('is found by words, and by the arrow keys', async (page) => {
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
    await seen(page.getByText('No operation has these words.'));
  });

  test('says where a value is out of its bounds, and sends it all the same', async (page) => {
    await open(page, { action: 'ListSecrets' });
    await parameter(page, 'PageSize').fill('101');
    await seen(page.getByText('This should be 100 or less.'));
    await parameter(page, 'PageNumber').fill('0');
    await seen(page.getByText('This should be 1 or more.'));
    await parameter(page, 'Filters').fill('[');
    await seen(page.getByText('This should be JSON.'));
    await parameter(page, 'Filters').fill('');
    await send(page, 400);
    await seen(page.getByRole('alert').getByText(/^The request was refused with InvalidParameter: /));
  });

  test('says which parameter is required, and lets it be left out', async (page) => {
    await open(page, { action: 'DescribeSecret' });
    await send(page, 400);
    await seen(page.getByText('This parameter is required. It can be left out to see what is answered.'));
    await seen(page.getByRole('alert').getByText(/^The request was refused with MissingParameter/));
  });

  test('takes lists, tags, filters and whatever no field can send', async (page) => {
    await open(page, { action: 'ListSecrets' });
    await page.getByText('Put together from keys and values').click();
    await page.getByRole('button', { name: 'Add a filter' }).click();
    await page.getByRole('group', { name: 'Filter 1' }).getByLabel('Key').selectOption('TagKey');
    await page.getByLabel('Value 1', { exact: true }).fill('team');
    await valued(parameter(page, 'Filters'), '[{"Key":"TagKey","Values":["team"]}]');
    await page.getByText('Other parameters').click();
    await page.getByLabel('As a JSON object').fill('{"PageSize":"2","Colour":"red"}');
    await send(page);
    const { SecretList, TotalCount } = JSON.parse(await replyText(page));
    assert.deepEqual([SecretList.Secret.length, TotalCount], [2, 3]);
    const { requests } = await emulator.control('journal?action=ListSecrets&limit=1');
    // The journal knows nothing of this parameter, so that its value might be secret.
    assert.deepEqual(requests[0].parameters, { Filters: '[{"Key":"TagKey","Values":["team"]}]', PageSize: '2', '***': '***' });

    await open(page, { cloud: 'tencent', action: 'ListSecrets' });
    await page.getByRole('group', { name: /^TagFilters/ }).getByRole('button', { name: 'Add a filter' }).click();
    await page.getByRole('group', { name: 'Filter 1' }).getByLabel('Key').fill('env');
    await page.getByLabel('Value 1', { exact: true }).fill('staging');
    await send(page);
    assert.deepEqual(JSON.parse(await replyText(page)).Response.SecretMetadatas.map(({ SecretName }) => SecretName), ['shop-db-readonly']);
  });
});

suite('A call', ({ emulator, test }) => {
  test('shows the request as it is sent, and the reply with status and headers', async (page) => {
    await open(page, { action: 'ListSecrets', parameters: { PageSize: 2 } });
    await pane(page, 'Request');
    const request = await text(page, 'Request as it is sent');
    assert.match(request, /^POST \/\S* HTTP\/1\.1\n/);
    assert.match(request, /\nx-acs-action: ListSecrets\n/i);
    assert.match(request, /PageSize=2/);
    await send(page);
    const { requests } = await emulator.control('journal?limit=1');
    const { reply } = await emulator.control(`journal/${requests[0].request_id}`);
    assert.equal(await replyText(page), reply.body);
    for (const [name, value] of reply.headers) assert.ok((await text(page, 'Headers')).includes(`${name}: ${value}`), name);
    await page.getByRole('link', { name: 'See the request in the journal' }).click();
    await addressed(page, 'journal', { request: requests[0].request_id });
  });

  test('is answered in XML where that is chosen', async (page) => {
    await open(page, { action: 'DescribeSecret', parameters: { SecretName: 'shop/db/password' } });
    await page.getByLabel('Format of the reply').selectOption('XML');
    await send(page);
    assert.match(await text(page, 'Body'), /^<\?xml[^\n]*\n<KMS>\n +<RequestId>/);
    assert.match(await text(page, 'Headers'), /content-type: text\/xml/i);
    await addressed(page, 'call', { action: 'DescribeSecret', parameters: '{"SecretName":"shop/db/password"}', format: 'XML' });
  });

  test('is for the region and account of the header', async (page) => {
    await open(page, { action: 'ListSecrets', region: 'cn-beijing' });
    assert.equal(JSON.parse(await browse(page, await codeOf(page, 'Browser address'))).TotalCount, 0);
    await send(page);
    assert.equal(JSON.parse(await replyText(page)).TotalCount, 0);
    const { requests } = await emulator.control('journal?action=ListSecrets&region=cn-beijing');
    assert.equal(requests.length, 2);
  });

  test('tells of the latency and the cut of a fault', async (page) => {
    await emulator.control('faults', { body: { match: { action: 'ListSecrets' }, latency: '3s', truncate: 10, times: 1 } });
    await open(page, { action: 'ListSecrets' });
    await send(page);
    await seen(page.getByText(/By the latency of a fault, a client would have waited another/));
    await seen(page.getByText('A fault breaks the body off: a client gets its first bytes only. Bytes: 10'));
    await emulator.reset();
  });

  test('can be copied as an address, as curl and as programs for each SDK', async (page) => {
    for (const [cloud, client] of [['alibaba', /alibaba|aliyun/i], ['tencent', /tencent|tccli/i]]) {
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

/** What the signature of a string has to be with the secret `test`, hashed and encoded as the method has it. */
function signatureOf(method, string) {
  const hmac = (hash, key, data, encoding) => createHmac(hash, key).update(data).digest(encoding);
  switch (method) {
    case 'alibaba ACS3-HMAC-SHA256':
      return hmac('sha256', 'test', string, 'hex');
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
      // Its key is derived; the server, which is strict, is the judge.
      return null;
  }
}

const PARAMETERS = { alibaba: { PageSize: 2, Filters: JSON.stringify([{ Key: 'Description', Values: ['Client certificate, PKCS#12', '~*\'()!+%&=?/ "é中'] }]) }, tencent: { Limit: 2, SearchSecretName: 'shop' } };

suite('Every way to sign', ({ emulator, test }) => {
  for (const cloud of CLOUDS) {
    test(`is shown step by step and is valid, as curl, as an address and as sent, by either method, on ${cloud}`, async (page) => {
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
          if (canonical) assert.ok(string.endsWith(createHash('sha256').update(canonical).digest('hex')), `${what}: the hash of the canonical request`);
          await pane(page, 'Request');
          const request = decodeURIComponent((await text(page, 'Request as it is sent')).replaceAll('+', '%2B').replace(/%(?![0-9A-Fa-f]{2})/g, '%25'));
          assert.ok(request.includes(made), `${what} ${method}: the signature is in the request`);

          const byCurl = await shell(await codeOf(page, 'curl'));
          await send(page).catch(async (error) => {
            throw new Error(`${what} ${method}: ${await page.locator('.call-result').innerText()}`, { cause: error });
          });
          const bySending = await replyText(page);
          assert.equal(comparable(byCurl), comparable(bySending), `${what} ${method}`);
          const { requests } = await emulator.control('journal?limit=2');
          assert.deepEqual(requests.map(({ action, verdict, code }) => [action, verdict, code]), Array(2).fill(['ListSecrets', 'valid', 'OK']), `${what} ${method}`);
        }
      }
      await open(page, { cloud, action: 'ListSecrets', parameters: PARAMETERS[cloud] });
      const byBrowser = await browse(page, await codeOf(page, 'Browser address'));
      await send(page);
      assert.equal(comparable(byBrowser), comparable(await replyText(page)));
      const { requests } = await emulator.control('journal?action=ListSecrets&limit=2');
      assert.deepEqual(requests.map(({ verdict }) => verdict), ['valid', 'valid']);
    });
  }

  test('is valid in XML too, as curl and as an address', async (page) => {
    await open(page, { action: 'ListSecrets', format: 'XML', parameters: { PageSize: 1 } });
    const byCurl = await shell(await codeOf(page, 'curl'));
    // Each request may be made once.
    await page.getByRole('button', { name: 'Preview' }).click();
    await settled(page);
    const byBrowser = await browse(page, await codeOf(page, 'Browser address'));
    await send(page);
    const bySending = comparable(await replyText(page));
    assert.match(bySending, /^<\?xml/);
    assert.equal(comparable(byCurl), bySending);
    assert.equal(comparable(byBrowser), bySending);
  });

  test('is refused where there is none, and says so', async (page) => {
    await open(page, { action: 'ListSecrets', signature: 'none' });
    await pane(page, 'Signing');
    await seen(page.getByText('This request is not signed.'));
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await seen(page.getByRole('alert').getByText(/^The request was refused with /));
    await page.getByRole('link', { name: 'See the request in the journal' }).click();
    await seen(page.getByText('unsigned', { exact: true }).or(page.getByText('refused', { exact: true })));
    assert.equal((await tableTexts(page, 'Parameters')).rows.length, 0);
  });
}, { args: ['--auth', 'strict'] });
