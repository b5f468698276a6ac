import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';

import { matchingScopes, scopeFilterText, totalSecrets } from '../src/controls/scope_filter.js';
import { cloudOptions, countedNames, scopeOf } from '../src/shared/scope.js';
import { knownAccounts } from '../src/shared/settings.js';
import { useLanguage } from './support.js';

const SETTINGS = {
  clouds: [
    { cloud: 'alibaba', default_region: 'cn-hangzhou' },
    { cloud: 'tencent', default_region: 'ap-guangzhou' },
  ],
  default_account: '1000000000000000',
  accounts: [{ account: '2000000000000000' }, { account: '1000000000000000' }],
};
const SCOPES = [
  { cloud: 'alibaba', account: '1000000000000000', region: 'cn-hangzhou', secrets: 8 },
  { cloud: 'alibaba', account: '1000000000000000', region: 'cn-beijing', secrets: 2 },
  { cloud: 'alibaba', account: '3000000000000000', region: 'cn-beijing', secrets: 1 },
  { cloud: 'tencent', account: '1000000000000000', region: 'ap-guangzhou', secrets: 9 },
  { cloud: 'tencent', account: '1000000000000000', region: 'ap-beijing', secrets: 0 },
];

describe('The scope of an address', () => {
  it('has the defaults of the server for what the address leaves out', () => {
    assert.deepEqual(scopeOf({}, SETTINGS), { cloud: 'alibaba', account: '1000000000000000', region: 'cn-hangzhou' });
    assert.deepEqual(scopeOf({ cloud: 'tencent', region: '' }, SETTINGS), { cloud: 'tencent', account: '1000000000000000', region: 'ap-guangzhou' });
  });

  it('has the account and the region of the address, known or not', () => {
    assert.deepEqual(scopeOf({ account: '9', region: 'moon-1' }, SETTINGS), { cloud: 'alibaba', account: '9', region: 'moon-1' });
  });

  it('has the first cloud for an unknown one', () => {
    assert.equal(scopeOf({ cloud: 'constructor' }, SETTINGS).cloud, 'alibaba');
  });
});

describe('The accounts and regions to choose from', () => {
  const shown = { cloud: 'alibaba', account: '1000000000000000', region: 'eu-central-1' };

  it('have the number of their secrets: those with secrets first, then the shown one, then the known ones', () => {
    assert.deepEqual(countedNames(['cn-beijing', 'us-east-1'], 'region', shown, SCOPES), [
      { name: 'cn-hangzhou', secrets: 8 },
      { name: 'cn-beijing', secrets: 2 },
      { name: 'eu-central-1', secrets: 0 },
      { name: 'us-east-1', secrets: 0 },
    ]);
  });

  it('sum the secrets of an account over the regions of the cloud', () => {
    assert.deepEqual(countedNames([], 'account', shown, SCOPES), [
      { name: '1000000000000000', secrets: 10 },
      { name: '3000000000000000', secrets: 1 },
    ]);
  });

  it('are listed once', () => {
    assert.deepEqual(knownAccounts(SETTINGS, SCOPES), ['1000000000000000', '2000000000000000', '3000000000000000']);
  });
});

describe('A scope filter', () => {
  before(() => useLanguage('en'));

  it('without parts matches all scopes with secrets', () => {
    assert.deepEqual(matchingScopes({}, SCOPES), SCOPES.slice(0, 4));
  });

  it('matches the scopes that have all its parts', () => {
    assert.deepEqual(matchingScopes({ cloud: 'alibaba', region: 'cn-beijing' }, SCOPES), SCOPES.slice(1, 3));
    assert.deepEqual(matchingScopes({ account: '4' }, SCOPES), []);
  });

  it('may have null for a part that does not matter, as a snapshot has', () => {
    assert.equal(totalSecrets(matchingScopes({ cloud: 'alibaba', account: null, region: null }, SCOPES)), 11);
  });

  it('is shown with the name of the cloud', () => {
    assert.equal(scopeFilterText({ cloud: 'tencent', account: null, region: 'ap-guangzhou' }), 'Tencent Cloud SSM · ap-guangzhou');
    assert.equal(scopeFilterText({}), 'everything');
  });

  it('is shown in Chinese with the name that the vendor uses', async () => {
    await useLanguage('zh-CN');
    assert.equal(scopeFilterText({ cloud: 'alibaba' }), '阿里云 KMS');
    assert.deepEqual(cloudOptions(SETTINGS), [['alibaba', '阿里云 KMS'], ['tencent', '腾讯云 SSM']]);
    await useLanguage('en');
  });
});
