'use strict';

// Every official Node client reuses its connection after the program was blocked for 6 seconds, as by a breakpoint.
//
// A client cannot see that the server has closed a connection while its event loop is blocked. It sends the next request
// on that connection and fails with ECONNRESET. The server must therefore keep idle connections for longer than programs
// are usually blocked. Sockets use the system clock, so this test has to wait: longer than the 5 seconds after
// which the server closed connections in the past, and once for all clients.

const assert = require('node:assert/strict');
const http = require('node:http');
const { describe, it } = require('node:test');

const { CLIENTS } = require('./clients');
const { address } = require('./emulator');
const { TENCENT_CLIENTS } = require('./tencent_clients');

const BLOCKED_MS = 6000;

/** Blocks the event loop. */
function block(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** A function that sends requests with Node's own agent and keep-alive. */
function plain(host) {
  const agent = new http.Agent({ keepAlive: true });
  return () =>
    new Promise((resolve, reject) => {
      const request = http.get(`http://${host}/?Action=ListSecrets`, { agent }, (response) => {
        response.resume();
        response.on('end', () => resolve(request));
      });
      request.on('error', reject);
    });
}

describe('a blocked event loop', () => {
  it('does not break the connections of any client', async () => {
    const access = { address: address('KMS_EMULATOR_STRICT'), keyId: 'test', secret: 'test' };
    const request = plain(address('KMS_EMULATOR'));
    const calls = [
      ['node:http', request],
      ...CLIENTS.map((client) => [client.name, () => client.call(access, 'ListSecrets', {})]),
      ...TENCENT_CLIENTS.map((client) => [client.name, () => client.call(access, 'ListSecrets')]),
    ];
    for (const [, call] of calls) {
      await call();
    }
    block(BLOCKED_MS);
    // All requests start before the event loop can process a closed connection.
    const results = await Promise.allSettled(calls.map(([, call]) => call()));
    const failures = results.flatMap(({ reason }, index) => (reason ? [`${calls[index][0]}: ${reason}`] : []));
    assert.deepEqual(failures, []);
    assert.equal(results[0].value.reusedSocket, true, 'the connection was not reused');
  });
});
