import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';

import { choicesOf, linesAsJson, parameterHelp } from '../src/shared/parameter_fields.js';
import { sensitiveNames } from '../src/shared/operations.js';
import { useLanguage } from './support.js';

describe('The choices of a parameter', () => {
  it('are its documented values', () => {
    assert.deepEqual(choicesOf({ type: 'text', values: ['text', 'binary'] }, {}), [['text', 'text'], ['binary', 'binary']]);
  });

  it('can be narrowed by the form', () => {
    assert.deepEqual(choicesOf({ type: 'text', values: ['a'] }, { only: ['v1', 'v2'] }), [['v1', 'v1'], ['v2', 'v2']]);
  });

  it('are numbers with their meanings', () => {
    const meanings = ['all', 'enabled'];
    assert.deepEqual(choicesOf({ type: 'integer', minimum: 0, maximum: 2 }, { meanings }), [['0', '0: all'], ['1', '1: enabled'], ['2', '2']]);
    assert.deepEqual(choicesOf({ type: 'integer', minimum: 1, maximum: 1 }, { meanings }), [['1', '1: enabled']]);
  });

  it('do not exist for other parameters', () => {
    assert.equal(choicesOf({ type: 'text', values: [] }, {}), null);
    assert.equal(choicesOf({ type: 'integer', minimum: 1, maximum: 100 }, {}), null);
    assert.equal(choicesOf({ type: 'integer', maximum: null }, { meanings: ['all'] }), null);
    assert.equal(choicesOf({ type: 'text' }, { only: [] }), null);
  });
});

describe('A list with one item per line', () => {
  it('is sent as a JSON list without blank lines and surrounding spaces', () => {
    assert.equal(linesAsJson(' ACSCurrent \r\n\n  blue "x"\n'), '["ACSCurrent","blue \\"x\\""]');
    assert.equal(linesAsJson('  \n'), '[]');
  });
});

describe('The help of a parameter', () => {
  before(() => useLanguage('en'));
  const help = 'The number of secrets on a page.';

  it('contains meaning, rule, bounds, number of items and default', () => {
    assert.equal(
      parameterHelp({ help, rule: '1 to 64 characters', minimum: 1, maximum: 10_000, max_items: 20, default: '20' }),
      'The number of secrets on a page. Allowed: 1 to 64 characters. From 1 to 10,000. At most 20. Default: 20.',
    );
  });

  it('contains only what the description has', () => {
    assert.equal(parameterHelp({ help, rule: null, minimum: null, maximum: null, max_items: null, default: null }), help);
    assert.equal(parameterHelp({ help, minimum: 0, maximum: 0 }), `${help} From 0 to 0.`);
    assert.equal(parameterHelp({ help, default: '' }), `${help} Default: .`);
  });

  it('says that a list has one item per line', () => {
    assert.equal(parameterHelp({ help }, true), `${help} One per line.`);
  });

  it('is translated with its rule, without spaces between the sentences', async () => {
    await useLanguage('zh-CN');
    assert.equal(parameterHelp({ help, rule: '1 to 64 characters', minimum: 1, maximum: 100 }), '每页的凭据数。规则：1 到 64 个字符。从 1 到 100。');
    await useLanguage('en');
  });
});

describe('Sensitive parameters', () => {
  it('are those that the operation describes so', () => {
    const parameters = [{ name: 'SecretName', sensitive: false }, { name: 'SecretData', sensitive: true }];
    assert.deepEqual([...sensitiveNames({ parameters })], ['SecretData']);
  });
});
