// A secret value is only in the page while the user shows it: before and afterwards it is neither in the page nor in its
// addresses, the browser's storage, the console, the log of the server or its journal.

import assert from 'node:assert/strict';

import { downloaded, dropFile, eventually, gone, hash, seen, settled, suite, visit } from './support.js';

const VALUE = 'never-to-be-seen-4f1c';

/** The parameter of each cloud for a secret value. */
const CLOUDS = { alibaba: 'SecretData', tencent: 'SecretString' };

suite('A secret value', ({ emulator, test }) => {
  /** The places that contain the value. */
  const places = async (page, messages) => {
    const found = await page.evaluate(() => ({
      'the document': document.documentElement.outerHTML,
      'the inputs': [...document.querySelectorAll('input, textarea, select')].map((control) => control.value).join('\n'),
      'the title': document.title,
      'the history': decodeURIComponent(navigation.entries().map(({ url }) => url).join('\n')),
      'the state of the history': JSON.stringify(history.state),
      'the storage of the browser': JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
      'the URLs of requests': performance.getEntries().map(({ name }) => name).join('\n'),
    }));
    const all = {
      ...found,
      'the address': decodeURIComponent(page.url()),
      'the console': messages.join('\n'),
      'the log of the server': emulator.log,
      'the journal': JSON.stringify(await emulator.control('journal?source=any')),
      'the metrics': await (await fetch(`${emulator.url}/_emulator/metrics`)).text(),
    };
    return Object.keys(all).filter((place) => all[place].includes(VALUE));
  };

  const both = (name, body) => {
    for (const [cloud, parameter] of Object.entries(CLOUDS)) {
      test(`${name}, on ${cloud}`, async (page) => {
        const messages = [];
        page.on('console', (message) => messages.push(message.text()));
        const only = (...expected) => eventually(async () => assert.deepEqual(await places(page, messages), expected));
        const secret = `${cloud}-${name.replace(/\W+/g, '-')}`.slice(0, 60);
        await emulator.call(cloud, 'CreateSecret', { SecretName: secret, VersionId: 'v1', [parameter]: VALUE });
        await body(page, { cloud, parameter, secret, only });
      });
    }
  };

  both('is in the view of a secret only between Show and Hide', async (page, { cloud, secret, only }) => {
    const show = page.getByRole('button', { name: 'Show the value of v1' });
    const value = page.getByRole('region', { name: 'Value of v1' });
    await visit(page, `#/secrets?cloud=${cloud}`);
    await page.getByRole('link', { name: secret }).click();
    await seen(show);
    await only();
    await page.getByRole('button', { name: 'Copy the value of v1' }).click();
    await seen(page.getByText('Copied.'));
    await only();

    await show.click();
    await seen(value);
    await only('the document');
    await page.getByRole('button', { name: 'Hide the value of v1' }).click();
    await only();

    await show.click();
    await seen(value);
    await page.getByRole('link', { name: 'Back to the list of secrets' }).click();
    await seen(page.getByRole('table', { name: 'Secrets' }));
    await only();
    await page.goBack();
    await seen(show);
    await only();

    await show.click();
    await seen(value);
    await page.reload();
    await seen(show);
    await only();
  });

  both('is only in its field while a secret is created', async (page, { cloud, parameter, only }) => {
    await visit(page, hash('secrets', { cloud, form: 'create' }));
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^SecretName(?!\w)/).fill(`made-on-${cloud}`);
    await dialog.getByLabel(new RegExp(`^${parameter}(?!\\w)`)).fill(VALUE);
    await dialog.getByText('JSON to send').click();
    await seen(dialog.getByText('•••'));
    await only('the inputs');
    await dialog.getByRole('button', { name: 'Create a secret' }).click();
    await seen(page.getByRole('heading', { level: 1, name: `made-on-${cloud}` }));
    await settled(page);
    await only();
  });

  both('is masked in a call and its response until it is shown', async (page, { cloud, secret, only }) => {
    const parameters = JSON.stringify({ SecretName: secret, VersionId: 'v1' });
    await visit(page, hash('call', { cloud, action: 'GetSecretValue', parameters }));
    await page.getByRole('button', { name: 'Send' }).click();
    await seen(page.getByText('HTTP 200'));
    await only();
    await page.getByRole('button', { name: 'Show values' }).click();
    await only('the document');
    await page.getByRole('button', { name: 'Hide values' }).click();
    await only();
    await page.getByRole('button', { name: 'Show values' }).click();
    await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Secrets' }).click();
    await seen(page.getByRole('table', { name: 'Secrets' }));
    await only();
  });

  both('is masked in a request before it is signed, until it is shown', async (page, { cloud, parameter, secret, only }) => {
    await visit(page, hash('call', { cloud, action: 'PutSecretValue', parameters: JSON.stringify({ SecretName: secret, VersionId: 'v2' }) }));
    await page.getByLabel(new RegExp(`^${parameter} `)).fill(VALUE);
    await page.getByRole('button', { name: 'Preview' }).click();
    for (const pane of ['Request', 'Signing', 'Code']) {
      await page.getByRole('tab', { name: pane, exact: true }).click();
      await seen(page.getByText(/were replaced by \*\*\*/));
      await only('the inputs');
    }
    for (const way of await page.getByRole('tablist', { name: 'Code' }).getByRole('tab').all()) {
      await way.click();
      await only('the inputs');
    }
    await page.getByRole('tab', { name: 'Request', exact: true }).click();
    await page.getByRole('button', { name: 'Show values' }).click();
    await only('the document', 'the inputs');
    await page.getByRole('button', { name: 'Hide values' }).click();
    await only('the inputs');
    await page.getByRole('button', { name: 'Send' }).click();
    await seen(page.getByText('HTTP 200'));
    await only('the inputs');
    await page.reload();
    await settled(page);
    await only();
  });

  both('is masked in the journal until it is shown', async (page, { cloud, parameter, secret, only }) => {
    await emulator.call(cloud, 'PutSecretValue', { SecretName: secret, VersionId: 'v2', [parameter]: VALUE });
    await emulator.call(cloud, 'GetSecretValue', { SecretName: secret, VersionId: 'v1' });
    await visit(page, hash('journal', { parameter: `SecretName=${secret}` }));
    await seen(page.getByRole('link', { name: 'GetSecretValue' }));
    await only();
    await page.getByRole('link', { name: 'PutSecretValue' }).click();
    await seen(page.getByRole('cell', { name: '***', exact: true }));
    await only();
    await page.getByRole('link', { name: 'GetSecretValue' }).click();
    await page.getByRole('tab', { name: 'Response', exact: true }).click();
    await page.getByRole('button', { name: 'Show values' }).click();
    await only('the document');
    await page.getByRole('button', { name: 'Hide values' }).click();
    await only();
    await page.getByRole('button', { name: 'Show values' }).click();
    await page.getByRole('tab', { name: 'Request', exact: true }).click();
    await gone(page.getByRole('button', { name: 'Hide values' }));
    await only();
    await page.getByRole('tab', { name: 'Response', exact: true }).click();
    await page.getByRole('button', { name: 'Show values' }).click();
    await only('the document');
    await page.getByRole('link', { name: 'Close' }).click();
    await gone(page.getByRole('button', { name: 'Hide values' }));
    await only();
  });

  both('is masked in the journal as code and in the form to send it again', async (page, { cloud, parameter, secret, only }) => {
    await emulator.call(cloud, 'PutSecretValue', { SecretName: secret, VersionId: 'v2', [parameter]: VALUE });
    await visit(page, hash('journal', { parameter: `SecretName=${secret}` }));
    await page.getByRole('link', { name: 'PutSecretValue' }).click();
    await page.getByRole('tab', { name: 'As code', exact: true }).click();
    await seen(page.getByText('Secret values are replaced by ***.'));
    for (const way of await page.getByRole('tablist', { name: 'Code' }).getByRole('tab').all()) {
      await way.click();
      await only();
    }
    await page.getByRole('tab', { name: 'Again', exact: true }).click();
    await seen(page.getByText('The journal masks the secret values of this request.'));
    await only();
    await page.getByRole('link', { name: 'Edit in Call' }).click();
    await settled(page);
    await only();
  });

  both('is not in the start view, whose latest request returned it', async (page, { cloud, secret, only }) => {
    await emulator.call(cloud, 'GetSecretValue', { SecretName: secret, VersionId: 'v1' });
    await visit(page, hash('connect', { cloud }));
    await seen(page.getByRole('main').getByRole('link', { name: 'GetSecretValue' }));
    for (const way of await page.getByRole('tablist', { name: 'Code' }).getByRole('tab').all()) {
      await way.click();
      await only();
    }
  });

  both('is not in the preview of a dropped file, nor after it is loaded', async (page, { cloud, secret, only }) => {
    await visit(page, hash('secrets', { cloud }));
    const dialog = page.getByRole('dialog');
    const [fixture] = await emulator.control('state?values=true&cloud=' + cloud);
    const named = { [secret]: VALUE };
    const names = cloud === 'tencent' ? { SecretMetadatas: named } : named;
    const files = { 'fixture.json': JSON.stringify(fixture), 'names.json': JSON.stringify(names), '.env': `${secret.replace(/\W/g, '_')}=${VALUE}\n` };
    for (const [name, text] of Object.entries(files)) {
      assert.ok(text.includes(VALUE), name);
      await dropFile(page, name, text);
      await seen(dialog.getByRole('listitem'));
      await only();
      await dialog.getByRole('button', { name: 'Load' }).click();
      await gone(dialog);
      await only();
    }
  });

  test('is not in the page after a file with it is rejected', async (page) => {
    await visit(page);
    const dialog = page.getByRole('dialog');
    for (const text of [`{"SecretList": {"Secret": [{"SecretName": "${VALUE}`, `[${JSON.stringify(VALUE)}]`, JSON.stringify({ name: { SecretData: VALUE } })]) {
      await dropFile(page, 'broken.json', text);
      await seen(dialog.getByText('No secrets were recognized in the file.').or(dialog.getByRole('listitem')));
      assert.ok(!(await dialog.innerHTML()).includes(VALUE), text);
      await dialog.getByRole('button', { name: 'Load' }).click();
      await seen(dialog.getByRole('alert'));
      assert.ok(!(await page.evaluate(() => document.documentElement.outerHTML)).includes(VALUE), text);
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await gone(dialog);
    }
  }, { allow: [/400/] });

  both('is not in the page when it is downloaded, duplicated or compared', async (page, { cloud, secret, only }) => {
    await visit(page, hash('controls', { part: 'reset' }));
    await page.getByLabel('Include secret values').check();
    const { text } = await downloaded(page, () => page.getByRole('button', { name: 'Download' }).click());
    assert.ok(text.includes(VALUE));
    await only();
    await emulator.control('snapshots/before', { method: 'PUT' });
    await visit(page, hash('secret', { cloud, name: secret }));
    await page.getByRole('button', { name: 'Duplicate' }).or(page.getByRole('link', { name: 'Duplicate' })).click();
    const dialog = page.getByRole('dialog', { name: 'Create a secret' });
    await seen(dialog);
    await only();
    await dialog.getByLabel(/^SecretName(?!\w)/).fill(`${secret}-copy`);
    await dialog.getByRole('button', { name: 'Create a secret' }).click();
    await seen(page.getByRole('heading', { level: 1, name: `${secret}-copy` }));
    await only();
    await visit(page, hash('controls', { part: 'snapshots' }));
    await page.getByRole('button', { name: 'Compare: before' }).click();
    await seen(page.getByText(`${secret}-copy`));
    await only();
  });

  test('would be found: log, journal and page are not empty', async (page) => {
    await emulator.call('alibaba', 'DescribeSecret', { SecretName: 'shop/db/password' });
    assert.match(emulator.log, /DEBUG/);
    assert.match(JSON.stringify(await emulator.control('journal')), /shop\/db\/password/);
    await visit(page);
    assert.match(await page.evaluate(() => document.documentElement.outerHTML), /shop\/db\/password/);
  });
}, { args: ['--log', 'debug'] });
