import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';

import { callParameters, hasMask } from '../src/journal/call_parameters.js';
import { compare, decoded } from '../src/journal/compare.js';
import { parseEvents } from '../src/journal/event_stream.js';
import { retryPause } from '../src/journal/feed.js';
import { journalQuery, noFilters } from '../src/journal/filters.js';
import { permissionSentence } from '../src/journal/permission.js';
import { receivedText } from '../src/journal/request_pane.js';
import { parametersText } from '../src/journal/row.js';
import { useLanguage } from './support.js';

describe('The filters of the journal', () => {
  it('have other names in the address where those of the scope are taken', () => {
    assert.deepEqual(journalQuery({ cloud: 'tencent', only_cloud: 'alibaba', account: '1', only_account: '2', region: 'a', only_region: 'b' }), {
      cloud: 'alibaba',
      account: '2',
      region: 'b',
    });
  });

  it('are left out if they are empty or unknown', () => {
    assert.deepEqual(journalQuery({ action: '', code: 'OK', part: 'faults', request: '1' }), { code: 'OK' });
    assert.deepEqual(journalQuery(noFilters()), {});
  });

  it('search for a word also in the hints that contain it in the language of the page', async () => {
    await useLanguage('zh-CN');
    assert.deepEqual(journalQuery({ text: '没有参数 name secretkey' }), { text: '没有参数|parameter_similar|parameter_unknown name secretkey' });
    assert.match(journalQuery({ text: '按发送顺序' }).text, /\|parameters_unsorted$/);
    await useLanguage('en');
    assert.deepEqual(journalQuery({ text: 'no parameter' }), { text: 'no parameter' });
  });

  it('are all cleared together', () => {
    const all = Object.keys(noFilters());
    assert.equal(Object.keys(journalQuery(Object.fromEntries(all.map((name) => [name, 'x'])))).length, all.length);
  });
});

describe('Server-sent events', () => {
  it('are parsed when they are complete; the rest is kept', () => {
    assert.deepEqual(parseEvents('data:{"number":1}\n\ndata:{"number":2}\n\ndata:{"num'), { data: ['{"number":1}', '{"number":2}'], rest: 'data:{"num' });
  });

  it('are parsed from parts of any size', () => {
    const stream = 'id: 1\ndata: {"a":\ndata: 1}\n\n: heartbeat\n\ndata: {"a": 2}\n\n';
    for (let size = 1; size <= stream.length; size += 1) {
      const found = [];
      let rest = '';
      for (let start = 0; start < stream.length; start += size) {
        const parsed = parseEvents(rest + stream.slice(start, start + size));
        found.push(...parsed.data.map((text) => JSON.parse(text)));
        rest = parsed.rest;
      }
      assert.deepEqual(found, [{ a: 1 }, { a: 2 }], `parts of ${size}`);
    }
  });

  it('without data are heartbeats', () => {
    assert.deepEqual(parseEvents(':\n\nevent: ping\n\n'), { data: [], rest: '' });
  });
});

describe('The pause before a new connection', () => {
  it('grows to 30 seconds', () => {
    const pauses = Array.from({ length: 10 }, (_, failures) => retryPause(failures));
    assert.equal(pauses[0], 500);
    assert.deepEqual(pauses, [...pauses].sort((one, other) => one - other));
    assert.deepEqual(pauses.slice(-3), [30_000, 30_000, 30_000]);
  });
});

/** The texts that are marked on each side, after a check that the segments are the whole texts. */
function marks(one, other) {
  const found = compare(one, other);
  assert.equal(found.one.map(({ text }) => text).join(''), one);
  assert.equal(found.other.map(({ text }) => text).join(''), other);
  const marked = (segments) => segments.filter(({ isMarked }) => isMarked).map(({ text }) => text);
  return [marked(found.one), marked(found.other)];
}

describe('The comparison of two texts', () => {
  it('marks each difference, and not what is equal between and after them', () => {
    assert.deepEqual(marks('POST\n/\na=1&b=2\nhost', 'GET\n/\na=1&b=3\nhost'), [['POS', '2'], ['GE', '3']]);
    assert.deepEqual(marks('a=1&b=2', 'a=1&b=2'), [[], []]);
    assert.deepEqual(marks('', 'a'), [[], ['a']]);
    assert.deepEqual(marks('GET', 'GET\n/'), [[], ['\n/']]);
  });

  it('never splits a percent-encoded byte, also one that is encoded twice', () => {
    assert.deepEqual(marks('a%20b', 'a%2Ab'), [['%20'], ['%2A']]);
    assert.deepEqual(marks('x%2520y', 'x%252Ay'), [['%2520'], ['%252A']]);
    assert.deepEqual(marks('x%2520y', 'x%20y'), [['%2520'], ['%20']]);
    assert.deepEqual(marks('x+y', 'x%20y'), [['+'], ['%20']]);
    assert.deepEqual(marks('password%2Bof%2Bthe', 'password%2520of%2520the'), [['%2B', '%2B'], ['%2520', '%2520']]);
  });

  it('does not split characters outside of the basic plane', () => {
    assert.deepEqual(marks('🔑é密', '🔒é密'), [['🔑'], ['🔒']]);
  });

  it('marks a middle that is too large to compare as a whole', () => {
    const [one, other] = ['a'.repeat(3000), 'b'.repeat(3000)];
    assert.deepEqual(marks(`x${one}y`, `x${other}y`), [[one], [other]]);
  });
});

describe('A decoded string to sign', () => {
  it('has a parameter per line, and its values decoded', () => {
    assert.equal(decoded('GET&%2F&Action%3DListSecrets%26Name%3Da%2520b%252F'), 'GET\n&/\n&Action=ListSecrets\n&Name=a b/');
  });

  it('keeps what is not valid UTF-8', () => {
    assert.equal(decoded('%ff%20'), '%ff%20');
    assert.equal(decoded('100%'), '100%');
  });
});

describe('A request as it was received', () => {
  const request = { method: 'POST', path: '/', query: '', headers: [['host', 'localhost'], ['x-a', '1']], body: '{}' };

  it('is shown as it is sent', () => {
    assert.equal(receivedText(request), 'POST / HTTP/1.1\nhost: localhost\nx-a: 1\n\n{}');
    assert.equal(receivedText({ ...request, method: 'GET', query: 'a=%20', body: '' }), 'GET /?a=%20 HTTP/1.1\nhost: localhost\nx-a: 1');
  });
});

describe('The parameters of a journal entry as a call', () => {
  const alibaba = (parameters) => ({ cloud: 'alibaba', parameters });
  const tencent = (parameters) => ({ cloud: 'tencent', parameters });

  it('stay texts for Alibaba Cloud', () => {
    const operation = alibaba([{ name: 'PageSize', type: 'integer' }, { name: 'Filters', type: 'json' }]);
    assert.deepEqual(callParameters(operation, { PageSize: '2', Filters: '[]' }), { PageSize: '2', Filters: '[]' });
  });

  it('get their JSON types for Tencent Cloud', () => {
    const operation = tencent([{ name: 'Limit', type: 'integer' }, { name: 'SearchSecretName', type: 'text' }, { name: 'TagFilters', type: 'tag_filter_list' }]);
    assert.deepEqual(callParameters(operation, { Limit: '2', SearchSecretName: '7', TagFilters: '[{"TagKey":"env"}]' }), {
      Limit: 2,
      SearchSecretName: '7',
      TagFilters: [{ TagKey: 'env' }],
    });
  });

  it('stay as they are if they are invalid, so that the error can be repeated', () => {
    assert.deepEqual(callParameters(tencent([{ name: 'Limit', type: 'integer' }]), { Limit: 'many' }), { Limit: 'many' });
  });

  it('are put together from numbered parts, in the order of the numbers', () => {
    const operation = alibaba([{ name: 'Tag', type: 'tag_list' }, { name: 'ResourceId', type: 'list' }]);
    const texts = { 'Tag.10.Key': 'b', 'Tag.2.Key': 'a', 'Tag.2.Value': '1', 'ResourceId.1': 'x', 'ResourceId.2': 'y' };
    assert.deepEqual(callParameters(operation, texts), { Tag: [{ Key: 'a', Value: '1' }, { Key: 'b' }], ResourceId: ['x', 'y'] });
  });

  it('keep unknown names, and numbered ones of other types', () => {
    const operation = alibaba([{ name: 'Tag', type: 'tag_list' }, { name: 'SecretName', type: 'text' }]);
    const texts = { Colour: 'red', 'SecretName.1': 'a', 'Tag.x.Key': 'b' };
    assert.deepEqual(callParameters(operation, texts), texts);
  });

  it('are known to be masked, also within a document', () => {
    assert.ok(hasMask({ SecretName: 'a', SecretData: '***' }));
    assert.ok(hasMask({ ExtendedConfig: '{"***":"***"}' }));
    assert.ok(!hasMask({ SecretName: 'a' }));
  });
});

describe('The parameters in the list', () => {
  before(() => useLanguage('en'));

  it('start with the name of the secret', () => {
    assert.equal(parametersText({ parameters: { PageSize: '2', SecretName: 'a', FetchTags: 'true' } }), 'SecretName=a PageSize=2 FetchTags=true');
    assert.equal(parametersText({ parameters: {} }), '');
  });

  it('are reported if they could not be parsed', () => {
    assert.equal(parametersText({ parameters: null }), 'The parameters could not be parsed.');
  });
});

describe('The decision of the policies', () => {
  before(() => useLanguage('en'));

  it('names the statement, or says that there is none', () => {
    const asked = { action: 'kms:GetSecretValue', resource: 'acs:kms:::secret/a', effect: null, explanation: '' };
    const by = { policy: 'admin', statement: 1, sid: null };
    assert.equal(
      permissionSentence({ ...asked, ...by, allowed: true }),
      'Allowed by statement 1 of admin: kms:GetSecretValue on acs:kms:::secret/a',
    );
    assert.equal(
      permissionSentence({ ...asked, ...by, sid: 'values', allowed: false }),
      'Denied by statement 1 (values) of admin: kms:GetSecretValue on acs:kms:::secret/a',
    );
    assert.equal(
      permissionSentence({ ...asked, policy: null, statement: null, sid: null, allowed: false }),
      'Denied, because no statement allows it: kms:GetSecretValue on acs:kms:::secret/a',
    );
  });
});
