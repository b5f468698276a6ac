import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';

import { canShow, filterRows } from '../src/call/fields.js';
import { hintFor } from '../src/call/hints.js';
import { maskedParameters, parseObject, presetParameters, publicParameters } from '../src/call/parameters.js';
import { requestText } from '../src/call/result.js';
import { useLanguage } from './support.js';

const PUT = {
  parameters: [
    { name: 'SecretName', sensitive: false },
    { name: 'VersionId', sensitive: false },
    { name: 'SecretData', sensitive: true },
  ],
};

describe('The parameters of a call', () => {
  it('are written to the address without sensitive and unknown ones', () => {
    assert.deepEqual(publicParameters(PUT, { SecretName: 'a', SecretData: 'b', Secretdata: 'c' }), { SecretName: 'a' });
  });

  it('are masked if they are sensitive or unknown', () => {
    assert.deepEqual(maskedParameters(PUT, { SecretName: 'a', SecretData: 'b', Colour: 'red' }), { SecretName: 'a', SecretData: '***', Colour: '***' });
  });

  it('need no mask if none is secret', () => {
    assert.equal(maskedParameters(PUT, { SecretName: 'a', VersionId: 'v1' }), null);
    assert.equal(maskedParameters(PUT, {}), null);
  });

  it('keep a public value of null or an empty string', () => {
    assert.deepEqual(maskedParameters(PUT, { SecretName: null, VersionId: '', SecretData: 'b' }), { SecretName: null, VersionId: '', SecretData: '***' });
  });

  it('select the account of the page in a new form of a credential source', () => {
    const parameters = [{ name: 'role' }, { name: 'X-aliyun-ecs-metadata-token' }];
    assert.deepEqual(presetParameters({ method: 'GET', parameters }, '1'), { role: '1' });
    assert.deepEqual(presetParameters({ method: 'GET', parameters: [{ name: 'account' }, { name: 'tenant' }] }, '1'), { account: '1' });
    assert.deepEqual(presetParameters({ method: 'GET', parameters: [] }, '1'), {});
    assert.deepEqual(presetParameters({ parameters }, '1'), {});
  });

  it('are the members of a JSON object, and none in any other text', () => {
    assert.deepEqual(parseObject('{"PageSize":2}'), { PageSize: 2 });
    for (const text of ['', '{', '[1]', 'null', '2', '"a"']) assert.deepEqual(parseObject(text), {}, text);
  });
});

describe('A field', () => {
  const shows = (type, value, cloud = 'alibaba') => canShow(cloud, { type }, value);

  it('shows values of its type', () => {
    assert.ok(shows('integer', 2) && shows('integer', '2') && shows('boolean', false) && shows('boolean', 'true'));
    assert.ok(shows('text', 'a') && shows('json', '[]') && shows('list', ['a', 'b']) && shows('list', []));
  });

  it('does not show values that it would change', () => {
    assert.ok(!shows('integer', 'two') && !shows('integer', '') && !shows('integer', null));
    assert.ok(!shows('boolean', 1) && !shows('boolean', 'yes'));
    assert.ok(!shows('text', 5) && !shows('text', '') && !shows('text', undefined) && !shows('json', {}));
    assert.ok(!shows('list', 'a') && !shows('list', ['a', 1]));
  });

  it('shows tags with the member names of the cloud', () => {
    assert.ok(shows('tag_list', [{ Key: 'env', Value: 'prod' }], 'alibaba') && shows('tag_list', [{ TagKey: 'env' }], 'tencent'));
    assert.ok(!shows('tag_list', [{ TagKey: 'env' }], 'alibaba') && !shows('tag_list', [{ Key: 'env', Value: 1 }]) && !shows('tag_list', [null]));
    assert.ok(shows('tag_filter_list', [{ TagKey: 'env', TagValue: ['prod'] }], 'tencent') && !shows('tag_filter_list', [{ Colour: 'red' }], 'tencent'));
  });
});

describe('The rows of filters in JSON', () => {
  it('have keys and values as text', () => {
    assert.deepEqual(filterRows('[{"Key":"TagKey","Values":["a","b"]},{"Key":"SecretName","Values":"c"},{"Key":"Description"}]'), [
      { key: 'TagKey', values: ['a', 'b'] },
      { key: 'SecretName', values: ['c'] },
      { key: 'Description', values: [] },
    ]);
  });

  it('are none in any other text', () => {
    for (const text of ['', '[', '{}', '[null]']) assert.deepEqual(filterRows(text), [], text);
  });
});

describe('The hint of a value', () => {
  before(() => useLanguage('en'));
  const PAGE_SIZE = { type: 'integer', required: false, minimum: 1, maximum: 10_000 };

  it('says that a required parameter is missing', () => {
    assert.equal(hintFor({ type: 'text', required: true }, undefined), 'Required. Leave it out to see the error.');
    assert.equal(hintFor({ type: 'text', required: false }, undefined), '');
  });

  it('names the bound of an integer', () => {
    assert.equal(hintFor(PAGE_SIZE, 0), 'Expected at least 1.');
    assert.equal(hintFor(PAGE_SIZE, 10_001), 'Expected at most 10,000.');
    assert.equal(hintFor(PAGE_SIZE, 1.5), 'Expected an integer.');
    assert.equal(hintFor(PAGE_SIZE, Number.NaN), 'Expected an integer.');
    for (const value of [1, 10_000]) assert.equal(hintFor(PAGE_SIZE, value), '');
    assert.equal(hintFor({ type: 'integer', required: false, minimum: null, maximum: null }, -5), '');
  });

  it('names the allowed values, and the number of items', () => {
    assert.equal(hintFor({ type: 'text', required: false, values: ['text', 'binary'] }, 'Text'), 'Expected one of: text, binary.');
    assert.equal(hintFor({ type: 'list', required: false, max_items: 2 }, ['a', 'b', 'c']), 'Expected at most 2 items.');
    assert.equal(hintFor({ type: 'list', required: false, max_items: 2 }, ['a', 'b']), '');
  });

  it('says that JSON is invalid', () => {
    assert.equal(hintFor({ type: 'json', required: false }, '[{]'), 'Expected JSON.');
    assert.equal(hintFor({ type: 'json', required: false }, '[]'), '');
  });
});

describe('A request as text', () => {
  it('has a request line, headers and a body', () => {
    const request = { method: 'POST', path: '/', query: '', headers: [['Host', 'kms.localhost'], ['x-acs-action', 'ListSecrets']], body: '{"a":1}', url: '' };
    assert.equal(requestText(request), 'POST / HTTP/1.1\nHost: kms.localhost\nx-acs-action: ListSecrets\n\n{"a":1}');
  });

  it('has the path and the query in the request line', () => {
    const request = { method: 'GET', path: '/_emulator/credentials', query: 'account=1', headers: [], body: '', url: '' };
    assert.equal(requestText(request), 'GET /_emulator/credentials?account=1 HTTP/1.1\n\n');

    assert.equal(requestText({ method: 'GET', path: '/', query: 'Action=ListSecrets&PageSize=2', headers: [], body: '', url: '' }), 'GET /?Action=ListSecrets&PageSize=2 HTTP/1.1\n\n');
  });
});
