'use strict';

// Every official Node client runs the steps of life_cycle.json.

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { describe, it } = require('node:test');

const { CLIENTS } = require('./clients');
const { address, withTenant } = require('./emulator');

const read = (file) => fs.readFileSync(path.join(__dirname, '..', file), 'utf8');
const notOffered = JSON.parse(read('not_offered.json'));

describe('every step has the expected result', () => {
  for (const client of CLIENTS) {
    for (const variable of ['KMS_EMULATOR', 'KMS_EMULATOR_STRICT']) {
      it(`by ${client.name} on ${variable}`, () => withTenant(address(variable), (own) => goThrough(client, own)));
    }
    it(`by ${client.name} over https`, () =>
      withTenant(address('KMS_EMULATOR_STRICT'), (own) => goThrough(client, { ...own, https: true })));
  }
});

async function goThrough(client, access) {
  const missing = new Set();
  const saved = {};
  for (const template of JSON.parse(read('life_cycle.json').replaceAll('{run}', 'node'))) {
    const step = fill(template, saved);
    if (!(await take(client, access, step, saved))) {
      // Another client runs the step, because later steps depend on it.
      assert.ok(await take(CLIENTS[0], access, step, saved));
      if (!client.offers(step.action, {})) {
        missing.add(step.action);
      }
    }
  }
  const listed = client.isGeneric ? [] : notOffered[client.name.split(',')[0]] ?? [];
  assert.deepEqual([...missing].sort(), listed);
}

/** A step with the values that earlier steps have saved, and those that it encrypts with a saved public key. */
function fill(step, saved) {
  for (const [name, key] of Object.entries(step.encrypt ?? {})) {
    const publicKey = { key: Buffer.from(saved[key], 'base64'), format: 'der', type: 'spki' };
    const options = { ...publicKey, padding: crypto.constants.RSA_PKCS1_PADDING };
    saved[name] = crypto.publicEncrypt(options, Buffer.alloc(32)).toString('base64');
  }
  let text = JSON.stringify(step);
  for (const [name, value] of Object.entries(saved)) {
    text = text.replaceAll(`{${name}}`, () => value);
  }
  return JSON.parse(text);
}

/** A member of a reply, by its path. The first item of each list. */
function member(reply, path) {
  return path.split('.').reduce((value, name) => [value[name]].flat()[0], reply);
}

/** Runs a step, saves values of its reply, and returns whether the SDK has the operation. */
async function take(client, access, step, saved) {
  let reply;
  try {
    reply = await client.wireCall(access, step.action, step.parameters);
  } catch (error) {
    if (step.error === undefined) {
      throw error;
    }
    const { status, code, message } = client.refusal(error);
    assert.deepEqual({ status, code, message }, step.error, step.name);
    return true;
  }
  if (reply !== undefined) {
    assert.equal(step.error, undefined, `${step.name}: ${JSON.stringify(reply)}`);
    const wanted = client.known?.(step.action, step.reply) ?? step.reply;
    assertContains(reply, wanted, step.more, step.name);
    assert.ok(reply.RequestId);
    for (const [name, path] of Object.entries(step.save ?? {})) {
      saved[name] = member(reply, path);
    }
  }
  return reply !== undefined;
}

function assertContains(got, want, more, name) {
  if (Array.isArray(want)) {
    const items = got ?? [];
    assert.ok(items.length === want.length || (more && items.length > want.length), `${name}: ${JSON.stringify(got)}`);
    want.forEach((item, index) => assertContains(items[index], item, more, name));
  } else if (typeof want === 'object') {
    for (const [member, value] of Object.entries(want)) {
      assertContains(got?.[member], value, more, `${name}: ${member}`);
    }
  } else {
    assert.equal(String(got), String(want), name);
  }
}
