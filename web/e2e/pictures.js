// Takes the pictures in README.md and docs/explorer.md.
//
//     bash tests/explorer/run.sh e2e/pictures.js

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { before } from 'node:test';

import { sendSigned } from './signer.js';
import { repositoryFile, seen, suite, visit } from './support.js';

const DIRECTORY = repositoryFile('docs/images');

suite('The pictures in the documents', ({ emulator, test }) => {
  before(() => mkdir(DIRECTORY, { recursive: true }));

  test('show a wrong signature explained', async (page) => {
    const parameters = { Action: 'ListSecrets', Filters: '[{"Key":"Description","Values":["PostgreSQL password of the shop"]}]', PageSize: '10' };
    const { body } = await sendSigned(emulator.url, parameters, { space: '+' });
    assert.equal(body.Code, 'IncompleteSignature');
    await visit(page, `#/journal?request=${body.RequestId}`);
    await seen(page.getByText('spaces are encoded as +'));
    await page.screenshot({ path: path.join(DIRECTORY, 'wrong-signature.png'), animations: 'disabled' });
  }, { viewport: { width: 1280, height: 900 } });

  test('show a list of secrets', async (page) => {
    await visit(page, '#/secrets');
    await seen(page.getByText('shop/db/password'));
    await page.screenshot({ path: path.join(DIRECTORY, 'explorer.png'), animations: 'disabled' });
  }, { viewport: { width: 1120, height: 736 } });
});
