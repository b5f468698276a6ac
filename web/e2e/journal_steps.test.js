// The steps of a signature in the journal.

import assert from 'node:assert/strict';

import { hash, seen, suite, texts, visit } from './support.js';

suite('The signature of a request in the journal', ({ emulator, test }) => {
  test('is shown step by step on request, without secret values', async (page) => {
    await emulator.call('alibaba', 'CreateSecret', { SecretName: 'stepwise', VersionId: 'v1', SecretData: 'not shown here' });
    const { requests: [{ request_id: id }] } = await emulator.control('journal?limit=1');
    await visit(page, hash('journal', { request: id, tab: 'signature' }));
    await page.getByText('How this request is signed, step by step').click();
    await texts(page.locator('.steps .code-label'), ['1. Canonicalized request', '2. String-to-sign', '3. Signature']);
    await seen(page.getByText('stepwise'));
    assert.ok(!(await page.content()).includes('not shown here'));
  });
});
