// Attacks by hostile web pages in a browser have no effect. Pages of another site, of another port of the same host, and
// of a host name that is rebound to this machine send every kind of request that a page can send. After each attempt the
// test checks that nothing was created, changed, deleted or read.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createServer, request as httpRequest } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

import { Emulator, eventually, launch } from './support.js';

/** The site of the attacker, and a host name of the attacker that points to the emulator. The browser maps both. */
const ATTACKER = 'attacker.test';
const REBOUND = 'rebound.attacker.test';

/** A secret value that no page of the attacker may read. */
const VALUE = 'attacked-value-9c1d';
const NAMES = { alibaba: 'victim', tencent: 'victim' };

/** A server that can listen on all interfaces. Its URL has a loopback address. */
class Server extends Emulator {
  constructor(bind, args = []) {
    super({ fixtures: [], args });
    this.bind = bind;
    this.args = args;
  }

  async start() {
    if (this.bind === '127.0.0.1') return super.start();
    this.child = spawn(process.env.EMULATOR, ['--listen', `${this.bind}:0`, '--log', 'warn', ...this.args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stderr.on('data', (chunk) => (this.log += chunk));
    this.url = await new Promise((resolve, reject) => {
      this.child.stdout.on('data', (chunk) => {
        const port = /listening on http:\S+:(\d+)\n/.exec(String(chunk))?.[1];
        if (port) resolve(`http://127.0.0.1:${port}`);
      });
      this.child.on('exit', (code) => reject(new Error(`the server did not start (${code}): ${this.log}`)));
    });
  }

  async stop() {
    if (!this.child) return super.stop();
    if (this.child.exitCode !== null || this.child.signalCode !== null) return undefined;
    const ended = new Promise((resolve) => this.child.on('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }

  get port() {
    return new URL(this.url).port;
  }

  /** The state that an attack could change. */
  async state() {
    const [state, clock, faults, snapshots, tenants] = await Promise.all(
      ['state?values=true', 'clock', 'faults', 'snapshots', 'tenants'].map((path) => this.control(path)),
    );
    return { state, frozen: clock.frozen, ahead: Math.round(clock.ahead_seconds / 60), faults, snapshots, tenants };
  }

  async seed() {
    await this.control('reset', { body: {} });
    await this.call('alibaba', 'CreateSecret', { SecretName: NAMES.alibaba, VersionId: 'v1', SecretData: VALUE });
    await this.call('tencent', 'CreateSecret', { SecretName: NAMES.tencent, VersionId: 'v1', SecretString: VALUE });
    await this.control('journal', { method: 'DELETE' });
  }

  /** The operations that were called since the journal was cleared. */
  async calls() {
    const { requests } = await this.control('journal?source=any');
    // A browser also requests the icon of a URL.
    const attacks = requests.filter(({ action, code }) => action !== null || !['InvalidAction.NotFound', 'MissingParameter'].includes(code));
    return attacks.map(({ cloud, action, status, code }) => `${cloud} ${action}: ${status} ${code}`);
  }

  /** The response to a request with any headers, including `Host`, which a browser cannot set. */
  raw(path, headers = {}, method = 'GET', body = '') {
    return new Promise((resolve, reject) => {
      const sent = httpRequest({ host: '127.0.0.1', port: this.port, path, method, headers }, (reply) => {
        let text = '';
        reply.on('data', (chunk) => (text += chunk));
        reply.on('end', () => resolve({ status: reply.statusCode, headers: reply.headers, text }));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

/** The web server of the attacker. */
class Site {
  async start() {
    this.html = '';
    this.server = createServer((request, response) => {
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.end(request.url === '/favicon.ico' ? '' : `<!doctype html><title>attacker</title><body>${this.html}`);
    });
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.port = this.server.address().port;
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

let browser = null;
const site = new Site();
before(async () => {
  await site.start();
  browser = await launch({
    chromium: {
      args: [
        `--host-resolver-rules=MAP *.test 127.0.0.1, MAP ${ATTACKER} 127.0.0.1`,
        // Chromium's protection of private networks would block the requests before the server sees them.
        '--disable-features=LocalNetworkAccessChecks,PrivateNetworkAccessSendPreflights,BlockInsecurePrivateNetworkRequests,HttpsUpgrades',
      ],
    },
    firefox: { firefoxUserPrefs: { 'network.dns.localDomains': `${ATTACKER},${REBOUND}` } },
  });
});
after(async () => {
  await browser?.close();
  await site.stop();
});

const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
const query = (pairs) => Object.entries(pairs).map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
/** A query in which `Action` is percent-encoded. */
const encodedAction = (text) => text.replace('Action=', 'Acti%6fn=');

/** A signed query. The access key `test:test` is documented, so attackers know it. */
function signed(parameters) {
  const all = {
    AccessKeyId: 'test', SignatureMethod: 'HMAC-SHA1', SignatureVersion: '1.0', SignatureNonce: String(Math.random()),
    Timestamp: new Date().toISOString().replace(/\.\d+/, ''), Version: '2016-01-20', Format: 'JSON', ...parameters,
  };
  const canonical = Object.keys(all).sort().map((name) => `${encode(name)}=${encode(all[name])}`).join('&');
  const signature = createHmac('sha1', 'test&').update(`GET&%2F&${encode(canonical)}`).digest('base64');
  return `${canonical}&Signature=${encode(signature)}`;
}

/** The same for Tencent Cloud, whose signature covers the host. */
function signedTencent(parameters, host) {
  const all = { Nonce: '11886', SecretId: 'test', Timestamp: String(Math.floor(Date.now() / 1000)), Version: '2019-09-23', ...parameters };
  const text = Object.keys(all).sort().map((name) => `${name}=${all[name]}`).join('&');
  const signature = createHmac('sha1', 'test').update(`GET${host}/?${text}`).digest('base64');
  return `${query(all)}&Signature=${encode(signature)}`;
}

/** Queries that change or read something, for both clouds. */
function cloudQueries(host) {
  const deletion = { Action: 'DeleteSecret', SecretName: NAMES.alibaba, ForceDeleteWithoutRecovery: 'true' };
  const creation = { Action: 'CreateSecret', SecretName: 'planted', VersionId: 'v1', SecretData: 'x' };
  const reading = { Action: 'GetSecretValue', SecretName: NAMES.alibaba };
  const disablingT = { Action: 'DisableSecret', SecretName: NAMES.tencent, Version: '2019-09-23' };
  const creationT = { Action: 'CreateSecret', SecretName: 'planted', VersionId: 'v1', SecretString: 'x', Version: '2019-09-23' };
  const readingT = { Action: 'GetSecretValue', SecretName: NAMES.tencent, VersionId: 'v1', Version: '2019-09-23' };
  return {
    'a deletion': query(deletion),
    'a deletion with an encoded name': encodedAction(query(deletion)),
    'a signed deletion': signed(deletion),
    'a creation with an encoded name': encodedAction(query(creation)),
    'a read': query(reading),
    'a signed read': signed(reading),
    'a disabling on Tencent Cloud': query(disablingT),
    'a disabling on Tencent Cloud with an encoded name': encodedAction(query(disablingT)),
    'a signed disabling on Tencent Cloud': signedTencent(disablingT, host),
    'a creation on Tencent Cloud with an encoded name': encodedAction(query(creationT)),
    'a read on Tencent Cloud': query(readingT),
  };
}

const CONTROLS = {
  'a reset': ['POST', '/_emulator/reset', '{}'],
  'a call': ['POST', '/_emulator/call', JSON.stringify({ cloud: 'alibaba', action: 'DeleteSecret', parameters: { SecretName: 'victim', ForceDeleteWithoutRecovery: true } })],
  'a fault': ['POST', '/_emulator/faults', JSON.stringify({ reset: true })],
  'the clock': ['POST', '/_emulator/clock/freeze', ''],
  'a tenant': ['POST', '/_emulator/tenants', '{}'],
  'the state': ['GET', '/_emulator/state?values=true', ''],
  'the journal': ['GET', '/_emulator/journal', ''],
  'a state of the attacker': ['POST', '/_emulator/state', JSON.stringify({ SecretList: { Secret: [{ SecretName: 'planted', CreateTime: '2024-01-01T00:00:00Z' }] } })],
};

/**
 * The ways in which a page can send a GET request. Each runs in the page and returns what the page could read.
 */
const GETS = {
  'an image': (page, url) => page.evaluate((address) => new Promise((resolve) => {
    const image = new Image();
    image.onload = () => resolve(`loaded ${image.naturalWidth}`);
    image.onerror = () => resolve('');
    image.src = address;
  }), url),
  'an image without a referrer': (page, url) => page.evaluate((address) => new Promise((resolve) => {
    const image = new Image();
    image.referrerPolicy = 'no-referrer';
    image.onload = () => resolve(`loaded ${image.naturalWidth}`);
    image.onerror = () => resolve('');
    image.src = address;
  }), url),
  'a script': (page, url) => page.evaluate((address) => new Promise((resolve) => {
    const script = document.createElement('script');
    script.onload = () => resolve('');
    script.onerror = () => resolve('');
    script.src = address;
    document.head.append(script);
  }), url),
  'a style sheet': (page, url) => page.evaluate((address) => new Promise((resolve) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.onload = () => resolve('');
    link.onerror = () => resolve('');
    link.href = address;
    document.head.append(link);
  }), url),
  'a fetch': (page, url) => page.evaluate(async (address) => {
    try {
      return await (await fetch(address, { credentials: 'include' })).text();
    } catch {
      return '';
    }
  }, url),
  'a blind fetch': (page, url) => page.evaluate(async (address) => {
    try {
      return await (await fetch(address, { mode: 'no-cors', referrerPolicy: 'no-referrer' })).text();
    } catch {
      return '';
    }
  }, url),
  'a frame': (page, url) => page.evaluate((address) => new Promise((resolve) => {
    const frame = document.createElement('iframe');
    frame.onload = () => {
      try {
        resolve(frame.contentDocument?.body.innerText ?? '');
      } catch {
        resolve('');
      }
    };
    frame.src = address;
    document.body.append(frame);
  }), url),
  'an event source': (page, url) => page.evaluate((address) => new Promise((resolve) => {
    const source = new EventSource(address);
    source.onopen = () => { source.close(); resolve('opened'); };
    source.onerror = () => { source.close(); resolve(''); };
  }), url),
  'a form that gets': (page, url) => page.evaluate((address) => new Promise((resolve) => {
    const frame = document.createElement('iframe');
    frame.name = `target${document.forms.length}`;
    document.body.append(frame);
    const form = document.createElement('form');
    const { origin, pathname, searchParams } = new URL(address);
    form.action = origin + pathname;
    form.target = frame.name;
    for (const [name, value] of searchParams) {
      const input = document.createElement('input');
      input.name = name;
      input.value = value;
      form.append(input);
    }
    document.body.append(form);
    frame.onload = () => resolve('');
    form.submit();
  }), url),
};

const POSTS = {
  'a form': (page, url, body, type) => page.evaluate(([address, text, media]) => new Promise((resolve) => {
    const frame = document.createElement('iframe');
    frame.name = `target${document.forms.length}`;
    document.body.append(frame);
    const form = document.createElement('form');
    form.action = address;
    form.method = 'post';
    form.enctype = media === 'application/x-www-form-urlencoded' ? media : 'text/plain';
    form.target = frame.name;
    const pairs = form.enctype === 'text/plain' ? [text.split(/=(.*)/s)] : [...new URLSearchParams(text)];
    for (const [name, value = ''] of pairs) {
      const input = document.createElement('input');
      input.name = name;
      input.value = value;
      form.append(input);
    }
    document.body.append(form);
    frame.onload = () => resolve('');
    form.submit();
  }), [url, body, type]),
  'a blind fetch': (page, url, body, type) => page.evaluate(async ([address, text, media]) => {
    try {
      const headers = { 'Content-Type': media };
      return await (await fetch(address, { method: 'POST', mode: 'no-cors', headers, body: text })).text();
    } catch {
      return '';
    }
  }, [url, body, type]),
  'a fetch of JSON': (page, url, body) => page.evaluate(async ([address, text]) => {
    try {
      const headers = { 'Content-Type': 'application/json' };
      return await (await fetch(address, { method: 'POST', headers, body: text })).text();
    } catch {
      return '';
    }
  }, [url, body]),
  'a fetch without a referrer': (page, url, body, type) => page.evaluate(async ([address, text, media]) => {
    try {
      const headers = { 'Content-Type': media };
      return await (await fetch(address, { method: 'POST', mode: 'no-cors', referrerPolicy: 'no-referrer', headers, body: text })).text();
    } catch {
      return '';
    }
  }, [url, body, type]),
  'a beacon': (page, url, body, type) => page.evaluate(([address, text, media]) => {
    navigator.sendBeacon(address, new Blob([text], { type: media }));
    return '';
  }, [url, body, type]),
};

const FORM = 'application/x-www-form-urlencoded';

/** The origins of the attacker's page, and the host names it uses for the server. */
const POSITIONS = {
  'another site': { page: (port) => `http://${ATTACKER}:${port}/`, host: (server) => `127.0.0.1:${server.port}` },
  'another site, by the name localhost': { page: (port) => `http://${ATTACKER}:${port}/`, host: (server) => `localhost:${server.port}` },
  'another port': { page: (port) => `http://127.0.0.1:${port}/`, host: (server) => `127.0.0.1:${server.port}` },
};

for (const bind of ['127.0.0.1', '0.0.0.0']) {
  for (const [position, { page: address, host }] of Object.entries(POSITIONS)) {
    describe(`A page of ${position}, against a server on ${bind}`, () => {
      const server = new Server(bind);
      let context = null;
      before(async () => {
        await server.start();
        await server.seed();
        context = await browser.newContext();
        context.setDefaultTimeout(10_000);
      });
      after(async () => {
        await context?.close();
        await server.stop();
      });

      /** Runs `body` with a new page of the attacker. */
      const withAttackerPage = async (body) => {
        const page = await context.newPage();
        const pending = new Set();
        page.on('request', (request) => pending.add(request));
        for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => pending.delete(request));
        try {
          await page.goto(address(site.port));
          const result = await body(page);
          // Beacons are sent later. An open event stream does not end, which is accepted.
          await eventually(() => assert.equal(pending.size, 0), 2_000).catch(() => null);
          return result;
        } finally {
          await page.close();
        }
      };

      /** Makes attempts from one page, and returns the problems. */
      const attack = async (all, { allow = [] } = {}) => {
        const before = await server.state();
        const problems = await withAttackerPage(async (page) => {
          const found = [];
          for (const [name, send] of all) {
            const read = String(await Promise.race([send(page), pause(3_000)]));
            if (read.includes(VALUE) || /^(loaded|opened)/.test(read)) found.push(`${name}: the page read ${read.slice(0, 60)}`);
          }
          return found;
        });
        const names = all.map(([name]) => name).join(', ');
        if (!isDeepStrictEqual(await server.state(), before)) problems.push(`${names}: the state changed`);
        const calls = (await server.calls()).filter((request) => !allow.includes(request));
        if (calls.length > 0) problems.push(`${names}: operations were called: ${calls.join(', ')}`);
        if (problems.length > 0) {
          await server.control('faults', { method: 'DELETE' });
          await server.control('clock', { method: 'DELETE' });
          await server.seed();
        }
        return problems;
      };

      /** Makes all attempts, and fails if one succeeds. If there are problems, repeats the attempts one by one to name it. */
      const allFail = async (all, options) => {
        const together = await attack(all, options);
        const found = [];
        if (together.length > 0) {
          for (const one of all) found.push(...await attack([one], options));
          if (found.length === 0) found.push(...together);
        }
        assert.deepEqual(found, []);
      };

      for (const [way, send] of Object.entries(GETS)) {
        it(`has no effect with ${way}`, () => allFail([
          ...Object.entries(cloudQueries(host(server))).map(([name, text]) => [name, (from) => send(from, `http://${host(server)}/?${text}`)]),
          ...['/_emulator/state?values=true', '/_emulator/journal/events', '/_emulator/journal', '/_emulator/reset'].map(
            (path) => [path, (from) => send(from, `http://${host(server)}${path}`)],
          ),
        ]));
      }
      for (const [way, send] of Object.entries(POSTS)) {
        it(`has no effect with ${way} by POST`, () => allFail([
          ...Object.entries(cloudQueries(host(server))).flatMap(([name, text]) => [
            [name, (from) => send(from, `http://${host(server)}/`, text, FORM)],
            [`${name}, in the query`, (from) => send(from, `http://${host(server)}/?${text}`, '', 'text/plain')],
          ]),
          ...Object.entries(CONTROLS).map(([name, [, path, body]]) => [name, (from) => send(from, `http://${host(server)}${path}`, body, 'text/plain')]),
        ]));
      }
      it('has no effect by navigation', () => allFail(
        Object.entries(cloudQueries(host(server))).map(([name, text]) => [name, async (page) => {
          await page.goto(address(site.port));
          await page.evaluate((target) => { location.href = target; }, `http://${host(server)}/?${text}`);
          await page.waitForURL((url) => url.port === server.port);
          return '';
        }]),
      ));
      it('is rejected by the server with CrossSiteRequest', () => withAttackerPage(async (page) => {
        const found = [];
        for (const target of [`/?${query({ Action: 'ListSecrets' })}`, `/?${signed({ Action: 'ListSecrets' })}`, '/?Action=ListSecrets&Version=2019-09-23', '/_emulator/state', '/_emulator/journal']) {
          await page.goto(address(site.port));
          // Playwright can read responses to navigations only.
          const [reply] = await Promise.all([
            page.waitForResponse((response) => response.url().endsWith(target)),
            page.evaluate((url) => { location.href = url; }, `http://${host(server)}${target}`),
          ]);
          const text = await reply.text().catch(() => '');
          const code = text && reply.status() === 403 ? JSON.parse(text).code : 'CrossSiteRequest';
          if (reply.status() !== 403 || code !== 'CrossSiteRequest') found.push(`${target}: ${reply.status()} ${code}`);
        }
        assert.deepEqual(found, []);
      }));
      it('can link to the page of the server', () => withAttackerPage(async (page) => {
        for (const path of ['/', '/_emulator/explorer/index.html']) {
          await page.goto(address(site.port));
          await page.evaluate((target) => { location.href = target; }, `http://${host(server)}${path}`);
          await page.waitForURL((url) => url.port === server.port);
          await page.locator('main h1').first().waitFor();
        }
      }));
      it('cannot show the page of the server in a frame', () => withAttackerPage(async (page) => {
        await GETS['a frame'](page, `http://${host(server)}/_emulator/explorer/index.html`);
        const frame = page.frames().find((one) => one !== page.mainFrame());
        assert.ok(!(await frame?.content() ?? '').includes('kms-emulator'), 'the page is shown in a frame');
      }));
    });
  }

  describe(`A rebound name, against a server on ${bind}`, () => {
    const server = new Server(bind);
    let context = null;
    let page = null;
    before(async () => {
      await server.start();
      await server.seed();
      context = await browser.newContext();
      context.setDefaultTimeout(10_000);
      page = await context.newPage();
    });
    after(async () => {
      await context?.close();
      await server.stop();
    });

    it('gets no access, even for requests of its own origin', async () => {
      const origin = `http://${REBOUND}:${server.port}`;
      // Responses under the name of the attacker have the origin of the attacker.
      await page.goto(`${origin}/_emulator/health`);
      const before = await server.state();
      const found = [];
      for (const [target, method, body] of [
        ['/_emulator/state?values=true', 'GET'],
        ['/_emulator/journal', 'GET'],
        ['/_emulator/reset', 'POST', '{}'],
        ['/_emulator/call', 'POST', CONTROLS['a call'][2]],
        ...Object.values(cloudQueries(`${REBOUND}:${server.port}`)).map((text) => [`/?${text}`, 'GET']),
        ['/', 'POST', query({ Action: 'DeleteSecret', SecretName: 'victim', ForceDeleteWithoutRecovery: 'true' })],
        ['/', 'GET'],
        ['/_emulator/explorer/index.html', 'GET'],
        ['/_emulator/health', 'GET'],
      ]) {
        const reply = await page.evaluate(async ([address, verb, text]) => {
          const headers = text ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {};
          try {
            const answer = await fetch(address, { method: verb, body: text, headers });
            return `${answer.status} ${await answer.text()}`;
          } catch (error) {
            return String(error);
          }
        }, [target, method, body]);
        if (!reply.startsWith('403 ') || !reply.includes('"HostNotAllowed"')) found.push(`${method} ${target.slice(0, 60)}: ${reply.slice(0, 60)}`);
      }
      assert.deepEqual(found, []);
      assert.deepEqual(await server.state(), before);
    });

    it('gets no access with other spellings of the Host header', async () => {
      const { port } = server;
      const found = [];
      for (const [host, expected] of [
        [`127.0.0.1:${port}`, 200], [`localhost:${port}`, 200], [`kms.localhost:${port}`, 200], ['[::1]', 200], ['kms-emulator:8080', 200],
        ['host.docker.internal', 200], ['host.containers.internal', 200], ['gateway.docker.internal', 200], ['host.minikube.internal', 200], ['host.lima.internal', 200],
        ['kms.cn-hangzhou.aliyuncs.com', 200], ['ssm.tencentcloudapi.com', 200], ['ssm.ap-guangzhou.tencentcloudapi.com', 200],
        [`${REBOUND}:${port}`, 403], ['evil.example', 403], ['[127.0.0.1]evil.example', 403], [`localhost:80@evil.example`, 403], ['127.0.0.1.nip.io', 403],
        ['localhost.evil.example', 403], ['kms.oss-cn-hangzhou.aliyuncs.com.evil.example', 403], ['bucket.kms.oss-cn-hangzhou.aliyuncs.com', 403],
        ['evilaliyuncs.com', 403], ['kms..aliyuncs.com', 403], ['kms.a.b.aliyuncs.com', 403], ['host.docker.internal.evil.example', 403],
        ['127.0.0.1, evil.example', 403], ['evil.example#127.0.0.1', 403], ['\u00e4.example', 403],
      ]) {
        const reply = await server.raw('/?Action=ListSecrets', { Host: Buffer.from(host, 'utf8').toString('latin1') });
        // The HTTP library may reject invalid host names with 400 first.
        const isRejected = expected === 403 && reply.status === 400;
        if (reply.status !== expected && !isRejected) found.push(`${host}: ${reply.status} instead of ${expected}`);
      }
      assert.deepEqual(found, []);
    });
  });

  describe(`The page of the server itself, on ${bind}`, () => {
    const server = new Server(bind);
    let context = null;
    before(async () => {
      await server.start();
      await server.seed();
      context = await browser.newContext({ locale: 'en-US' });
      context.setDefaultTimeout(10_000);
    });
    after(async () => {
      await context?.close();
      await server.stop();
    });

    for (const name of ['127.0.0.1', 'localhost', 'kms.localhost']) {
      it(`works at ${name}`, async () => {
        const page = await context.newPage();
        await page.goto(`http://${name}:${server.port}/#/secrets`);
        await page.getByRole('link', { name: NAMES.alibaba }).first().waitFor();
        const status = await page.evaluate(async () => (await fetch('/_emulator/clock/freeze', { method: 'POST' })).status);
        assert.equal(status, 200);
        const created = await page.evaluate(async () => (await fetch('/', { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: `Action=CreateSecret&SecretName=own${Math.random()}&VersionId=v1&SecretData=x` })).status);
        assert.equal(created, 200);
        await server.control('clock', { method: 'DELETE' });
        await page.close();
      });
    }
  });
}

describe('Replies', () => {
  const server = new Server('127.0.0.1');
  before(() => server.start());
  after(() => server.stop());

  it('of clouds and controls forbid caching, sniffing, embedding and framing', async () => {
    const missing = [];
    for (const [path, headers] of [
      ['/?Action=ListSecrets', {}],
      ['/?Action=ListSecrets&Format=XML', {}],
      ['/?Action=Nothing', {}],
      ['/', { 'X-TC-Action': 'ListSecrets', 'X-TC-Version': '2019-09-23' }],
      ['/_emulator/health', {}],
      ['/_emulator/state', {}],
      ['/_emulator/openapi.json', {}],
      ['/_emulator/nowhere', {}],
      ['/_emulator/metrics', {}],
      ['/?Action=ListSecrets', { 'Sec-Fetch-Site': 'cross-site' }],
      ['/?Action=ListSecrets', { Host: 'evil.example' }],
    ]) {
      const { headers: given } = await server.raw(path, headers);
      for (const [name, pattern] of [
        ['cache-control', /\bno-store\b/],
        ['x-content-type-options', /^nosniff$/],
        ['cross-origin-resource-policy', /^same-origin$/],
        ['content-security-policy', /frame-ancestors 'none'/],
      ]) {
        if (!pattern.test(given[name] ?? '')) missing.push(`${path} ${JSON.stringify(headers)}: ${name}: ${given[name]}`);
      }
    }
    assert.deepEqual(missing, []);
  });

  it('for other addresses than loopback depend on the headers that the browser sends', async () => {
    const host = `192.0.2.7:${server.port}`;
    const browserName = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0' };
    const create = (name) => `/?Action=CreateSecret&SecretName=${name}&VersionId=v1&SecretData=x`;
    const found = [];
    for (const [what, path, headers, expected] of [
      ['a client without browser headers', create('a'), {}, 200],
      ['a browser without origin headers that changes something', create('b'), browserName, 403],
      ['a browser without origin headers that changes something, with an encoded name', encodedAction(create('c')), browserName, 403],
      ['a referrer of another site', create('d'), { ...browserName, Referer: 'http://attacker.test/' }, 403],
      ['a referrer of another site that only reads', '/?Action=ListSecrets', { ...browserName, Referer: 'http://attacker.test/' }, 403],
      ['a referrer of another port', create('e'), { ...browserName, Referer: 'http://192.0.2.7:1/' }, 403],
      ['a referrer of the same origin', create('f'), { ...browserName, Referer: `http://${host}/` }, 200],
      ['an origin of another site', create('g'), { Origin: 'http://attacker.test' }, 403],
      ['an origin of null', create('h'), { Origin: 'null' }, 403],
      ['an origin of another port', create('i'), { Origin: 'http://192.0.2.7:1' }, 403],
      ['its own origin', create('k'), { Origin: `http://${host}` }, 200],
      ['the same site with another port', create('l'), { 'Sec-Fetch-Site': 'same-site' }, 403],
      ['a URL entered by the user', '/?Action=ListSecrets', { 'Sec-Fetch-Site': 'none', ...browserName }, 200],
    ]) {
      const reply = await server.raw(path, { Host: host, ...headers });
      if (reply.status !== expected) found.push(`${what}: ${reply.status} instead of ${expected}`);
    }
    assert.deepEqual(found, []);
  });
});

describe('A page of an allowed origin', () => {
  let context = null;
  before(async () => {
    context = await browser.newContext();
    context.setDefaultTimeout(10_000);
  });
  after(() => context?.close());

  it('can read and change, with a preflight request if needed', async () => {
    const allowed = new Server('0.0.0.0', ['--allow-origin', `http://${ATTACKER}:${site.port}`]);
    try {
      await allowed.start();
      await allowed.seed();
      const page = await context.newPage();
      await page.goto(`http://${ATTACKER}:${site.port}/`);
      const ask = (target, options) => page.evaluate(async ([address, given]) => {
        const reply = await fetch(address, given);
        return `${reply.status} ${await reply.text()}`;
      }, [`${allowed.url}${target}`, options]);
      assert.match(await ask('/?Action=ListSecrets'), /^200 .*victim/s);
      assert.match(await ask('/_emulator/state', {}), /^200 .*victim/s);
      const json = { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-TC-Action': 'ListSecrets', 'X-TC-Version': '2019-09-23' }, body: '{}' };
      assert.match(await ask('/', json), /^200 .*victim/s);
      // Other origins are still rejected.
      await page.goto(`http://localhost:${site.port}/`);
      assert.match(await ask('/?Action=ListSecrets', { mode: 'no-cors' }).catch((error) => String(error)), /^(0 |.*Failed to fetch)/s);
      await eventually(async () => assert.equal((await allowed.calls()).length, 2));
      await page.close();
    } finally {
      await allowed.stop();
    }
  });
});
