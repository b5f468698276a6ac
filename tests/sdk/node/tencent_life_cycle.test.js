'use strict';

// Both Tencent Cloud clients for Node run the steps of tencent_life_cycle.json, and the generic one those of
// tencent_services.json, which belong to three services.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { describe, it } = require('node:test');

const { address, withTenant } = require('./emulator');
const { TENCENT_CLIENTS, notOffered } = require('./tencent_clients');

const read = (file) => fs.readFileSync(path.join(__dirname, '..', file), 'utf8');
const scenario = read('tencent_life_cycle.json');

describe('every step has the expected result', () => {
  for (const client of TENCENT_CLIENTS) {
    for (const variable of ['KMS_EMULATOR', 'KMS_EMULATOR_STRICT']) {
      it(`by ${client.name} on ${variable}`, () => withTenant(address(variable), (own) => goThrough(scenario, client, own)));
    }
    it(`by ${client.name} over https`, () =>
      withTenant(address('KMS_EMULATOR_STRICT'), (own) => goThrough(scenario, client, { ...own, https: true })));
  }
});

describe('every step of several services has the expected result', () => {
  const services = read('tencent_services.json');
  for (const client of TENCENT_CLIENTS.filter((client) => !client.isTyped)) {
    for (const variable of ['KMS_EMULATOR', 'KMS_EMULATOR_STRICT']) {
      it(`by ${client.name} on ${variable}`, () =>
        withTenant(address(variable), (own) => goThrough(services, client, own)));
    }
  }
});

describe('the model of the typed client', () => {
  const { sdk } = TENCENT_CLIENTS.find((client) => client.isTyped);

  it('lacks exactly the members listed in tencent_not_offered.json', () => {
    const missing = new Set(JSON.parse(scenario).flatMap(notOffered));
    assert.deepEqual([...missing].sort(), JSON.parse(read('tencent_not_offered.json'))[sdk]);
  });
});

async function goThrough(steps, client, access) {
  const text = steps
    .replaceAll('{run}', 'node')
    .replaceAll('"{account as a number}"', access.account)
    .replaceAll('{account}', access.account);
  for (const step of JSON.parse(text)) {
    await take(client, { ...access, language: 'en-US' }, step);
  }
}

async function take(client, access, { name, action, parameters, reply, error, more }) {
  if (error) {
    assert.deepEqual(await client.refusal(access, action, parameters), error, name);
  } else {
    let got;
    try {
      got = await client.call(access, action, parameters);
    } catch (cause) {
      throw new Error(`${name}: ${cause.message}`, { cause });
    }
    assertContains(got, reply, more, name);
  }
}

function assertContains(got, want, more, name) {
  if (Array.isArray(want)) {
    assert.ok(Array.isArray(got), `${name}: ${JSON.stringify(got)}`);
    assert.ok(got.length === want.length || (more && got.length > want.length), `${name}: ${JSON.stringify(got)}`);
    want.forEach((item, index) => assertContains(got[index], item, more, name));
  } else if (typeof want === 'object') {
    for (const [member, value] of Object.entries(want)) {
      assertContains(got?.[member], value, more, `${name}: ${member}`);
    }
  } else {
    assert.equal(got, want, name);
  }
}
