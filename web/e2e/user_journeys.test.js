// Journeys of users through the page: languages, themes, keyboard, narrow screens, addresses, errors, empty states, token.

import assert from 'node:assert/strict';

import { ALIBABA, BROWSER, LOST, addressed, eventually, focused, gone, hash, picker, seen, settled, suite, texts, valued, visit } from './support.js';

const NAMES = ALIBABA.map(({ SecretName }) => SecretName);
const VIEWS = { connect: 'Connect', secrets: 'Secrets', call: 'Call', journal: 'Journal', controls: 'Controls' };
const CHINESE = { connect: '连接', secrets: '凭据', keys: '密钥', call: '调用', journal: '请求日志', controls: '控制' };

const heading = (page, name) => page.getByRole('heading', { level: 1, name, exact: true });
const names = (page) => page.getByRole('table').first().getByRole('rowheader');

suite('The page', ({ emulator, test }) => {
  test('is in Chinese if that is the first known language of the browser', async (page) => {
    await visit(page);
    await seen(heading(page, '凭据'));
    assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
    await texts(page.getByRole('navigation', { name: '视图' }).getByRole('link'), Object.values(CHINESE));
    await seen(page.getByText('第 1 至 8 个凭据，共 8 个'));
    await texts(page.getByRole('columnheader'), ['名称', '类型', '状态', '计划删除', '标签', '创建时间 (UTC)', '更新时间 (UTC)']);
  }, { locale: 'zh-CN' });

  test('is in English where the browser asks for any other language', async (page) => {
    await visit(page);
    await seen(heading(page, 'Secrets'));
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  }, { locale: 'de-DE' });

  test('changes its language, and keeps it', async (page) => {
    await visit(page, hash('secret', { name: 'shop/db/password' }));
    await picker(page, 'Language').selectOption('简体中文');
    await seen(page.getByRole('heading', { level: 2, name: '版本', exact: true }));
    await focused(picker(page, '语言'));
    await page.reload();
    await seen(page.getByRole('heading', { level: 2, name: '版本', exact: true }));
    await addressed(page, 'secret', { name: 'shop/db/password' });
    for (const [path, name] of Object.entries(CHINESE)) {
      await page.getByRole('navigation', { name: '视图' }).getByRole('link', { name, exact: true }).click();
      await seen(heading(page, name));
      assert.match(await page.title(), new RegExp(`^${name}`), path);
    }
    await picker(page, '语言').selectOption('English');
    await seen(heading(page, 'Controls'));
  });

  const background = (page) => page.evaluate(() => {
    const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g).map(Number);
    return red + green + blue < 3 * 128 ? 'dark' : 'light';
  });

  test('keeps the selected theme', async (page) => {
    await visit(page);
    for (const [name, expected] of [['Dark theme', 'dark'], ['Light theme', 'light']]) {
      await picker(page, 'Theme').selectOption(name);
      assert.equal(await background(page), expected);
      await page.reload();
      await settled(page);
      assert.equal(await background(page), expected);
    }
  });

  // Playwright does not change the theme of the system in Firefox.
  if (BROWSER === 'chromium') {
    test('follows the theme of the system, unless one is selected', async (page) => {
      await visit(page);
      assert.equal(await background(page), 'dark');
      await picker(page, 'Theme').selectOption('Light theme');
      assert.equal(await background(page), 'light');
      await picker(page, 'Theme').selectOption('System theme');
      assert.equal(await background(page), 'dark');
      await page.emulateMedia({ colorScheme: 'light' });
      assert.equal(await background(page), 'light');
    }, { colorScheme: 'dark' });
  }

  /** Presses a key until an element has the focus. */
  const reach = async (page, locator, key = 'Tab') => {
    for (let presses = 0; presses < 200; presses += 1) {
      if (await locator.evaluateAll(([element]) => element !== undefined && element === document.activeElement)) return;
      await page.keyboard.press(key);
    }
    assert.fail('the keyboard cannot reach it');
  };

  test('creates a secret, shows its value and deletes it by keyboard only', async (page) => {
    await visit(page);
    await page.keyboard.press('Tab');
    await focused(page.getByRole('button', { name: 'Skip to the content' }));
    await page.keyboard.press('Enter');
    await focused(heading(page, 'Secrets'));
    await reach(page, page.getByRole('button', { name: 'Create a secret' }));
    await page.keyboard.press('Enter');
    const create = page.getByRole('dialog', { name: 'Create a secret' });
    await seen(create);
    const parameter = (dialog, name) => dialog.getByLabel(new RegExp(`^${name}(?!\\w)`));
    await reach(page, parameter(create, 'SecretName'));
    await page.keyboard.type('typed');
    await reach(page, parameter(create, 'SecretData'));
    await page.keyboard.type('typed value');
    await reach(page, parameter(create, 'SecretName'), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await addressed(page, 'secret', { name: 'typed' });
    await settled(page);
    await focused(heading(page, 'typed'));

    await reach(page, page.getByRole('button', { name: 'Show the value of v1' }));
    await page.keyboard.press('Enter');
    await texts(page.getByRole('region', { name: 'Value of v1' }), ['typed value']);
    await focused(page.getByRole('button', { name: 'Hide the value of v1' }));

    await reach(page, page.getByRole('button', { name: 'Delete', exact: true }), 'Shift+Tab');
    await page.keyboard.press('Enter');
    const remove = page.getByRole('dialog', { name: 'Delete' });
    await seen(remove);
    await page.keyboard.press('Escape');
    await gone(remove);
    await focused(page.getByRole('button', { name: 'Delete', exact: true }));
    await page.keyboard.press('Enter');
    await reach(page, parameter(remove, 'ForceDeleteWithoutRecovery'));
    await page.keyboard.press('Space');
    await reach(page, remove.getByRole('button', { name: 'Delete', exact: true }));
    await page.keyboard.press('Enter');
    await addressed(page, 'secrets', {});
    await settled(page);
    await texts(names(page), NAMES);
    await focused(heading(page, 'Secrets'));
  });

  test('opens a dialog that was just closed by Escape', async (page) => {
    await visit(page, hash('secret', { name: 'legacy-token' }));
    await page.getByRole('button', { name: 'Restore', exact: true }).focus();
    for (let time = 0; time < 5; time += 1) {
      await page.keyboard.press('Enter');
      await seen(page.getByRole('dialog', { name: 'Restore' }));
      // The second key does not wait until the browser has handled the first.
      await Promise.all([page.keyboard.press('Escape'), page.keyboard.press('Enter')]);
      await seen(page.getByRole('dialog', { name: 'Restore' }));
      await page.keyboard.press('Escape');
      await gone(page.getByRole('dialog', { name: 'Restore' }));
      await addressed(page, 'secret', { name: 'legacy-token' });
    }
  });

  test('moves the focus to the heading of a selected view, with a visible outline', async (page) => {
    await visit(page);
    await page.getByRole('link', { name: 'shop/db/password' }).click();
    await focused(heading(page, 'shop/db/password'));
    await page.keyboard.press('Tab');
    const outline = await page.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
      return outlineStyle !== 'none' && parseFloat(outlineWidth) > 0;
    });
    assert.ok(outline, 'the focused element has an outline');
  });

  test('switches tabs by arrow keys', async (page) => {
    await visit(page, '#/controls');
    await page.getByRole('tab', { name: 'Clock' }).focus();
    await page.keyboard.press('ArrowRight');
    await focused(page.getByRole('tab', { name: 'Faults' }));
    await addressed(page, 'controls', { part: 'faults' });
    await page.keyboard.press('ArrowLeft');
    await focused(page.getByRole('tab', { name: 'Clock' }));
  });

  test('is not wider than a screen of 360 pixels', async (page) => {
    await emulator.call('alibaba', 'ListSecrets', { Filters: JSON.stringify([{ Key: 'SecretName', Values: ['a'.repeat(192)] }]) });
    const { requests } = await emulator.control('journal?limit=1');
    const addresses = [
      '#/secrets', '#/secrets?cloud=tencent', hash('secrets', { filters: '[{"Key":"TagKey","Values":["team"]}]' }), '#/secrets?form=create',
      hash('secret', { name: 'shop/db/password' }), '#/secret?name=shop-db-password&cloud=tencent', '#/call', '#/call?action=ListSecrets',
      '#/call?action=CreateSecret&pane=signing', '#/call?action=ListSecrets&pane=code', '#/journal', `#/journal?request=${requests[0].request_id}`,
      ...['clock', 'faults', 'reset', 'snapshots', 'tenants', 'coverage'].map((part) => `#/controls?part=${part}`),
    ];
    await visit(page);
    for (const language of ['English', '简体中文']) {
      await picker(page, /^(Language|语言)$/).selectOption(language);
      for (const address of addresses) {
        await visit(page, address);
        const { wide, where } = await page.evaluate(() => {
          const wide = document.documentElement.scrollWidth;
          const out = [...document.querySelectorAll('main *')].filter((each) => each.getBoundingClientRect().right > innerWidth + 1);
          return { wide, where: out.slice(0, 3).map((each) => each.outerHTML.slice(0, 120)) };
        });
        assert.ok(wide <= 360, `${address} in ${language} is ${wide} wide: ${where.join('\n')}`);
      }
    }
  }, { viewport: { width: 360, height: 740 } });

  // Firefox has no `field-sizing`.
  if (BROWSER === 'chromium') {
    test('shows the whole scope, language and theme on a phone', async (page) => {
      for (const language of ['English', '简体中文']) {
        await visit(page);
        await picker(page, /^(Language|语言)$/).selectOption(language);
        const cut = await page.evaluate(() => [...document.querySelectorAll('header select, footer select')].flatMap((select) => {
          const { width } = select.getBoundingClientRect();
          select.style.cssText = 'width: auto; max-width: none; position: absolute; field-sizing: content';
          const whole = select.getBoundingClientRect().width;
          select.style.cssText = '';
          return width < whole - 0.5 ? [`${select.selectedOptions[0].textContent}: ${width} of ${whole}`] : [];
        }));
        assert.deepEqual(cut, [], language);
      }
    }, { viewport: { width: 390, height: 844 } });
  }

  test('shows the same state for the same address', async (page) => {
    const filters = '[{"Key":"TagKey","Values":["team"]}]';
    await visit(page, hash('secrets', { size: '2', page: '2', filters }));
    for (let time = 0; time < 2; time += 1) {
      await texts(names(page), ['orders/rds']);
      await valued(page.getByLabel('Page size'), '2');
      await texts(page.getByRole('region', { name: 'Filters', exact: true }), [filters]);
      await page.reload();
    }
    await visit(page, hash('secret', { name: 'shop/db/password', form: 'tag' }));
    await seen(page.getByRole('dialog', { name: 'Add tags' }));
    await visit(page, hash('secret', { cloud: 'tencent', account: '1000000000000000', region: 'ap-guangzhou', name: 'shop-db-password' }));
    await seen(page.getByText('PostgreSQL password of the shop'));
    await visit(page, '#/secrets?form=create');
    await seen(page.getByRole('dialog').getByLabel(/^SecretData(?!\w)/));
    await visit(page, '#/secrets?cloud=tencent&form=create');
    await seen(page.getByRole('dialog').getByLabel(/^SecretString(?!\w)/));
    const parameters = '{"PageSize":2,"FetchTags":true}';
    await visit(page, hash('call', { action: 'ListSecrets', parameters, format: 'XML', method: 'GET', pane: 'signing' }));
    await valued(page.getByLabel(/^PageSize/), '2');
    await valued(page.getByLabel(/^FetchTags/), 'true');
    await valued(page.getByLabel('Response format'), 'XML');
    await valued(page.getByLabel('HTTP method'), 'GET');
    await seen(page.getByRole('tab', { name: 'Signing', selected: true }));
    await visit(page, hash('journal', { action: 'ListSecrets', code: 'OK' }));
    await page.reload();
    await valued(page.getByLabel('Operation'), 'ListSecrets');
    await visit(page, hash('controls', { part: 'snapshots' }));
    await seen(page.getByRole('tab', { name: 'Snapshots', selected: true }));
  });

  test('supports back and forward', async (page) => {
    await visit(page);
    await page.getByLabel('Page size').selectOption('10');
    await page.getByRole('link', { name: 'legacy-token' }).click();
    await seen(heading(page, 'legacy-token'));
    await page.getByRole('button', { name: 'Restore' }).click();
    await seen(page.getByRole('dialog', { name: 'Restore' }));
    await page.goBack();
    await gone(page.getByRole('dialog', { name: 'Restore' }));
    await seen(heading(page, 'legacy-token'));
    await page.goBack();
    await seen(heading(page, 'Secrets'));
    await texts(names(page), NAMES);
    await addressed(page, 'secrets', { size: '10' });
    await page.goForward();
    await seen(heading(page, 'legacy-token'));
    await page.goBack();
    await page.goBack();
    await addressed(page, 'secrets', {});
  });

  test('redirects an unknown path to the start', async (page) => {
    await visit(page, '#/nowhere?region=cn-beijing');
    await addressed(page, 'connect', { region: 'cn-beijing' });
    await seen(heading(page, 'Connect'));
  });

  test('redirects a path that is a property of every object', async (page) => {
    for (const name of ['constructor', 'toString']) {
      await visit(page, `#/${name}`);
      await addressed(page, 'connect', {});
      await seen(heading(page, 'Connect'));
    }
  });

  test('reports invalid filters in the address', async (page) => {
    for (const filters of ['{"TagFilters":5}', '{"TagFilters":[null]}', '{"Limit":1}', '[]', '{']) {
      await visit(page, `#/secrets?cloud=tencent&filters=${encodeURIComponent(filters)}`);
      await seen(page.getByText(/filters in the address/));
    }
  });

  test('reports that the server does not respond, and recovers', async (page) => {
    await visit(page);
    await emulator.stop();
    await page.getByRole('button', { name: 'Reload' }).click();
    await seen(page.getByRole('alert').getByText('The server does not respond. Check that it is running, then try again.'));
    await emulator.start();
    await page.getByRole('button', { name: 'Try again' }).click();
    await texts(names(page), NAMES);
    await gone(page.getByRole('alert'));
  }, { allow: [LOST] });

  test('reports an injected fault in Chinese with the code of the vendor', async (page) => {
    await emulator.control('faults', { body: { match: { action: 'ListSecrets' }, error: 'Rejected.Throttling', times: 1 } });
    await visit(page);
    await texts(names(page), NAMES);
    await visit(page, '#/call?action=ListSecrets');
    await page.getByLabel('应用故障规则').check();
    await page.getByRole('button', { name: '发送' }).click();
    await seen(page.getByRole('alert').getByText(/^请求失败，错误码 Rejected\.Throttling：/));
  }, { locale: 'zh-CN' });

  test('says what to do next in each empty view', async (page) => {
    await emulator.reset();
    await visit(page, '#/journal');
    await seen(page.getByText('There are no requests.'));
    await seen(page.getByText('Requests of clients appear here as they arrive.'));
    await visit(page, '#/call');
    await seen(page.getByText('Select an operation.'));
    const empty = {
      faults: 'Add one below, for example the error code Rejected.Throttling, 2 times.',
      snapshots: 'Save one below before a test changes secrets.',
      tenants: 'Create one below, and give its access key to a test.',
    };
    for (const [part, sentence] of Object.entries(empty)) {
      await visit(page, `#/controls?part=${part}`);
      await seen(page.getByText(sentence));
    }
  });

  test('shows the name of the view in the window title', async (page) => {
    await visit(page);
    for (const [path, name] of Object.entries(VIEWS)) {
      await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name, exact: true }).click();
      await addressed(page, path, {});
      await eventually(async () => assert.equal(await page.title(), `${name} – kms-emulator`));
      assert.equal(await page.getByRole('link', { name, exact: true }).getAttribute('aria-current'), 'page');
    }
  });
});

suite('A server with a token', ({ test }) => {
  const unauthorized = { allow: [/status of 401/, /^status: 401/] };

  test('is used after the token is entered, which is not written to the address', async (page) => {
    await page.goto('/#/secrets');
    const dialog = page.getByRole('dialog', { name: 'This server requires a token' });
    await seen(dialog.getByText('It was started with --control-token.'));
    await focused(dialog.getByLabel('Token'));
    await dialog.getByLabel('Token').fill('wrong');
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await seen(page.getByText('The server rejected the token.'));
    await page.getByLabel('Token', { exact: true }).fill('hush-hush');
    await page.getByRole('button', { name: 'Continue' }).click();
    await texts(names(page), NAMES);
    assert.ok(!page.url().includes('hush'));
    assert.deepEqual(await page.evaluate(() => Object.values(localStorage)), []);
    await page.reload();
    await texts(names(page), NAMES);
    await page.getByRole('link', { name: 'Journal' }).click();
    await page.getByLabel('Show the page’s own requests').check();
    await seen(page.getByRole('link', { name: 'ListSecrets' }));
  }, unauthorized);

  test('rejects a token that a header cannot contain', async (page) => {
    await page.goto('/#/secrets');
    await page.getByLabel('Token', { exact: true }).fill('密码');
    await page.getByRole('button', { name: 'Continue' }).click();
    await seen(page.getByText(/A token consists of ASCII letters/));
    await page.getByLabel('Token', { exact: true }).fill('hush-hush');
    await page.getByRole('button', { name: 'Continue' }).click();
    await texts(names(page), NAMES);
  }, unauthorized);

  test('shows how to continue after the dialog is closed without a token', async (page) => {
    await page.goto('/#/secrets');
    await seen(page.getByRole('dialog'));
    await page.keyboard.press('Escape');
    await seen(page.getByText(/The server requires a token\. Reload the page to enter it\./));
    await page.getByRole('button', { name: 'Try again' }).click();
    await seen(page.getByRole('dialog', { name: 'This server requires a token' }));
  }, unauthorized);
}, { args: ['--control-token', 'hush-hush'] });
