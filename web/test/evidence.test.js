import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { parseEvidence, parseSource, phrasesOf } from '../src/call/evidence.js';
import { mentions } from '../src/call/explain.js';

describe('The evidence of an operation', () => {
  it('is split into parts with their sources', () => {
    assert.deepEqual(parseEvidence('documented, SDK; order, bounds: assumption'), [
      { about: [], sources: ['documented', 'SDK'] },
      { about: ['order', 'bounds'], sources: ['assumption'] },
    ]);
  });

  it('is not split in parentheses, or within a number', () => {
    assert.deepEqual(parseEvidence('documented (a: 1; b, c: 2), SDK; at most 4,000: documented (2021; later 365)'), [
      { about: [], sources: ['documented (a: 1; b, c: 2)', 'SDK'] },
      { about: ['at most 4,000'], sources: ['documented (2021; later 365)'] },
    ]);
  });

  it('has sources with notes', () => {
    assert.deepEqual(parseSource('documented (quick start)'), { kind: 'documented', note: 'quick start' });
    assert.deepEqual(parseSource('SDK 3.3.1'), { kind: 'SDK 3.3.1', note: '' });
    assert.deepEqual(phrasesOf('documented (quick start); order: assumption'), ['documented', 'quick start', 'order', 'assumption']);
  });

  it('names a parameter as a word', () => {
    assert.ok(mentions('maximum of Limit', 'Limit'));
    assert.ok(mentions('the bounds of `Limit`', 'Limit'));
    assert.ok(mentions('MissingLimit.Value: Limit', 'Limit'));
    assert.ok(!mentions('Limited', 'Limit'));
    assert.ok(!mentions('PageLimit', 'Limit'));
  });
});
