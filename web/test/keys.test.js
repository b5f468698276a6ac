import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { usesOf } from '../src/keys/forms.js';

describe('The operations that use a key', () => {
  it('generate and verify codes with a key for HMAC', () => {
    assert.deepEqual(usesOf({ spec: 'HMAC_SHA_256', usage: 'GENERATE/VERIFY_MAC' }), ['GenerateMac', 'VerifyMac']);
  });

  it('depend on the spec of a key that encrypts', () => {
    assert.ok(usesOf({ spec: 'Aliyun_AES_256', usage: 'ENCRYPT/DECRYPT' }).includes('Encrypt'));
    assert.ok(usesOf({ spec: 'RSA_2048', usage: 'ENCRYPT/DECRYPT' }).includes('AsymmetricEncrypt'));
  });

  it('are absent for an unknown usage', () => {
    assert.deepEqual(usesOf({ spec: 'X', usage: 'X' }), []);
  });
});
