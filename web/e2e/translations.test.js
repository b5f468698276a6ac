// The sentences of the server about operations have Chinese translations: each sentence, and no other.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { sentences } from '../src/i18n/zh/operations.js';
import { Emulator } from './support.js';

describe('The sentences of operations', () => {
  const emulator = new Emulator();
  const known = new Set();
  before(async () => {
    await emulator.start();
    const { operations } = await emulator.control('operations');
    for (const { summary, differences, parameters } of operations) {
      for (const each of [summary, differences]) known.add(each);
      for (const { help, rule, keys = [] } of parameters) {
        for (const each of [help, rule, ...keys.map(({ value }) => value)]) known.add(each);
      }
    }
    known.delete(undefined);
    known.delete('');
  });
  after(() => emulator.stop());

  it('are translated', () => {
    assert.ok(known.size > 0);
    assert.deepEqual([...known].filter((sentence) => !sentences[sentence]), []);
  });

  it('are the only translated ones', () => {
    assert.deepEqual(Object.keys(sentences).filter((sentence) => !known.has(sentence)), []);
  });
});
