// The addresses of all views and dialogs, for tests that visit all of them.

import { picker, seen, visit } from './support.js';

/** The widths of a phone, a tablet, a laptop and a desktop. */
export const WIDTHS = [390, 768, 1280, 1920];

export const THEMES = ['light', 'dark'];

/** The widths at which a view is shown in each language and theme: each width once. */
export const LOOKS = {
  English: { light: [1280], dark: [768] },
  简体中文: { light: [390], dark: [1920] },
};

/** Every width in every theme. */
export const ALL_LOOKS = { light: WIDTHS, dark: WIDTHS };

/**
 * Creates data for all views, and returns their addresses by name.
 *
 * @param {import('./support.js').Emulator} emulator
 */
export async function prepareViews(emulator) {
  await emulator.call('alibaba', 'ListSecrets', { PageSize: 5 });
  await emulator.send('alibaba', 'DescribeSecret', { SecretName: 'no-such-secret' });
  const { requests: [wrong] } = await emulator.control('journal?limit=1');
  await emulator.call('tencent', 'ListSecrets');
  await fetch(`${emulator.url}/?Action=ListSecrets&Version=2016-01-20&AccessKeyId=test&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&SignatureNonce=1&Timestamp=2020-01-01T00:00:00Z&Signature=wrong`);
  const { requests: [mismatch] } = await emulator.control('journal?limit=1');
  await emulator.control('faults', { body: { match: { action: 'GetRandomPassword' }, error: 'Rejected.Throttling', times: 2 } });
  await emulator.control('snapshots/before?region=cn-hangzhou', { method: 'PUT' });
  const { KeyMetadata: { KeyId } } = await emulator.call('alibaba', 'CreateKey', { Description: 'encrypts orders' });
  await emulator.call('alibaba', 'CreateAlias', { KeyId, AliasName: 'alias/orders' });
  await emulator.control('tenants', { body: { ttl: '1h', clock: true } });
  return {
    connect: '#/connect',
    'connect-tencent': '#/connect?cloud=tencent',
    secrets: '#/secrets',
    'secrets-filtered': `#/secrets?filters=${encodeURIComponent('[{"Key":"TagKey","Values":["team"]}]')}&size=2`,
    'secrets-none': '#/secrets?region=cn-beijing',
    'secrets-error': `#/secrets?filters=${encodeURIComponent('[{"Key":"Colour","Values":["red"]}]')}`,
    'secrets-tencent': `#/secrets?cloud=tencent&filters=${encodeURIComponent('{"SearchSecretName":"shop"}')}`,
    secret: '#/secret?name=shop%2Fdb%2Fpassword',
    'secret-deleted': '#/secret?name=legacy-token',
    'secret-tencent': '#/secret?cloud=tencent&name=shop-db-password',
    keys: '#/keys',
    'keys-tencent': '#/keys?cloud=tencent',
    key: `#/key?name=${KeyId}`,
    'dialog-create-key': '#/keys?form=create',
    'dialog-create': '#/secrets?form=create',
    'dialog-create-tencent': '#/secrets?cloud=tencent&form=create',
    ...Object.fromEntries(['put', 'stage', 'describe', 'tag', 'delete'].map((form) => [`dialog-${form}`, `#/secret?name=shop%2Fdb%2Fpassword&version=v1&form=${form}`])),
    call: '#/call',
    'call-form': '#/call?action=ListSecrets',
    'call-create': '#/call?action=CreateSecret',
    'call-request': '#/call?action=ListSecrets&pane=request',
    'call-signing': '#/call?action=ListSecrets&pane=signing',
    'call-code': '#/call?action=ListSecrets&pane=code&code=curl',
    'call-source': `#/call?action=${encodeURIComponent('/latest/meta-data/ram/security-credentials/[role]')}&pane=request`,
    'call-tencent': '#/call?cloud=tencent&action=ListSecrets',
    journal: '#/journal',
    'journal-calls': '#/journal?calls=yes',
    'journal-filtered': '#/journal?verdict=refused',
    'journal-none': '#/journal?code=Nothing',
    'journal-request': `#/journal?request=${wrong.request_id}`,
    ...Object.fromEntries(['reply', 'signature', 'code', 'again'].map((tab) => [`journal-${tab}`, `#/journal?request=${wrong.request_id}&tab=${tab}`])),
    'journal-difference': `#/journal?request=${mismatch.request_id}`,
    ...Object.fromEntries(['clock', 'faults', 'reset', 'snapshots', 'tenants', 'coverage'].map((part) => [`controls-${part}`, `#/controls?part=${part}`])),
  };
}

/** Opens a view, and waits for its dialog if it has one. Leaves the page first if a dialog is open. */
export async function showView(page, name, address) {
  const dialog = page.getByRole('dialog');
  // A dialog keeps what was entered, and may ask before it closes.
  if (await dialog.isVisible()) await page.goto('about:blank');
  await visit(page, address);
  if (name.startsWith('dialog-')) await seen(dialog);
}

/** Selects a language by its own name. */
export async function speak(page, language) {
  await picker(page, /^(Language|语言)$/).selectOption(language);
  await seen(page.locator(`html[lang="${language === 'English' ? 'en' : 'zh-CN'}"]`));
}

/** Shows a theme, as the page does, also while a dialog covers the picker. */
export function showTheme(page, theme) {
  return page.evaluate((name) => (document.documentElement.dataset.theme = name), theme);
}
