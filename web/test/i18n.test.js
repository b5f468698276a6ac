import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';

import { en } from '../src/i18n/en/index.js';
import { duration, number, utc } from '../src/i18n/format.js';
import { controlSentence, diagnosisText, hintSentence, joined, preferredLanguage, richText, t, translated } from '../src/i18n/index.js';
import { mistakes } from '../src/i18n/zh/mistakes.js';
import { sentences } from '../src/i18n/zh/operations.js';
import { zh } from '../src/i18n/zh/index.js';
import { useLanguage } from './support.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('The language', () => {
  it('is the one chosen before', () => {
    assert.equal(preferredLanguage('zh-CN', ['en-US']), 'zh-CN');
    assert.equal(preferredLanguage('en', ['zh-CN']), 'en');
  });

  it('is otherwise the first of the browser’s languages that the page has', () => {
    assert.equal(preferredLanguage(null, ['fr-FR', 'zh-TW', 'en-US']), 'zh-CN');
    assert.equal(preferredLanguage(null, ['de', 'en-GB', 'zh']), 'en');
  });

  it('is English if the browser has no known language, or the stored one is unknown', () => {
    assert.equal(preferredLanguage(null, ['fr', 'zha']), 'en');
    assert.equal(preferredLanguage(null, []), 'en');
    assert.equal(preferredLanguage('fr', []), 'en');
  });
});

describe('Texts', () => {
  before(() => useLanguage('en'));

  it('have their placeholders replaced', () => {
    assert.equal(t('secrets_range', { first: 1, last: 20, total: '1,000' }), 'Secrets 1 to 20 of 1,000');
  });

  it('keep placeholders without a value visible', () => {
    assert.equal(t('secrets_total'), 'Secrets: {total}');
  });

  it('insert values unchanged, even if they look like placeholders or replacement patterns', () => {
    assert.equal(t('error_control', { code: '{text}', text: '$& $1 {code}' }), 'The server returned {text}: $& $1 {code}');
  });

  it('can have elements as values', () => {
    const element = { code: 'DescribeSecret' };
    const parts = richText('error_cloud', { action: element, code: 'X', text: 'y' });
    assert.deepEqual(parts.filter((part) => part !== ''), [element, ' failed with ', 'X', ': ', 'y']);
  });

  it('are Chinese after the language has changed, and English again afterwards', async () => {
    await useLanguage('zh-CN');
    assert.equal(t('nav_secrets'), '凭据');
    assert.equal(t('cloud_alibaba'), '阿里云 KMS');
    assert.equal(t('fault_is_every', { number: 3 }), '每 3 次触发');
    assert.equal(joined(['一。', '二。']), '一。二。');
    await useLanguage('en');
    assert.equal(t('nav_secrets'), 'Secrets');
    assert.equal(joined(['One.', 'Two.']), 'One. Two.');
  });

  it('of the server are translated if they are known, and unchanged otherwise', async () => {
    await useLanguage('zh-CN');
    const [[english, chinese]] = Object.entries(sentences);
    assert.equal(translated(english), chinese);
    assert.equal(translated('A sentence of a later version.'), 'A sentence of a later version.');
    await useLanguage('en');
    assert.equal(translated(english), english);
  });

  it('about a signature have the names that the cloud uses for its keys', async () => {
    const mismatch = { mistake: 'secret_is_key_id', diagnosis: 'the English sentence', server: '', client: null, signed_host: null, first_difference: null };
    assert.equal(diagnosisText('tencent', mismatch), 'the English sentence');
    await useLanguage('zh-CN');
    assert.equal(diagnosisText('tencent', mismatch), '客户端用 SecretId 代替 SecretKey 进行签名');
    assert.equal(diagnosisText('alibaba', mismatch), '客户端用 AccessKey ID 代替 AccessKey Secret 进行签名');
    assert.equal(diagnosisText('alibaba', { ...mismatch, mistake: 'later' }), 'the English sentence');
    await useLanguage('en');
  });

  it('about a signature have the signed host and the first difference, in Chinese too', async () => {
    const mismatch = { mistake: 'other_host', diagnosis: 'the English sentence', server: 'GET\n0123456789kms.cn-hangzhou', client: 'GET\n0123456789localhost', signed_host: 'localhost', first_difference: 14 };
    await useLanguage('zh-CN');
    assert.equal(
      diagnosisText('alibaba', mismatch),
      '参与签名的主机与请求头 Host 不同：Host 在签名之后被修改（参与签名的主机是 "localhost"）；首个差异位于字符位置 14：客户端为 "T\\n0123456789localhost"，模拟器为 "T\\n0123456789kms.cn-hangz"',
    );
    await useLanguage('en');
  });
});

describe('Hints and errors of the emulator', () => {
  const hints = [
    { code: 'filter_value', arguments: { key: 'SecretType', value: 'x', rule: 'Enabled, Disabled, PendingDeletion, PendingImport' } },
    { code: 'secret_in_other_cloud', arguments: { secret: 's', cloud: 'tencent', account: '1', region: 'r', own_account: '2', own_region: 'q' } },
    { code: 'signature', arguments: { mistake: 'signature_empty' } },
    { code: 'no_endpoints' },
  ];

  it('are English on the English page, as clients get them', async () => {
    await useLanguage('en');
    assert.equal(hintSentence('alibaba', hints, 'the header'), 'the header');
    assert.equal(controlSentence({ code: 'TenantNotFound', message: 'there is no tenant' }), 'there is no tenant');
  });

  it('are Chinese on the Chinese page', async () => {
    await useLanguage('zh-CN');
    assert.equal(
      hintSentence('alibaba', hints, 'the header'),
      '`x` 不是 SecretType 的有效值。规则：Enabled、Disabled、PendingDeletion、PendingImport；凭据 `s` 位于腾讯云 SSM（账号 1、地域 r）；请求的是账号 2、地域 q；签名为空；模拟器只有 kms 和 sts 的接入点',
    );
    assert.equal(controlSentence({ code: 'TenantNotFound', message: 'there is no tenant' }), '没有此租户');
    assert.equal(controlSentence({ code: 'InvalidBody', message: 'expected a number' }), '请求体无效（expected a number）');
    await useLanguage('en');
  });

  it('of a later server stay English', async () => {
    await useLanguage('zh-CN');
    assert.equal(hintSentence('alibaba', [...hints, { code: 'later' }], 'the header'), 'the header');
    assert.equal(hintSentence('alibaba', [], 'the header'), 'the header');
    assert.equal(controlSentence({ code: 'Later', message: 'a text' }), 'a text');
    await useLanguage('en');
  });
});

describe('The Chinese texts', () => {
  const placeholders = (text) => (text.match(/\{\w+\}/g) ?? []).sort();

  it('exist for each English text, with the same placeholders', () => {
    assert.deepEqual(Object.keys(zh).sort(), Object.keys(en).sort());
    for (const [key, text] of Object.entries(en)) assert.deepEqual(placeholders(zh[key]), placeholders(text), key);
  });

  it('use the terms of the vendors’ consoles', () => {
    const others = { 应答: '响应', 标头: '响应头', 移除: '删除', 覆盖情况: '覆盖率', 访问密钥: 'AccessKey' };
    const all = { ...zh, ...sentences, ...mistakes };
    for (const [other, term] of Object.entries(others)) {
      assert.deepEqual(Object.keys(all).filter((key) => all[key].includes(other)), [], `${term}, not ${other}`);
    }
  });
});

describe('A number', () => {
  it('has a comma before each group of three digits', () => {
    const cases = { 0: '0', 999: '999', 1000: '1,000', 123456: '123,456', 1234567: '1,234,567' };
    for (const [count, text] of Object.entries(cases)) assert.equal(number(Number(count)), text);
  });
});

describe('A time', () => {
  it('is shown in UTC to the second', () => {
    assert.equal(utc(new Date('2024-03-04T23:15:30.999-02:00')), '2024-03-05 01:15:30');
  });
});

describe('A duration', () => {
  before(() => useLanguage('en'));

  for (const [milliseconds, text] of [
    [0, '0 sec'],
    [999, '0 sec'],
    [-5 * MINUTE, '0 sec'],
    [SECOND, '1 sec'],
    [59 * SECOND + 999, '59 sec'],
    [MINUTE, '1 min'],
    [MINUTE + SECOND, '1 min 1 sec'],
    [HOUR + SECOND, '1 hr'],
    [DAY, '1 day'],
    [6 * DAY + 3 * HOUR + 59 * MINUTE, '6 days 3 hr'],
    [DAY + 30 * MINUTE, '1 day'],
    [364 * DAY, '364 days'],
    [365 * DAY, '1 yr'],
    [1234 * DAY + HOUR, '3 yr 139 days'],
  ]) {
    it(`of ${milliseconds} ms is ${text}`, () => assert.equal(duration(milliseconds), text));
  }

  it('is translated', async () => {
    await useLanguage('zh-CN');
    assert.equal(duration(DAY + 2 * HOUR), '1 天 2 小时');
    await useLanguage('en');
  });
});
