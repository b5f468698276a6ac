'use strict';

// Calls the control API of the servers under test, over plain HTTP.

const assert = require('node:assert/strict');

/** Node's message for a certificate of an unknown authority, which SDKs include in their own messages. */
const UNVERIFIED = /unable to verify the first certificate|unable to get local issuer certificate/;

/** The host:port of a server, from an environment variable. */
function address(variable) {
  assert.ok(process.env[variable], `${variable} must be the host:port of a server`);
  return process.env[variable];
}

/** Calls `use` with the access key of a new account with a KMS instance, and deletes the account afterwards. */
async function withTenant(address, use) {
  // The time to live deletes the account if the process is killed.
  const fixture = { KmsInstances: { KmsInstance: [{ KmsInstanceId: 'kst-hzz65f176a0ogplgq0000' }] } };
  const created = JSON.parse(await control(address, 'POST', 'tenants', { ttl: '30m', fixture }));
  const { account, access_key_id: keyId, access_key_secret: secret } = created;
  try {
    return await use({ address, account, keyId, secret });
  } finally {
    await control(address, 'DELETE', `tenants/${account}`);
  }
}

/** The certificate of the server's authority, for https. */
function authority(address) {
  return control(address, 'GET', 'ca.pem');
}

async function control(address, method, path, body) {
  const reply = await fetch(`http://${address}/_emulator/${path}`, {
    method,
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });
  const content = await reply.text();
  assert.ok(reply.ok, `${method} ${path}: ${content}`);
  return content;
}

module.exports = { UNVERIFIED, address, authority, control, withTenant };
