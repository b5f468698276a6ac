// Connects tests to a running emulator, and creates an account for each test.
'use strict';

const { setTimeout: pause } = require('node:timers/promises');

const { default: Client } = require('@alicloud/kms20160120');
const { Config } = require('@alicloud/rpc-client');

const URL = process.env.KMS_EMULATOR_ENDPOINT ?? 'http://127.0.0.1:8080';

/** Sends a request to the control API and returns the reply. */
async function control(method, path, body) {
  const reply = await fetch(`${URL}/_emulator/${path}`, { method, body: body && JSON.stringify(body) });
  if (!reply.ok) {
    throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
  }
  return reply.json();
}

/** Waits until the emulator has loaded its fixtures. */
async function ready() {
  for (const deadline = Date.now() + 30_000; ; await pause(100)) {
    try {
      return await control('GET', 'ready');
    } catch (error) { // not listening yet, or status 503
      if (Date.now() > deadline) {
        throw error;
      }
    }
  }
}

/** Creates an account that is deleted after the test `t`. */
async function newTenant(t) {
  const created = await control('POST', 'tenants', {});
  t.after(() => control('DELETE', `tenants/${created.account}`));
  return {
    client: new Client(
      new Config({
        accessKeyId: created.access_key_id,
        accessKeySecret: created.access_key_secret,
        endpoint: URL.replace('http://', ''),
        protocol: 'http',
      }),
    ),

    /** Adds a fault rule for this tenant only, until the test ends; returns a function that counts its hits. */
    async fault(match, effects) {
      const rule = { match: { ...match, access_key_id: created.access_key_id }, ...effects };
      const { id } = await control('POST', 'faults', rule);
      t.after(() => control('DELETE', `faults/${id}`));
      return async () => (await control('GET', `faults/${id}`)).hits;
    },

    /** Counts the requests of this tenant in the journal. */
    async requests(filters) {
      const query = new URLSearchParams({ ...filters, access_key_id: created.access_key_id, limit: 0 });
      return (await control('GET', `journal?${query}`)).count;
    },
  };
}

/** Advances the clock, which all tenants share, and resets it after the test `t`. */
async function advanceClock(t, by) {
  t.after(() => control('DELETE', 'clock'));
  await control('POST', 'clock/advance', { by });
}

module.exports = { advanceClock, newTenant, ready };
