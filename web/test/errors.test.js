import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';

import { errorSentence } from '../src/shared/error_message.js';
import { CloudError, ServerError, UNREACHABLE, UserError, isAbort } from '../src/shared/errors.js';
import { useLanguage } from './support.js';

const textOf = (error) => errorSentence(error).map((part) => part.code ?? part).join('');
const codesOf = (error) => errorSentence(error).flatMap((part) => part.code ?? []);

describe('The sentence of an error', () => {
  before(() => useLanguage('en'));
  const throttled = new CloudError('ListSecrets', 'Rejected.Throttling', 'QPS Limit Exceeded', { status: 400, requestId: null, hint: null });

  it('of a cloud names operation, code and message', () => {
    assert.equal(textOf(throttled), 'ListSecrets failed with Rejected.Throttling: QPS Limit Exceeded');
    assert.deepEqual(codesOf(throttled), ['ListSecrets', 'Rejected.Throttling']);
  });

  it('of a cloud does not treat its message as a pattern', () => {
    const error = new CloudError('A', 'B', 'use `{code}` $&', { status: 400, requestId: null, hint: null });
    assert.equal(textOf(error), 'A failed with B: use `{code}` $&');
  });

  it('of the control API names code and message', () => {
    assert.equal(textOf(new ServerError('FaultNotFound', 'no fault 7', { status: 404 })), 'The server returned FaultNotFound: no fault 7');
  });

  it('of a server that does not respond says what to check', () => {
    assert.equal(textOf(new ServerError(UNREACHABLE, 'TypeError: Failed to fetch')), 'The server does not respond. Check that it is running, then try again.');
  });

  it('for the user is its message', () => {
    assert.equal(textOf(new UserError('Enter a token.')), 'Enter a token.');
  });

  it('of the page itself is shown as such, even if it is no Error', () => {
    assert.equal(textOf(new TypeError('x is undefined')), 'This page has an error: x is undefined');
    assert.equal(textOf('oops'), 'This page has an error: oops');
  });

  it('is translated', async () => {
    await useLanguage('zh-CN');
    assert.equal(textOf(throttled), 'ListSecrets 调用失败，错误码 Rejected.Throttling：QPS Limit Exceeded');
    await useLanguage('en');
  });
});

describe('A cancelled request', () => {
  it('is told from other failures', () => {
    const controller = new AbortController();
    controller.abort();
    assert.ok(isAbort(controller.signal.reason));
    assert.ok(!isAbort(new DOMException('', 'TimeoutError')));
    assert.ok(!isAbort(new ServerError(UNREACHABLE, '')));
  });
});
