import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { ServerError } from '../src/shared/errors.js';
import { onTokenNeeded, request, requestUrl } from '../src/shared/http.js';

describe('The URL of a request', () => {
  it('is below /_emulator', () => {
    assert.equal(requestUrl('/clock', {}), '/_emulator/clock');
  });

  it('has the parameters of the path percent-encoded', () => {
    assert.equal(requestUrl('/snapshots/{name}/restore', { path: { name: 'a/b ?' } }), '/_emulator/snapshots/a%2Fb%20%3F/restore');
    assert.equal(requestUrl('/faults/{id}', { path: { id: 7 } }), '/_emulator/faults/7');
  });

  it('has a query without empty and undefined values', () => {
    const query = { cloud: 'alibaba', account: '', region: undefined, limit: 0, parameter: 'SecretName=a&b' };
    assert.equal(requestUrl('/journal', { query }), '/_emulator/journal?cloud=alibaba&limit=0&parameter=SecretName%3Da%26b');
  });
});

describe('A request', () => {
  const { fetch } = globalThis;
  let sent = [];
  let responses = [];
  let tokens = new Map();
  beforeEach(() => {
    sent = [];
    tokens = new Map();
    globalThis.addEventListener = () => {};
    Object.defineProperty(globalThis, 'sessionStorage', {
      configurable: true,
      value: { getItem: (name) => tokens.get(name) ?? null, setItem: (name, value) => tokens.set(name, value) },
    });
    globalThis.fetch = async (url, options) => {
      sent.push({ url, ...options });
      const next = responses.shift();
      if (next instanceof Error) throw next;
      return next;
    };
  });
  afterEach(() => {
    globalThis.fetch = fetch;
    delete globalThis.addEventListener;
    delete globalThis.sessionStorage;
  });
  const json = (value, status = 200) => new Response(JSON.stringify(value), { status });
  const rejected = () => json({ code: 'Unauthorized', message: 'a token is required', place: 'header Authorization' }, 401);

  it('returns the JSON of the response, and sends its body as JSON', async () => {
    responses = [json({ id: 1 })];
    assert.deepEqual(await request('/faults', { method: 'post', body: { reset: true } }), { id: 1 });
    assert.equal(sent[0].method, 'POST');
    assert.equal(sent[0].body, '{"reset":true}');
    assert.equal(sent[0].headers['Content-Type'], 'application/json');
  });

  it('fails with code, message and place of an error response', async () => {
    responses = [json({ code: 'InvalidBody', message: 'no effect', place: 'body' }, 400)];
    const error = await request('/faults', { method: 'post', body: {} }).catch((error) => error);
    assert.ok(error instanceof ServerError);
    assert.deepEqual([error.code, error.message, error.place, error.status], ['InvalidBody', 'no effect', 'body', 400]);
  });

  it('fails with the status of a response that is not from the server, such as of a proxy', async () => {
    responses = [new Response('Bad Gateway', { status: 502 })];
    const error = await request('/clock').catch((error) => error);
    assert.deepEqual([error.code, error.message], ['502', 'Bad Gateway']);
  });

  it('fails as unreachable if there is no response, and as cancelled if the page cancelled it', async () => {
    responses = [new TypeError('fetch failed'), new DOMException('', 'AbortError')];
    assert.equal((await request('/clock').catch((error) => error)).code, 'Unreachable');
    assert.equal((await request('/clock').catch((error) => error)).name, 'AbortError');
  });

  it('accepts an error status that the caller expects', async () => {
    responses = [json({ status: 'starting' }, 503)];
    assert.deepEqual(await request('/ready', { acceptedStatus: 503 }), { status: 'starting' });
  });

  it('asks for a token once for concurrent requests, sends it, and keeps it', async () => {
    let asked = 0;
    onTokenNeeded(async () => {
      asked += 1;
      return 'hush-hush';
    });
    responses = [rejected(), rejected(), json({ a: 1 }), json({ b: 2 }), json({ c: 3 })];
    await Promise.all([request('/clock'), request('/faults')]);
    await request('/clock');
    assert.equal(asked, 1);
    assert.deepEqual(sent.map(({ headers }) => headers.Authorization), [undefined, undefined, ...Array(3).fill('Bearer hush-hush')]);
  });

  it('asks for another token if the server rejects the known one', async () => {
    tokens.set('kms-emulator.token', 'old');
    onTokenNeeded(async () => 'new');
    responses = [rejected(), json({})];
    await request('/clock');
    assert.deepEqual(sent.map(({ headers }) => headers.Authorization), ['Bearer old', 'Bearer new']);
  });
});
