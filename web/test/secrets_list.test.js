import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { MAX_READ, matching, readAll, sorted } from '../src/secrets/all_secrets.js';
import { namesInFile } from '../src/secrets/file_names.js';
import { onlyNamed } from '../src/secrets/fixture_file.js';

const secret = (name, more = {}) => ({ name, type: 'Generic', state: 'enabled', plannedDeletion: null, created: new Date(0), updated: null, description: null, tags: null, ...more });
const names = (secrets) => secrets.map(({ name }) => name);

describe('All secrets', () => {
  it('are read page by page, up to a limit', async () => {
    const pages = (total) => async (page, size) => ({ total, secrets: Array.from({ length: Math.max(0, Math.min(size, total - (page - 1) * size)) }, (_, index) => secret(String((page - 1) * size + index))) });
    assert.equal((await readAll(pages(0))).secrets.length, 0);
    assert.deepEqual(names((await readAll(pages(250))).secrets).at(-1), '249');
    const many = await readAll(pages(100_000));
    assert.deepEqual([many.total, many.secrets.length], [100_000, MAX_READ]);
  });

  it('are read to the end of a list that ends before its total', async () => {
    const found = await readAll(async (page) => ({ total: 5000, secrets: page === 1 ? [secret('a')] : [] }));
    assert.deepEqual(names(found.secrets), ['a']);
  });
});

describe('The search', () => {
  const all = [secret('shop/db'), secret('other', { description: 'the DB of the shop' }), secret('tagged', { tags: [{ key: 'env', value: 'prod' }] })];

  it('looks at names, descriptions and tags, for each word', () => {
    assert.deepEqual(names(matching(all, 'db SHOP')), ['shop/db', 'other']);
    assert.deepEqual(names(matching(all, 'env=prod')), ['tagged']);
    assert.deepEqual(names(matching(all, ' ')), ['shop/db', 'other', 'tagged']);
  });
});

describe('The order', () => {
  const all = [
    secret('b', { created: new Date(2), plannedDeletion: new Date(9) }),
    secret('a', { created: new Date(2) }),
    secret('c', { created: new Date(1), plannedDeletion: new Date(8) }),
  ];

  it('is that of a column, then of the name, and can be reversed', () => {
    assert.deepEqual(names(sorted(all, 'name')), ['a', 'b', 'c']);
    assert.deepEqual(names(sorted(all, 'created')), ['c', 'a', 'b']);
    assert.deepEqual(names(sorted(all, '-created')), ['b', 'a', 'c']);
    assert.deepEqual(names(sorted(all, 'deletion')), ['c', 'b', 'a']);
  });

  it('is that of the cloud for an unknown column', () => {
    assert.deepEqual(names(sorted(all, 'colour')), ['b', 'a', 'c']);
    assert.deepEqual(names(sorted(all, '')), ['b', 'a', 'c']);
  });
});

describe('The names in a file', () => {
  it('are those of replies, exports, and names with values', () => {
    const reply = { SecretList: { Secret: [{ SecretName: 'a' }, { SecretName: 'b' }] } };
    assert.deepEqual(namesInFile(JSON.stringify(reply)), ['a', 'b']);
    assert.deepEqual(namesInFile(JSON.stringify([reply, { SecretMetadatas: [{ SecretName: 'c' }, { SecretName: 'a' }] }])), ['a', 'b', 'c']);
    assert.deepEqual(namesInFile(JSON.stringify({ Response: { SecretMetadatas: [{ SecretName: 'd' }] } })), ['d']);
    assert.deepEqual(namesInFile('{"one/name":"value","other":{"SecretData":"x"}}'), ['one/name', 'other']);
  });

  it('are the variables of a .env file', () => {
    assert.deepEqual(namesInFile('# A=1\nB=2\n export C_D = "x=y"\n\nnot a variable\n'), ['B', 'C_D']);
  });

  it('are none in other files', () => {
    for (const text of ['', 'null', '5', '[]', '[1,"a"]', 'text']) assert.deepEqual(namesInFile(text), [], text);
  });
});

describe('A part of an export', () => {
  it('has only the secrets with these names, and no empty files', () => {
    const files = [
      { Region: 'r', SecretList: { Secret: [{ SecretName: 'a' }, { SecretName: 'b' }] } },
      { SecretMetadatas: [{ SecretName: 'c' }] },
      { SecretMetadatas: [{ SecretName: 'a' }] },
    ];
    assert.deepEqual(onlyNamed(files, new Set(['a'])), [{ Region: 'r', SecretList: { Secret: [{ SecretName: 'a' }] } }, { SecretMetadatas: [{ SecretName: 'a' }] }]);
  });
});
