// The explanation of a parameter in the view Call.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { parseEvidence, parseSource, phrasesOf } from '../src/call/evidence.js';
import { evidence } from '../src/i18n/zh/evidence.js';
import { Emulator, focused, gone, hash, seen, suite, tableTexts, texts, visit } from './support.js';

suite('The explanation of a parameter', ({ emulator, test }) => {
  test('has the documented rule, the keys, the evidence and the page of the vendor', async (page) => {
    const { operations } = await emulator.control('operations?cloud=alibaba');
    const list = operations.find(({ action }) => action === 'ListSecrets');
    const filters = list.parameters.find(({ name }) => name === 'Filters');
    await visit(page, hash('call', { action: 'ListSecrets' }));
    await page.getByRole('button', { name: 'Explain: Filters' }).click();
    const dialog = page.getByRole('dialog', { name: 'ListSecrets: Filters' });
    await texts(dialog.getByRole('heading', { level: 3 }), ['Documented rule', 'Evidence']);
    const keys = await tableTexts(page, 'Keys');
    assert.deepEqual(keys.rows.map(([name]) => name), filters.keys.map(({ name }) => name));
    assert.deepEqual(keys.rows[0], ['SecretName', '10', '1 to 192 ASCII letters, digits and _/+=.@-$']);
    const rows = (await tableTexts(page, 'Evidence')).rows;
    assert.deepEqual(rows.find(([about]) => about === 'order'), ['order', 'assumption']);
    assert.deepEqual(rows[0], ['The operation', 'documented SDK']);
    await texts(dialog.getByRole('listitem'), [
      'documented: stated in the documentation of the vendor.',
      'SDK: taken from the code or the API model of the official SDKs.',
      'assumption: undocumented, chosen here.',
    ]);
    assert.equal(await dialog.getByRole('link', { name: 'Vendor documentation' }).getAttribute('href'), list.page);
  });

  test('lists first what the evidence says about the parameter', async (page) => {
    await visit(page, hash('call', { cloud: 'tencent', action: 'ListSecrets' }));
    await page.getByRole('button', { name: 'Explain: Limit' }).click();
    const { rows } = await tableTexts(page, 'Evidence');
    assert.deepEqual(rows[0], ['maximum of Limit', 'assumption']);
    await seen(page.getByRole('dialog').getByText('Maximum', { exact: true }));
  });

  test('has the documented errors that name the parameter', async (page) => {
    const { operations } = await emulator.control('operations');
    const named = operations.flatMap(({ cloud, action, parameters, errors }) =>
      parameters.filter(({ name }) => errors.some(({ message }) => new RegExp(`(?<![A-Za-z])${name}(?![a-z])`).test(message))).map(({ name }) => ({ cloud, action, name })),
    );
    assert.ok(named.length > 0);
    const [{ cloud, action, name }] = named;
    await visit(page, hash('call', { cloud, action }));
    await page.getByRole('button', { name: `Explain: ${name}`, exact: true }).click();
    const { rows } = await tableTexts(page, 'Documented errors that name it');
    assert.ok(rows.every(([code, , message]) => code && message.includes(name)), JSON.stringify(rows));
  });

  test('is opened and closed by the keyboard', async (page) => {
    await visit(page, hash('call', { action: 'GetSecretValue' }));
    await page.getByLabel(/^SecretName/).focus();
    await page.keyboard.press('Shift+Tab');
    const explain = page.getByRole('button', { name: 'Explain: SecretName' });
    await focused(explain);
    await page.keyboard.press('Enter');
    await seen(page.getByRole('dialog', { name: 'GetSecretValue: SecretName' }));
    await page.keyboard.press('Escape');
    await gone(page.getByRole('dialog'));
    await focused(explain);
  });

  test('is closed with the view or the operation that it explains', async (page) => {
    await visit(page, hash('call', { action: 'ListSecrets' }));
    await visit(page, hash('call', { action: 'GetSecretValue' }));
    const explanation = page.getByRole('dialog', { name: 'GetSecretValue: SecretName' });
    for (const leave of [() => page.goBack(), () => page.goto('/#/secrets')]) {
      await page.getByRole('button', { name: 'Explain: SecretName' }).click();
      await seen(explanation);
      await leave();
      await gone(explanation);
      await visit(page, hash('call', { action: 'GetSecretValue' }));
    }
  });

  test('is Chinese on the Chinese page', async (page) => {
    await visit(page, hash('call', { action: 'ListSecrets' }));
    await page.getByRole('button', { name: '说明：Filters' }).click();
    const { rows } = await tableTexts(page, '依据');
    assert.deepEqual(rows.find(([about]) => about === '顺序'), ['顺序', '假设']);
    for (const [about, source] of rows) assert.doesNotMatch(about + source, /[a-z]{3,} [a-z]{3,}/);
  }, { locale: 'zh-CN' });
});

describe('The evidence of operations', () => {
  const emulator = new Emulator({ fixtures: [] });
  before(() => emulator.start());
  after(() => emulator.stop());

  it('is translated, and nothing else is', async () => {
    const { operations } = await emulator.control('operations');
    const known = new Set(operations.flatMap((operation) => phrasesOf(operation.evidence)));
    assert.ok(known.size > 50);
    assert.deepEqual([...known].filter((phrase) => !evidence[phrase]), []);
    assert.deepEqual(Object.keys(evidence).filter((phrase) => !known.has(phrase)), []);
  });

  it('has a source for each part', async () => {
    const { operations } = await emulator.control('operations');
    for (const { action, evidence: text } of operations) {
      for (const { sources } of parseEvidence(text)) {
        assert.ok(sources.some((source) => /^(documented|SDK|recorded|assumption|Terraform|public)/.test(parseSource(source).kind)), `${action}: ${text}`);
      }
    }
  });
});
