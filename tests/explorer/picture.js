// Takes the picture in README.md: a wrong signature, explained in the journal.
//
//     bash tests/explorer/run.sh picture.js

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';

import { repositoryFile, seen, suite, visit } from './support.js';

const FILE = repositoryFile('docs/images/wrong-signature.png');

suite('The picture in the README', ({ emulator, test }) => {
  test('shows a wrong signature explained', async (page) => {
    const id = await signWrongly(emulator.url);
    await visit(page, `#/journal?request=${id}`);
    await seen(page.getByText('spaces are encoded as `+`'));
    await mkdir(path.dirname(FILE), { recursive: true });
    await page.screenshot({ path: FILE, animations: 'disabled' });
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
