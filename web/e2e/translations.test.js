// What the server says of operations has its Chinese: each sentence, and no other.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { sentences } from '../src/i18n/zh/operations.js';
import { Emulator } from './support.js';

describe('The sentences of operations', () => {
  const emulator = new Emulator();
  const said = new Set();
  before(async () => {
    await emulator.start();
    const { operations } = await emulator.control('operations');
    for (const { summary, differences, parameters } of operations) {
      for (const each of [summary, differences]) said.add(each);
      for (const { help, rule, keys = [] } of parameters) {
        for (const each of [help, rule, ...keys.map(({ value }) => value)]) said.add(each);
      }
    }
    said.delete(undefined);
    said.delete('');
  });
  after(() => emulator.stop());

  it('have their Chinese', () => {
    assert.ok(said.size > 0);
    assert.deepEqual([...said].filter((sentence) => !sentences[sentence]), []);
  });

  it('are all that is translated', () => {
    assert.deepEqual(Object.keys(sentences).filter((sentence) => !said.has(sentence)), []);
  });
});
