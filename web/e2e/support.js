// Shared by all tests: a server, and a page in a browser that fails the test on unexpected errors.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { chromium, firefox } from 'playwright-core';

/** A file of this repository. */
export function repositoryFile(path) {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

function readJson(path) {
  return JSON.parse(readFileSync(repositoryFile(path), 'utf8'));
}

/** The secrets of the seeds in the order of ListSecrets: the oldest first on Alibaba Cloud, the newest on Tencent Cloud. */
export const ALIBABA = readJson('fixtures/seed.json').SecretList.Secret.sort(
  (one, other) => compare(one.CreateTime, other.CreateTime) || compare(one.SecretName, other.SecretName),
);
export const TENCENT = readJson('fixtures/seed-tencent.json').Response.SecretMetadatas;

function compare(one, other) {
  return one < other ? -1 : Number(one > other);
}

/** The environment without settings of other servers. */
const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('KMS_EMULATOR_')));

const SEEDS = ['fixtures/seed.json', 'fixtures/seed-tencent.json'].map(repositoryFile);

/** The time limit for the start of a server. A debug build on a busy machine needs a minute for 100,000 secrets. */
const START_LIMIT_MS = 180_000;

/** The time limit for a change on the page. Firefox on a busy machine needs more than 10 seconds for a view. */
const PATIENCE_MS = 30_000;

/** A server on a free port. */
export class Emulator {
  url = '';
  log = '';
  #process;
  #settings;

  /** `fixtures` can be a function, for files that are created in `before`. */
  constructor({ fixtures = SEEDS, args = [], isReady = async () => {} } = {}) {
    this.#settings = { fixtures, args, isReady };
  }

  /** Starts the server; after a stop, on the same port. */
  async start() {
    const program = process.env.EMULATOR;
    assert.ok(program, 'EMULATOR is the path of the program under test');
    const listen = this.url ? new URL(this.url).host : '127.0.0.1:0';
    const { fixtures, args, isReady } = this.#settings;
    const files = typeof fixtures === 'function' ? fixtures() : fixtures;
    const logged = args.includes('--log') ? [] : ['--log', 'warn'];
    const options = [...logged, ...args, ...files.flatMap((path) => ['--fixtures', path])];
    this.#process = spawn(program, ['--listen', listen, ...options], { env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process.stderr.on('data', (chunk) => (this.log += chunk));
    let deadline;
    this.url = await new Promise((resolve, reject) => {
      deadline = setTimeout(() => reject(new Error(`the server printed no address: ${this.log}`)), START_LIMIT_MS);
      let output = '';
      this.#process.stdout.on('data', (chunk) => {
        output += chunk;
        this.log += chunk;
        const address = /listening on (http:\S+)\n/.exec(output)?.[1];
        if (address) resolve(address);
      });
      this.#process.on('error', reject);
      this.#process.on('exit', (code) => reject(new Error(`the server did not start (${code}): ${this.log}`)));
    }).finally(() => clearTimeout(deadline));
    await isReady(this);
  }

  async stop() {
    const running = this.#process;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((resolve) => running.on('exit', resolve));
    running.kill('SIGKILL');
    await ended;
  }

  /** The response of the control API. */
  async control(path, { method, body, token } = {}) {
    const reply = await fetch(`${this.url}/_emulator/${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      body: body && JSON.stringify(body),
      headers: token ? { Authorization: `Bearer ${token}` } : {},
    });
    const text = await reply.text();
    assert.ok(reply.ok, `${path}: ${text}`);
    return text ? JSON.parse(text) : null;
  }

  /** The status and the body of the response to a request of a client, signed as the page signs it. */
  async send(cloud, action, parameters = {}, more = {}) {
    const { request } = await this.control('call', { body: { cloud, action, parameters, ...more, send: false } });
    // `fetch` cannot send the header `Host`, which selects the region.
    const options = { method: request.method, headers: Object.fromEntries(request.headers) };
    return new Promise((resolve, reject) => {
      const sent = httpRequest(request.url, options, async (reply) => {
        let body = '';
        for await (const chunk of reply.setEncoding('utf8')) body += chunk;
        resolve({ status: reply.statusCode, body });
      });
      sent.on('error', reject);
      sent.end(request.body);
    });
  }

  /** The response of an operation of a cloud. Fails if the operation fails. */
  async call(cloud, action, parameters = {}, more = {}) {
    const reply = await this.send(cloud, action, parameters, more);
    const body = JSON.parse(reply.body);
    const result = body.Response ?? body;
    assert.ok(reply.status === 200 && !result.Error, `${action}: ${reply.body}`);
    return result;
  }

  /** Restores the state after the start. */
  async reset() {
    // The clock first: with a later time the loaded secrets could be deleted immediately.
    await this.control('clock', { method: 'DELETE' });
    await this.control('faults', { method: 'DELETE' });
    await this.control('reset', { body: { fixtures: true } });
    await this.control('journal', { method: 'DELETE' });
  }
}

/** The browser under test: `chromium` or `firefox`. */
export const BROWSER = process.env.EXPLORER_BROWSER || 'chromium';

const LAUNCH = {
  chromium: (options) => chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    ...options,
    // The sandbox of Chromium works neither as root nor without user namespaces.
    args: [...(options.args ?? []), ...(process.getuid?.() === 0 || process.env.CI ? ['--no-sandbox'] : [])],
  }),
  // The channel selects WebDriver BiDi, which needs no patched Firefox.
  firefox: (options) => firefox.launch({ executablePath: process.env.FIREFOX || '/usr/bin/firefox-esr', channel: 'moz-firefox', ...options }),
};

/** Starts the browser under test. `options` has options of Playwright for each browser. */
export function launch(options = {}) {
  return LAUNCH[BROWSER](options[BROWSER] ?? {});
}

let browser = null;
/** The directory of the files that Firefox downloads. */
let downloads = '';

/** Opens the browser of this test file once. */
function openBrowser() {
  downloads ||= mkdtempSync(path.join(os.tmpdir(), 'kms-emulator-downloads-'));
  browser ??= launch({
    // The preference allows tests to read the clipboard.
    firefox: { downloadsPath: downloads, firefoxUserPrefs: { 'dom.events.testing.asyncClipboard': true } },
  });
  return browser;
}

after(async () => {
  await (await browser)?.close();
  if (downloads) rmSync(downloads, { recursive: true });
});

/**
 * Describes tests that share a server. `define` is called with the server and a function `test`, which runs a test with a
 * page in a new browser context: `test(name, async (page) => …, options)`.
 *
 * Options are those of a Playwright context, and `allow`: patterns of problems that the test causes on purpose.
 */
export function suite(title, define, settings = {}) {
  describe(title, () => {
    const emulator = new Emulator(settings);
    before(() => Promise.all([emulator.start(), openBrowser()]));
    after(() => emulator.stop());
    const test = (name, body, options) => it(name, () => withPage(emulator, options, body));
    define({ emulator, test });
  });
}

/** Runs `body` with a page in a new context. Fails if the page had problems. */
export async function withPage(emulator, { allow = [], ...options } = {}, body) {
  const context = await (await openBrowser()).newContext({
    baseURL: emulator.url,
    locale: 'en-US',
    colorScheme: 'light',
    viewport: { width: 1280, height: 900 },
    ...(BROWSER === 'chromium' ? { permissions: ['clipboard-read', 'clipboard-write'] } : {}),
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  if (process.env.DIST) await useFiles(context, process.env.DIST);
  const problems = [];
  const page = await context.newPage();
  watch(page, emulator.url, (problem) => allow.some((pattern) => pattern.test(problem)) || problems.push(problem));
  try {
    await body(page);
    assert.deepEqual(problems, [], 'problems of the page');
  } catch (error) {
    if (problems.length > 0) error.message += `\nproblems of the page: ${problems.join('\n')}`;
    error.message += `\nat ${page.url()}`;
    // The tests after it do not fail for what this one leaves. The server may be stopped, or require a token.
    await emulator.reset().catch(() => {});
    throw error;
  } finally {
    await context.close();
  }
}

/** Serves the script and the style of the page from a directory, to test a build without rebuilding the server. */
function useFiles(context, directory) {
  return context.route(/\/_emulator\/explorer\/[\w.]+\.(?:js|css)$/, async (route) => {
    const response = await route.fetch();
    const name = new URL(route.request().url()).pathname.split('/').at(-1);
    await route.fulfill({ response, body: readFileSync(path.resolve(directory, name), 'utf8') });
  });
}

/** How browsers name a request that the page cancelled. */
const CANCELLED = ['net::ERR_ABORTED', 'NS_BINDING_ABORTED'];

/** Problems that a stopped server causes, as browsers name them. */
export const LOST = /ERR_|NS_ERROR_/;

/** Reports errors, warnings, failed requests, and requests to other servers. */
function watch(page, origin, report) {
  page.on('pageerror', (error) => report(`error: ${error}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) report(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith('blob:')) report(`elsewhere: ${request.url()}`);
  });
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText;
    // The page cancels requests whose results it no longer needs.
    if (!CANCELLED.includes(reason)) report(`failed: ${request.url()} ${reason}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) report(`status: ${response.status()} ${response.url()}`);
  });
}

/** Opens an address of the page, and waits until the view is loaded. */
export async function visit(page, hash = '#/secrets') {
  await page.goto(`/${hash}`);
  await settled(page);
}

/** Waits until the view of the address is shown, has its heading, and nothing is loading. */
export async function settled(page) {
  await page.locator('main h1').first().waitFor();
  await page.waitForFunction(
    () => document.querySelector('main').dataset.shown === location.hash && !document.querySelector('main .loading, main [aria-busy="true"]'),
  );
}

/** Repeats a check until it passes. After the time limit it fails with the last error. */
export async function eventually(check, milliseconds = PATIENCE_MS) {
  const end = Date.now() + milliseconds;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await pause(20);
    }
  }
}

/** Waits until an element is visible. */
export function seen(locator) {
  return locator.first().waitFor();
}

/** Waits until an element is not visible. */
export function gone(locator) {
  return locator.first().waitFor({ state: 'hidden' });
}

/** Waits until elements have these texts, with white space collapsed. */
export function texts(locator, expected) {
  return eventually(async () => assert.deepEqual((await locator.allInnerTexts()).map(plain), expected));
}

/** Waits until a control has this value. */
export function valued(locator, expected) {
  return eventually(async () => assert.equal(await locator.inputValue(), expected));
}

/** Types a number instead of the current one. (`fill` adds to the number in Firefox.) */
export async function typeNumber(input, digits) {
  await input.press('ControlOrMeta+a');
  await input.pressSequentially(digits);
}

/** Drops a file onto the page. */
export function dropFile(page, name, text) {
  return page.evaluate(([name, text]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], name));
    for (const type of ['dragover', 'drop']) document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, [name, text]);
}

/** The name and the text of the file that an action downloads. */
export async function downloaded(page, action) {
  if (BROWSER === 'chromium') {
    const [download] = await Promise.all([page.waitForEvent('download'), action()]);
    return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
  }
  // Playwright ignores downloads of blobs in Firefox, which saves them all the same.
  for (const name of readdirSync(downloads)) rmSync(path.join(downloads, name));
  await action();
  return eventually(() => {
    const [name, ...others] = readdirSync(downloads);
    assert.ok(name && others.length === 0, 'one complete file');
    const text = readFileSync(path.join(downloads, name), 'utf8');
    assert.ok(text, `${name} is empty`);
    return { name, text };
  });
}

export function plain(text) {
  return text.replace(/\s+/g, ' ').trim();
}

/** Waits until the address has this path and these values. */
export function addressed(page, path, values) {
  return eventually(() => {
    const [actual, query = ''] = new URL(page.url()).hash.slice(2).split('?');
    assert.deepEqual({ path: actual, ...Object.fromEntries(new URLSearchParams(query)) }, { path, ...values });
  });
}

/** Waits until an element has the focus. */
export function focused(locator) {
  return eventually(async () => assert.ok(await locator.evaluate((element) => element === document.activeElement), 'the element does not have the focus'));
}

/** A picker by its label: Cloud, Account and Region in the header, Language and Theme in the status bar. */
export function picker(page, name) {
  const isPreference = /anguage|heme|语言|主题/.test(String(name));
  return page.getByRole(isPreference ? 'contentinfo' : 'banner').getByRole('combobox', { name, exact: true });
}

/** The texts of a table: its column headers and its rows. */
export async function tableTexts(page, name) {
  const table = page.getByRole('table', { name, exact: true });
  return {
    heads: (await table.getByRole('columnheader').allInnerTexts()).map(plain),
    rows: await table.locator('tbody tr').evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.innerText.replace(/\s+/g, ' ').trim()))),
  };
}

/** An address of the page. */
export function hash(path, values = {}) {
  return `#/${path}?${new URLSearchParams(values)}`;
}
