// Takes the pictures in README.md and docs/explorer.md.
//
//     bash tests/explorer/run.sh e2e/pictures.js

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { before } from 'node:test';

import { repositoryFile, seen, suite, visit } from './support.js';

const DIRECTORY = repositoryFile('docs/images');

suite('The pictures in the documents', ({ emulator, test }) => {
  before(() => mkdir(DIRECTORY, { recursive: true }));

  test('show a wrong signature explained', async (page) => {
    const id = await signWrongly(emulator.url);
    await visit(page, `#/journal?request=${id}`);
    await seen(page.getByText('spaces are encoded as `+`'));
    await page.screenshot({ path: path.join(DIRECTORY, 'wrong-signature.png'), animations: 'disabled' });
  }, { viewport: { width: 1280, height: 860 } });

  test('show a list of secrets', async (page) => {
    await visit(page, '#/secrets');
    await seen(page.getByText('shop/db/password'));
    await page.screenshot({ path: path.join(DIRECTORY, 'explorer.png'), animations: 'disabled' });
  }, { viewport: { width: 1120, height: 736 } });
});

/** Encodes spaces as `+`, as many signers do, and returns the id of the rejected request. */
async function signWrongly(url) {
  const parameters = {
    AccessKeyId: 'test',
    Action: 'ListSecrets',
    Filters: '[{"Key":"Description","Values":["PostgreSQL password of the shop"]}]',
    PageSize: '10',
    SignatureMethod: 'HMAC-SHA1',
    SignatureNonce: '1',
    SignatureVersion: '1.0',
    Timestamp: new Date().toISOString().replace(/\.\d+/, ''),
    Version: '2016-01-20',
  };
  const query = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%20', '+')}`).join('&');
  const signature = createHmac('sha1', 'test&').update(`GET&%2F&${encodeURIComponent(query)}`).digest('base64');
  const reply = await fetch(`${url}/?${query}&Signature=${encodeURIComponent(signature)}`);
  const body = await reply.json();
  assert.equal(body.Code, 'IncompleteSignature');
  return body.RequestId;
}
