// A user debugs a client with the page alone, from an empty server: finds out why a signature is wrong, reproduces a throttled
// call, makes a secret and reads it with the SDK code of the page, moves the clock until a deletion is done, and restores a
// snapshot. Once in English on a desktop, once in Chinese on a phone.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { en } from '../src/i18n/en/index.js';
import { zh } from '../src/i18n/zh/index.js';
import { sendSigned } from './signer.js';
import { eventually, gone, repositoryFile, seen, settled, suite, texts } from './support.js';

const NAME = 'orders/token';
const VALUE = 'value of the order token';
const LIST = { Action: 'ListSecrets', Filters: '[{"Key":"Description","Values":["two words"]}]' };

const USERS = {
  'in English on a desktop': {
    all: en,
    cause: 'spaces are encoded as +, not %20',
    options: { locale: 'en-US', viewport: { width: 1280, height: 900 } },
  },
  'in Chinese on a phone': {
    all: zh,
    cause: '空格编码成了 +，应为 %20；首个差异位于字符位置',
    options: { locale: 'zh-CN', viewport: { width: 390, height: 844 } },
  },
};

/** Runs a program that uses the official SDK for Node.js, and returns what it prints. */
async function runNode(program) {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'kms-emulator-'));
  try {
    const file = path.join(directory, 'program.js');
    await writeFile(file, program);
    const env = { ...process.env, NODE_PATH: repositoryFile('tests/sdk/node/node_modules') };
    const { stdout } = await promisify(execFile)(process.execPath, [file], { env, timeout: 60_000 });
    return JSON.parse(stdout);
  } finally {
    await rm(directory, { recursive: true });
  }
}

for (const [user, { all, cause, options }] of Object.entries(USERS)) {
  suite('A user with an empty server', ({ test }) => {
    test(`debugs a client with the page alone, ${user}`, async (page) => {
      /** A text of the page. */
      const say = (key, values = {}) => all[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
      const main = page.getByRole('main');
      const button = (key, place = main) => place.getByRole('button', { name: say(key), exact: true });
      const tab = (key) => main.getByRole('tab', { name: say(key), exact: true });
      const rows = page.getByRole('list', { name: say('nav_journal') }).getByRole('link');
      const show = async (view) => {
        await page.getByRole('navigation', { name: say('nav') }).getByRole('link', { name: say(`nav_${view}`), exact: true }).click();
        await seen(page.getByRole('heading', { level: 1, name: say(`nav_${view}`), exact: true }));
        await settled(page);
      };
      const showControls = async (part) => {
        await show('controls');
        await tab(`controls_${part}`).click();
      };
      const confirm = (key) => button(key, page.getByRole('dialog')).click();
      const parameter = (place, name) => place.getByLabel(new RegExp(`^${name}(?!\\w)`));

      await page.goto('/');
      await seen(main.getByText(say('connect_waiting')));
      const setting = (key) => main.locator('.connect-settings dl > div', { hasText: say(key) }).locator('code').innerText();
      const url = `http://${await setting('connect_endpoint')}`;
      const key = { keyId: await setting('tenant_key'), secret: await setting('tenant_secret') };
      const send = (parameters, mistake = {}) => sendSigned(url, parameters, { ...key, ...mistake });

      // The signature.
      assert.equal((await send(LIST, { space: '+' })).body.Code, 'IncompleteSignature');
      await main.getByRole('link', { name: say('connect_see_signature') }).click();
      await seen(main.getByRole('alert').getByText(cause));
      const marks = (key) => main.getByRole('region', { name: say(key) }).locator('mark');
      await texts(marks('difference_server'), ['%2520']);
      await texts(marks('difference_client'), ['%2B']);
      assert.deepEqual((await send(LIST)).body.SecretList, { Secret: [] });
      await seen(rows.first().getByText('OK', { exact: true }));
      await rows.first().click();
      await tab('journal_signature').click();
      await seen(main.getByText(say('verdict_valid_means')));

      // The throttled call.
      await showControls('faults');
      await main.getByLabel(say('journal_filter_action'), { exact: true }).fill('ListSecrets');
      await main.getByLabel(say('fault_error'), { exact: true }).fill('Rejected.Throttling');
      await main.getByLabel(say('fault_times'), { exact: true }).fill('2');
      await button('fault_add').click();
      await seen(page.getByRole('contentinfo').getByText(say('status_faults_left', { count: 1, left: 2 })));
      const throttled = await send(LIST);
      assert.deepEqual([throttled.status, throttled.body.Code], [429, 'Rejected.Throttling']);
      await show('journal');
      await seen(rows.first().getByText('Rejected.Throttling'));
      await rows.first().click();
      await tab('journal_again').click();
      await main.getByRole('link', { name: say('journal_edit') }).click();
      await settled(page);
      await main.getByLabel(say('call_faults')).check();
      await button('call_send').click();
      await seen(main.getByText('HTTP 429'));
      await seen(main.getByRole('alert').getByText('Rejected.Throttling'));
      await button('call_send').click();
      await seen(main.getByText('HTTP 200'));
      assert.equal((await send(LIST)).status, 200);

      // The secret.
      await show('secrets');
      await seen(main.getByText(say('no_secrets')));
      await button('create_secret').click();
      const dialog = page.getByRole('dialog');
      await parameter(dialog, 'SecretName').fill(NAME);
      await parameter(dialog, 'SecretData').fill(VALUE);
      await page.keyboard.press('Control+Enter');
      await seen(page.getByRole('heading', { level: 1, name: NAME }));
      await show('call');
      await main.getByLabel(say('call_filter')).fill('GetSecretValue');
      await main.getByRole('link', { name: 'GetSecretValue', exact: true }).click();
      await parameter(main, 'SecretName').fill(NAME);
      await button('call_preview').click();
      await tab('call_code').click();
      await main.getByRole('tab', { name: 'Node.js' }).click();
      await main.getByRole('button', { name: new RegExp(`^${say('copy_label', { what: 'Node.js: ' })}`) }).click();
      await seen(page.getByText(say('copied')));
      const program = await page.evaluate(() => navigator.clipboard.readText());
      assert.equal((await runNode(program)).SecretData, VALUE);

      // The snapshot, and the deletion.
      await showControls('snapshots');
      await main.getByLabel(say('snapshot_name'), { exact: true }).fill('before');
      await button('snapshot_save').click();
      await seen(main.getByRole('table', { name: say('controls_snapshots') }).getByText('before'));
      await show('secrets');
      await main.getByRole('link', { name: NAME }).click();
      await button('delete').click();
      await parameter(dialog, 'RecoveryWindowInDays').fill('7');
      await confirm('delete');
      await seen(main.getByText(say('state_pending_deletion')));
      await showControls('clock');
      await seen(main.getByRole('table', { name: say('due_title') }).getByText(NAME));
      await button('due_next').click();
      await seen(main.getByText(say('due_none')));
      await show('secrets');
      await seen(main.getByText(say('no_secrets')));
      assert.equal((await send({ Action: 'DescribeSecret', SecretName: NAME })).body.Code, 'Forbidden.ResourceNotFound');

      // The snapshot again.
      await showControls('snapshots');
      const onSnapshot = (key) => main.getByRole('button', { name: say('action_on', { action: say(key), name: 'before' }) }).click();
      await onSnapshot('compare');
      await seen(main.getByRole('row', { name: NAME }).getByText(say('change_removed')));
      await onSnapshot('snapshot_restore');
      await confirm('snapshot_restore');
      await gone(dialog);
      await show('secrets');
      await main.getByRole('link', { name: NAME }).click();
      await main.getByRole('button', { name: say('show_value', { version: 'v1' }) }).click();
      await texts(main.getByRole('region', { name: say('value_of', { version: 'v1' }) }), [VALUE]);
      await eventually(async () => assert.equal((await send({ Action: 'GetSecretValue', SecretName: NAME })).body.SecretData, VALUE));
    }, options);
  }, { fixtures: [] });
}
