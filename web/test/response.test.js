import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { maskBody } from '../src/shared/mask.js';
import { prettyPrint } from '../src/shared/pretty_print.js';
import { cloudErrorOf, hintOf } from '../src/shared/response.js';

describe('Pretty printing', () => {
  it('indents JSON as JSON.stringify does', () => {
    const value = { list: [1, -2.5e3, 'a "quoted" \\ {text}, [x]: é密\n'], empty: {}, none: [], nested: [[{}], { a: null }], yes: true };
    assert.equal(prettyPrint(JSON.stringify(value)), JSON.stringify(value, null, 2));
    assert.equal(prettyPrint(JSON.stringify(value, null, 7)), JSON.stringify(value, null, 2));
  });

  it('keeps the digits of large numbers, such as account ids', () => {
    assert.equal(prettyPrint('{"CreateUin":9999999999999999}'), '{\n  "CreateUin": 9999999999999999\n}');
    assert.equal(prettyPrint('[1.0,100000000000000000001]'), '[\n  1.0,\n  100000000000000000001\n]');
  });

  it('keeps duplicate members and escapes, which parsing would drop', () => {
    assert.equal(prettyPrint('{"a":"\\u0041","a":1}'), '{\n  "a": "\\u0041",\n  "a": 1\n}');
  });

  it('leaves scalars and other text unchanged', () => {
    for (const text of ['', 'null', '"a: {b}"', 'not json', '{"truncated":"by a fa']) assert.equal(prettyPrint(text), text);
  });

  it('indents XML, with text and its element on one line', () => {
    const xml = '<?xml version="1.0" encoding="UTF-8"?><KMS><RequestId>id</RequestId><SecretList><Secret><SecretName>a</SecretName></Secret></SecretList></KMS>';
    assert.equal(
      prettyPrint(xml),
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<KMS>',
        '  <RequestId>id</RequestId>',
        '  <SecretList>',
        '    <Secret>',
        '      <SecretName>a</SecretName>',
        '    </Secret>',
        '  </SecretList>',
        '</KMS>',
      ].join('\n'),
    );
  });

  it('puts an empty element on one line, and keeps escaped characters', () => {
    assert.equal(prettyPrint('<a><b></b><c/><d>&lt;x&gt; &amp;</d></a>'), '<a>\n  <b></b>\n  <c/>\n  <d>&lt;x&gt; &amp;</d>\n</a>');
  });

  it('indents XML again that was indented before', () => {
    assert.equal(prettyPrint('<a>\n      <b>x</b>\n</a>\n'), '<a>\n  <b>x</b>\n</a>');
  });

  it('shows truncated XML as far as it goes', () => {
    assert.equal(prettyPrint('<a><b>tex'), '<a>\n  <b>tex');
  });
});

describe('A masked body', () => {
  it('has no secret values in JSON', () => {
    assert.equal(
      maskBody('{"SecretName":"a","SecretData":"pass\\"word","SecretDataType":"text"}'),
      '{"SecretName":"a","SecretData":"•••","SecretDataType":"text"}',
    );
    assert.equal(maskBody('{ "Response" : { "SecretString" : "x", "SecretBinary": "eA==" } }'), '{ "Response" : { "SecretString" : "•••", "SecretBinary": "•••" } }');
  });

  it('has no secret values in XML', () => {
    assert.equal(maskBody('<SecretData>p&amp;w\nd</SecretData><SecretDataType>text</SecretDataType>'), '<SecretData>•••</SecretData><SecretDataType>text</SecretDataType>');
  });

  it('has no secret value if it is truncated within the value', () => {
    assert.equal(maskBody('{"SecretData":"passw'), '{"SecretData":"•••');
    assert.equal(maskBody('<KMS><RandomPassword>passw'), '<KMS><RandomPassword>•••');
  });

  it('has no secret values of temporary keys', () => {
    assert.equal(maskBody('{"AccessKeyId":"STS.a","AccessKeySecret":"b","SecurityToken":"c"}'), '{"AccessKeyId":"STS.a","AccessKeySecret":"•••","SecurityToken":"•••"}');
    assert.equal(maskBody('{"TmpSecretId":"a","TmpSecretKey":"b","Token":"c"}'), '{"TmpSecretId":"a","TmpSecretKey":"•••","Token":"•••"}');
  });

  it('keeps the mask of the journal', () => {
    const stored = '{"TmpSecretId":"a","TmpSecretKey":"***","Token":"***"}';
    assert.equal(maskBody(stored), stored);
    assert.equal(maskBody('{"Token":"***a"}'), '{"Token":"•••"}');
  });

  it('is unchanged without secret values, and where a value is empty', () => {
    for (const body of ['{"SecretName":"SecretData"}', '{"SecretData":""}', '<SecretData></SecretData>', '']) assert.equal(maskBody(body), body);
  });

  it('has each of several values masked', () => {
    assert.equal(maskBody('[{"SecretData":"one"},{"SecretData":"two"}]'), '[{"SecretData":"•••"},{"SecretData":"•••"}]');
  });
});

describe('The error of a response', () => {
  it('of Alibaba Cloud is in JSON or XML with an error status', () => {
    const expected = { code: 'Forbidden.ResourceNotFound', text: 'Resource not found.' };
    assert.deepEqual(cloudErrorOf({ status: 404, body: '{"Code":"Forbidden.ResourceNotFound","Message":"Resource not found."}' }), expected);
    assert.deepEqual(cloudErrorOf({ status: 404, body: '<Error><Code>Forbidden.ResourceNotFound</Code><Message>Resource not found.</Message></Error>' }), expected);
  });

  it('of Tencent Cloud has status 200', () => {
    const body = '{"Response":{"Error":{"Code":"ResourceNotFound","Message":"not found"},"RequestId":"1"}}';
    assert.deepEqual(cloudErrorOf({ status: 200, body }), { code: 'ResourceNotFound', text: 'not found' });
  });

  it('is absent from successful responses, even if they have a member Code', () => {
    assert.equal(cloudErrorOf({ status: 200, body: '{"Code":"x"}' }), null);
    assert.equal(cloudErrorOf({ status: 200, body: '<KMS><Code>x</Code></KMS>' }), null);
    assert.equal(cloudErrorOf({ status: 200, body: '{"Response":{"TotalCount":0}}' }), null);
  });

  it('is absent if the body is truncated before the code, and has no message if it is truncated after it', () => {
    assert.equal(cloudErrorOf({ status: 400, body: '{"Co' }), null);
    assert.deepEqual(cloudErrorOf({ status: 400, body: '<Error><Code>Throttling</Code><Mess' }), { code: 'Throttling', text: '' });
  });
});

describe('The hint of a response', () => {
  it('is in a header, in any letter case', () => {
    assert.equal(hintOf('alibaba', { headers: [['Content-Type', 'text/xml'], ['X-Emulator-Hint', 'sign the query']], hints: [] }), 'sign the query');
    assert.equal(hintOf('alibaba', { headers: [], hints: [] }), null);
  });
});
