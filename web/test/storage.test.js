import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import { browserStorage, tabStorage } from '../src/shared/storage.js';
import { THEMES, theme } from '../src/shared/theme.js';

/** A storage of a browser. */
function fakeStorage() {
  const values = new Map();
  return {
    values,
    getItem: (name) => values.get(name) ?? null,
    setItem: (name, value) => values.set(name, value),
    removeItem: (name) => values.delete(name),
  };
}

/** A storage of a browser that allows none, such as in a private window. */
const forbidden = () => {
  throw new DOMException('', 'SecurityError');
};

describe('Settings of the page', () => {
  afterEach(() => {
    delete globalThis.localStorage;
    delete globalThis.sessionStorage;
  });

  const useStorage = (localStorage, sessionStorage) => {
    for (const [name, value] of Object.entries({ localStorage, sessionStorage })) {
      Object.defineProperty(globalThis, name, { value, configurable: true });
    }
  };

  it('are read as they were written, and null after they were removed', () => {
    useStorage(fakeStorage(), fakeStorage());
    assert.equal(browserStorage.read('language'), null);
    browserStorage.write('language', 'zh-CN');
    assert.equal(browserStorage.read('language'), 'zh-CN');
    browserStorage.write('language', null);
    assert.equal(browserStorage.read('language'), null);
  });

  it('have names that other pages of the same origin do not use', () => {
    const local = fakeStorage();
    useStorage(local, fakeStorage());
    browserStorage.write('theme', 'dark');
    assert.deepEqual([...local.values], [['kms-emulator.theme', 'dark']]);
  });

  it('keep the token only in the storage of the tab', () => {
    const [local, session] = [fakeStorage(), fakeStorage()];
    useStorage(local, session);
    tabStorage.write('token', 'hush-hush');
    assert.equal(local.values.size, 0);
    assert.equal(session.values.size, 1);
    assert.equal(browserStorage.read('token'), null);
  });

  it('are ignored if the browser allows no storage', () => {
    const none = { getItem: forbidden, setItem: forbidden, removeItem: forbidden };
    useStorage(none, none);
    browserStorage.write('theme', 'dark');
    browserStorage.write('theme', null);
    assert.equal(browserStorage.read('theme'), null);
  });

  it('contain a known theme, or the theme is that of the system', () => {
    const local = fakeStorage();
    useStorage(local, fakeStorage());
    assert.equal(theme(), 'system');
    for (const name of THEMES) {
      browserStorage.write('theme', name);
      assert.equal(theme(), name);
    }
    browserStorage.write('theme', 'sepia');
    assert.equal(theme(), 'system');
  });
});
