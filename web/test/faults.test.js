import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';

import { effectTexts, matchTexts } from '../src/controls/fault_rule.js';
import { useLanguage } from './support.js';

describe('A fault rule', () => {
  before(() => useLanguage('en'));

  it('shows its conditions', () => {
    const match = { cloud: 'alibaba', action: 'DescribeSecret', secret: 'shop/*', access_key_id: 'test', region: 'cn-shanghai' };
    assert.deepEqual(matchTexts({ match }), ['Alibaba Cloud KMS', 'DescribeSecret', 'SecretName=shop/*', 'AccessKeyId=test', 'cn-shanghai']);
  });

  it('shows on which requests it fires', () => {
    assert.deepEqual(matchTexts({ match: { nth: 2 } }), ['request 2']);
    assert.deepEqual(matchTexts({ match: { every: 3 } }), ['every 3 requests']);
    assert.deepEqual(matchTexts({ match: { probability: 0.5, seed: 1 } }), ['probability 0.5']);
    assert.deepEqual(matchTexts({ match: { probability: 0 } }), ['probability 0']);
  });

  it('without conditions fires on all requests', () => {
    const nulls = { cloud: null, action: null, secret: null, access_key_id: null, nth: null, every: null, probability: null };
    for (const rule of [{}, { match: {} }, { match: nulls }]) assert.deepEqual(matchTexts(rule), ['all requests']);
  });

  it('shows its effects', () => {
    assert.deepEqual(effectTexts({ error: 'Rejected.Throttling', latency: '200ms', when: 'after' }), ['Rejected.Throttling', '+200ms', 'after the operation']);
    assert.deepEqual(effectTexts({ latency: { min: '0', max: '1s' }, reset: true, when: 'before' }), ['+0 – 1s', 'connection reset']);
    assert.deepEqual(effectTexts({ error: 'Any.Code', status: 503, message: 'again' }), ['Any.Code', 'HTTP 503', 'message “again”']);
    assert.deepEqual(effectTexts({ truncate: 0 }), ['body truncated, bytes left: 0']);
    assert.deepEqual(effectTexts({ truncate: 12_000, error: null, latency: null }), ['body truncated, bytes left: 12,000']);
  });

  it('is shown in Chinese', async () => {
    await useLanguage('zh-CN');
    assert.deepEqual(matchTexts({ match: { cloud: 'tencent', every: 5 } }), ['腾讯云 SSM', '每 5 次触发']);
    await useLanguage('en');
  });
});
