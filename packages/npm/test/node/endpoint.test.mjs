// A server that runs already, in ESM. The tests set environment variables, so they do not run in parallel.

import assert from 'node:assert/strict';
import http from 'node:http';
import { once } from 'node:events';
import { after, afterEach, before, describe, test } from 'node:test';

import { start } from 'kms-emulator';

describe('KMS_EMULATOR_ENDPOINT', () => {
  let running;

  before(async () => {
    running = await start();
  });
  after(() => running.stop());
  afterEach(() => {
    delete process.env.KMS_EMULATOR_ENDPOINT;
    delete process.env.KMS_EMULATOR_CONTROL_TOKEN;
  });

  test('start uses the server, and stop leaves it running', async () => {
    process.env.KMS_EMULATOR_ENDPOINT = running.endpoint;
    const emulator = await start({ binary: '/does/not/exist' });
    assert.equal(emulator.endpoint, running.endpoint);
    assert.equal(emulator.version, running.version);
    const tenant = await emulator.tenant();
    await emulator.stop();
    await tenant.delete();
  });

  test('option replaces the variable', async () => {
    process.env.KMS_EMULATOR_ENDPOINT = 'not a URL';
    assert.equal((await start({ endpoint: running.endpoint })).endpoint, running.endpoint);
  });

  test('https in the URL selects https', async () => {
    process.env.KMS_EMULATOR_ENDPOINT = running.endpoint.replace('http:', 'https:');
    const emulator = await start();
    assert.equal(emulator.endpoint, process.env.KMS_EMULATOR_ENDPOINT);
    assert.equal(emulator.tencent.profile.httpProfile.protocol, 'https://');
    assert.match(emulator.ca, /^-----BEGIN CERTIFICATE-----/);
  });

  test('empty variable starts a server', async () => {
    process.env.KMS_EMULATOR_ENDPOINT = '';
    const emulator = await start();
    assert.notEqual(emulator.endpoint, running.endpoint);
    await emulator.stop();
  });

  test('text that is not a URL is an error', async () => {
    process.env.KMS_EMULATOR_ENDPOINT = '127.0.0.1:8080';
    await assert.rejects(start(), /endpoint must be a URL such as .*, not `127\.0\.0\.1:8080`/);
    await assert.rejects(start({ endpoint: 'localhost:1' }), /endpoint must be a URL such as .*, not `localhost:1`/);
  });

  test('start waits for a server that is loading its fixtures, and sends the token', async (t) => {
    const tokens = [];
    const answers = [[503, { status: 'starting' }], [200, { status: 'ready' }], [200, settings()]];
    const fake = http.createServer((request, reply) => {
      tokens.push(request.headers.authorization);
      const [status, body] = answers.shift();
      reply.writeHead(status).end(JSON.stringify(body));
    });
    await once(fake.listen(0, '127.0.0.1'), 'listening');
    t.after(() => fake.close());

    process.env.KMS_EMULATOR_CONTROL_TOKEN = 'a token';
    process.env.KMS_EMULATOR_ENDPOINT = `http://127.0.0.1:${fake.address().port}`;
    assert.equal((await start()).version, 'fake');
    assert.deepEqual(tokens, Array(3).fill('Bearer a token'));
  });

  test('server that never gets ready is an error after the timeout', async (t) => {
    const fake = http.createServer((_, reply) => reply.writeHead(503).end('{}'));
    await once(fake.listen(0, '127.0.0.1'), 'listening');
    const endpoint = `http://127.0.0.1:${fake.address().port}`;
    t.after(() => fake.close());
    await assert.rejects(start({ endpoint, timeout: 200 }), /server at 127\.0\.0\.1:\d+ is not ready: GET ready: status 503/);
  });

  test('server that accepts connections and does not reply is an error after the timeout', async (t) => {
    const fake = http.createServer(() => {});
    await once(fake.listen(0, '127.0.0.1'), 'listening');
    t.after(() => fake.closeAllConnections() ?? fake.close());
    const endpoint = `http://127.0.0.1:${fake.address().port}`;
    await assert.rejects(start({ endpoint, timeout: 200 }), /is not ready: GET ready: no reply within \d+ ms/);
  });

  test('server that cannot be reached is an error after the timeout', async () => {
    const closed = http.createServer();
    await once(closed.listen(0, '127.0.0.1'), 'listening');
    const endpoint = `http://127.0.0.1:${closed.address().port}`;
    closed.close();
    await assert.rejects(start({ endpoint, timeout: 200 }), /server at 127\.0\.0\.1:\d+ is not ready: .*ECONNREFUSED/);
  });
});

function settings() {
  const clouds = ['alibaba', 'tencent'].map((cloud) => ({ cloud, default_region: 'a-region' }));
  return { version: 'fake', default_account: '1000000000000000', clouds };
}
