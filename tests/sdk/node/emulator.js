'use strict';

// The controls of the servers under test, in plain HTTP.

const assert = require('node:assert/strict');

/** How Node refuses a certificate of an authority that it does not know, whatever an SDK puts around that. */
const UNVERIFIED = /unable to verify the first certificate|unable to get local issuer certificate/;

/** The host:port of a server, which the variable holds. */
function address(variable) {
  assert.ok(process.env[variable], `${variable} is the host:port of a server`);
  return process.env[variable];
}

/** Calls `use` with access to an account that is nobody else's, and drops it afterwards. */
async function withTenant(address, use) {
  // Should nothing be left to drop it, it drops itself.
  const made = JSON.parse(await control(address, 'POST', 'tenants', { ttl: '30m' }));
  const { account, access_key_id: keyId, access_key_secret: secret } = made;
  try {
    return await use({ address, account, keyId, secret });
  } finally {
    await control(address, 'DELETE', `tenants/${account}`);
  }
}

/** The certificate that vouches for the server over https. */
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
