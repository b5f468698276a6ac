'use strict';

// newman runs the Postman collection of the examples.

const assert = require('node:assert/strict');
const { mkdtemp, rm, writeFile } = require('node:fs/promises');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { describe, test } = require('node:test');
const { promisify } = require('node:util');
const newman = require('newman');
const { authority } = require('../../sdk/node/emulator');
const { ADDRESS, withAccount } = require('./account');

const collection = require('../../../examples/postman/kms-emulator.postman_collection.json');

const ITEMS = collection.item.flatMap((folder) => folder.item);
/** The requests that are throttled twice, so they are sent three times. */
const REPEATED = ITEMS.filter((item) => item.name.endsWith('while throttled'));

describe('the Postman collection', () => {
  for (const scheme of ['http', 'https']) {
    test(`runs over ${scheme}`, () =>
      withAccount(async ({ keyId, secret }) => {
        const directory = await mkdtemp(join(tmpdir(), 'authority-'));
        try {
          const sslExtraCaCerts = join(directory, 'ca.pem');
          await writeFile(sslExtraCaCerts, await authority(ADDRESS));
          const variables = {
            host: ADDRESS,
            endpoint: `${scheme}://${ADDRESS}`,
            accessKeyId: keyId,
            accessKeySecret: secret,
          };
          const envVar = Object.entries(variables).map(([key, value]) => ({ key, value }));
          const { run } = await promisify(newman.run)({ collection, envVar, sslExtraCaCerts });

          assert.deepEqual(run.failures.map(({ source, error }) => `${source.name}: ${error.message}`), []);
          assert.equal(run.stats.requests.total, ITEMS.length + 2 * REPEATED.length);
          assert.equal(run.stats.assertions.total, ITEMS.length);
          assert.equal(REPEATED.length, 2);
        } finally {
          await rm(directory, { recursive: true });
        }
      }));
  }
});
