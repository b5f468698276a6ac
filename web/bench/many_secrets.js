// Measures how smooth a list of 100,000 secrets is.
//
//     bash tests/explorer/run.sh bench/many_secrets.js
//
// Prints the longest frame while the list is scrolled.

import { after, before, describe, it } from 'node:test';

import { MANY, manySecrets } from '../e2e/many_secrets.js';
import { seen, suite, visit, withPage } from '../e2e/support.js';
import { framesWhileScrolling } from './frames.js';

describe('Frames', () => {
  const many = manySecrets();
  before(many.create);
  after(many.remove);

  suite('of many secrets', ({ emulator }) => {
    it('in the list', (t) => withPage(emulator, {}, async (page) => {
      await visit(page, '#/secrets?size=100');
      await seen(page.getByText(`Secrets 1 to 100 of ${MANY.toLocaleString('en')}`));
      t.diagnostic(`page of 100 secrets: ${await framesWhileScrolling(page)}`);
      await visit(page, '#/secrets?size=100&sort=-name');
      t.diagnostic(`page of 100 sorted secrets: ${await framesWhileScrolling(page)}`);
    }));
  }, many.settings);
});
