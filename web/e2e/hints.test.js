// The hints of the emulator: English in the header, and in the language of the page on the page.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { errors } from '../src/i18n/zh/errors.js';
import { hints } from '../src/i18n/zh/hints.js';
import { mistakes } from '../src/i18n/zh/mistakes.js';
import { Emulator, eventually, hash, plain, seen, settled, suite, visit } from './support.js';

describe('The hints of the emulator', () => {
  const emulator = new Emulator({ fixtures: [] });
  let schemas;
  before(async () => {
    await emulator.start();
    ({ schemas } = (await emulator.control('openapi.json')).components);
  });
  after(() => emulator.stop());

  /** The names of the arguments of each hint. */
  const described = () =>
    Object.fromEntries(
      schemas.Hint.oneOf.map(({ properties }) => [properties.code.const, Object.keys(properties.arguments?.properties ?? {}).sort()]),
    );

  it('have Chinese sentences with the same arguments', () => {
    const { signature, ...others } = described();
    assert.deepEqual(signature, ['mistake']);
    const used = Object.entries(hints).map(([code, text]) => [code, [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort()]);
    assert.ok(used.length > 10);
    assert.deepEqual(Object.fromEntries(used), others);
  });

  it('are accompanied by Chinese sentences for all errors of the control API', () => {
    const codes = schemas.ErrorCode.enum ?? schemas.ErrorCode.oneOf.map((each) => each.const);
    assert.ok(codes.length > 10);
    assert.deepEqual(Object.keys(errors).sort(), [...codes].sort());
  });

  it('about signatures have Chinese sentences', () => {
    const codes = schemas.Mistake.enum ?? schemas.Mistake.oneOf.map((each) => each.const);
    assert.ok(codes.length > 10);
    assert.deepEqual(codes.filter((code) => !mistakes[code]), []);
  });
});

suite('A hint on the page', ({ emulator, test }) => {
  const ELSEWHERE = { SecretName: 'shop/db/password', Colour: 'red', secretName: 'x' };

  /** The header of a call, and the address of the same call. */
  const call = async (action, parameters, region) => {
    const { reply } = await emulator.control('call', { body: { cloud: 'alibaba', region, action, parameters } });
    const [, header] = reply.headers.find(([name]) => name === 'x-emulator-hint');
    return { header, hints: reply.hints };
  };

  for (const locale of ['en', 'zh-CN']) {
    test(`is in the language of the page, ${locale}`, async (page) => {
      const { header, hints } = await call('DescribeSecret', ELSEWHERE, 'ap-southeast-1');
      assert.match(header, /^secret `shop\/db\/password` exists in region cn-hangzhou; requested in account \d+, region ap-southeast-1; not a parameter here: `secretName`: /);
      assert.deepEqual(hints.map(({ code }) => code), ['secret_in_other_region', 'parameter_similar']);
      await visit(page, hash('call', { action: 'DescribeSecret', region: 'ap-southeast-1', parameters: JSON.stringify({ SecretName: ELSEWHERE.SecretName }) }));
      await page.getByRole('button', { name: locale === 'en' ? 'Send' : '发送', exact: true }).click();
      const text = locale === 'en' ? 'Hint of the emulator: secret shop/db/password exists in region cn-hangzhou' : '模拟器提示：凭据 shop/db/password 位于地域 cn-hangzhou；请求的是账号';
      await seen(page.getByText(text));
      // The page of the secret, and the journal.
      await visit(page, hash('secret', { name: ELSEWHERE.SecretName, region: 'ap-southeast-1' }));
      await seen(page.getByRole('alert').getByText(text));
      await page.getByRole('link', { name: locale === 'en' ? 'Show the request in the journal' : '在请求日志中查看此请求' }).click();
      await settled(page);
      await page.getByRole('tab', { name: locale === 'en' ? 'Response' : '响应' }).click();
      await seen(page.getByText(text));
      if (locale === 'zh-CN') assert.ok(!plain(await page.locator('.message.info').innerText()).includes('exists'));
    }, { locale });
  }

  test('translates mistakes in signatures, ignored parameters and rules of filters', async (page) => {
    const id = await signWrongly(emulator.url);
    await visit(page, hash('journal', { request: id, tab: 'reply' }));
    await seen(page.getByText('模拟器提示：AccessKey Secret 很可能不正确'));
    await emulator.send('alibaba', 'ListSecrets', { MaxResults: 1, Colour: 'red', Filters: '[{"Key":"SecretName","Value":["x"]}]' });
    const { requests: [ignored] } = await emulator.control('journal?limit=1');
    await visit(page, hash('journal', { request: ignored.request_id, tab: 'reply' }));
    await eventually(async () => {
      const shown = plain(await page.locator('.message.info').innerText());
      for (const part of ['ListSecrets 没有参数 MaxResults，应为 PageSize', 'Filters 中的 Value 不起作用，应为 Values']) assert.ok(shown.includes(part), shown);
    });
    await emulator.send('alibaba', 'ListSecrets', { Filters: '[{"Key":"SecretName","Values":["a b"]}]' });
    const { requests: [rejected] } = await emulator.control('journal?limit=1');
    await visit(page, hash('journal', { request: rejected.request_id, tab: 'reply' }));
    await seen(page.getByText(/模拟器提示：a b 不是 SecretName 的有效值。规则：1 到 192 个/));
    // The search finds the sentences in the language of the page.
    for (const [text, found] of [['没有参数', ignored], ['不是 的有效值', rejected], ['很可能不正确', { request_id: id }]]) {
      await visit(page, hash('journal', { text }));
      await eventually(async () => assert.deepEqual(await page.locator('.request-row').evaluateAll((rows) => rows.map(({ dataset }) => dataset.id)), [found.request_id], text));
    }
  }, { locale: 'zh-CN' });
});

/** Sends a request with a wrong signature, and returns its id. */
async function signWrongly(url) {
  const now = new Date().toISOString().replace(/\.\d+/, '');
  const query = `Action=ListSecrets&Version=2016-01-20&AccessKeyId=test&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&SignatureNonce=1&Timestamp=${encodeURIComponent(now)}&Signature=d3Jvbmc%3D`;
  const reply = await fetch(`${url}/?${query}`);
  return (await reply.json()).RequestId;
}
