import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { format, parse } from '../src/shared/address.js';

describe('An address', () => {
  it('has a path and values', () => {
    assert.deepEqual(parse('#/secrets?cloud=alibaba&page=2'), { path: 'secrets', values: { cloud: 'alibaba', page: '2' } });
  });

  it('may have neither', () => {
    for (const hash of ['', '#', '#/']) assert.deepEqual(parse(hash), { path: '', values: {} }, hash);
  });

  it('may have question marks and equals signs in values', () => {
    assert.deepEqual(parse('#/call?parameters=a?b=c').values, { parameters: 'a?b=c' });
  });

  it('is formatted without empty and undefined values', () => {
    assert.equal(format('secrets', { page: 2, filters: '', size: undefined }), '#/secrets?page=2');
    assert.equal(format('secrets', {}), '#/secrets');
  });

  it('keeps a value of 0', () => {
    assert.equal(format('journal', { fault: 0 }), '#/journal?fault=0');
  });

  it('is read as it was formatted, whatever its values contain', () => {
    const values = { name: 'shop/db/password', filters: '[{"Key":"TagKey","Values":["a&b=c#d?e+f %41", "密码"]}]' };
    assert.deepEqual(parse(format('secret', values)), { path: 'secret', values });
  });
});
