'use strict';

// An account of the server for one test, with the requests to the control API that tests need.

const assert = require('node:assert/strict');
const { address, control, withTenant } = require('../../sdk/node/emulator');

const ADDRESS = address('KMS_EMULATOR_STRICT');

/** Calls `use` with a new account, and deletes the account afterwards. */
function withAccount(use) {
  return withTenant(ADDRESS, ({ account, keyId, secret }) =>
    use({
      keyId,
      secret,

      /** Executes an operation of Alibaba Cloud KMS in the account. */
      async call(action, parameters) {
        const body = { cloud: 'alibaba', action, parameters, account };
        const { reply } = JSON.parse(await control(ADDRESS, 'POST', 'call', body));
        assert.equal(reply.status, 200, reply.body);
      },

      /** Lets the next requests for an operation fail with an error code. */
      async fail(action, error, times) {
        await control(ADDRESS, 'POST', 'faults', { match: { access_key_id: keyId, action }, error, times });
      },

      /** The number of requests for an operation. */
      async requests(action) {
        const query = new URLSearchParams({ access_key_id: keyId, action, limit: 0 });
        return JSON.parse(await control(ADDRESS, 'GET', `journal?${query}`)).count;
      },
    }),
  );
}

module.exports = { ADDRESS, withAccount };
