import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FORMS, keyParameters, usesOf } from '../src/keys/forms.js';

/** @typedef {import('../src/keys/keys.js').Key} Key */

/** @type {(key: Partial<Key>) => Key} */
const key = (members) => /** @type {Key} */ ({ id: 'k', state: 'enabled', origin: 'Aliyun_KMS', ...members });
const AES = key({ spec: 'Aliyun_AES_256', usage: 'ENCRYPT/DECRYPT' });
const RSA = key({ spec: 'RSA_2048', usage: 'SIGN/VERIFY' });
const HMAC = key({ spec: 'HMAC_SHA_256', usage: 'GENERATE/VERIFY_MAC' });

describe('A key', () => {
  it('can be tried with the operations of its usage', () => {
    assert.deepEqual(usesOf(AES).slice(0, 2), ['Encrypt', 'Decrypt']);
    assert.deepEqual(usesOf(RSA), ['AsymmetricSign', 'AsymmetricVerify', 'GetPublicKey']);
    assert.deepEqual(usesOf(HMAC), ['GenerateMac', 'VerifyMac']);
  });

  it('gets a new version only if the service generates its material, and it is not for codes', () => {
    const version = FORMS.find((form) => form.action === 'CreateKeyVersion');
    assert.ok(version);
    for (const [known, offered] of /** @type {const} */ ([
      [AES, true],
      [RSA, true],
      [HMAC, false],
      [key({ ...AES, origin: 'EXTERNAL' }), false],
      [key({ ...AES, state: 'disabled' }), false],
    ]))
      assert.equal(version.isOffered(known), offered, `${known.spec} ${known.origin} ${known.state}`);
  });

  it('fills in its id, its newest version, and the algorithm of a code', () => {
    /** @type {(...names: string[]) => any} */
    const operation = (...names) => ({ parameters: names.map((name) => ({ name })) });
    const versions = [{ id: 'v1' }, { id: 'v2' }];
    assert.deepEqual(keyParameters(HMAC, versions, operation('KeyId', 'Algorithm', 'Message')), { KeyId: 'k', Algorithm: 'HMAC_SHA_256' });
    assert.deepEqual(keyParameters(RSA, versions, operation('KeyId', 'KeyVersionId', 'Algorithm')), { KeyId: 'k', KeyVersionId: 'v2' });
  });
});
