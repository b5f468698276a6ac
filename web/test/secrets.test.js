import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';

import { alibaba } from '../src/secrets/alibaba.js';
import { masked } from '../src/secrets/operation_form.js';
import { lastPage, pageSizes, pagingOf } from '../src/secrets/pager.js';
import { otherMembers } from '../src/secrets/secret_sections.js';
import { tagText } from '../src/secrets/tags.js';
import { tencent } from '../src/secrets/tencent.js';
import { UserError } from '../src/shared/errors.js';
import { useLanguage } from './support.js';

describe('Pages', () => {
  it('are read from the address; invalid values are ignored', () => {
    assert.deepEqual(pagingOf({ page: '3', size: '50' }), { page: 3, size: 50 });
    for (const text of ['0', '-1', '1.5', 'x', '', '1e99']) assert.deepEqual(pagingOf({ page: text, size: text }), { page: 1, size: 20 }, text);
  });

  it('are at least one, and one more for a remainder', () => {
    assert.equal(lastPage({ total: 0, size: 20 }), 1);
    assert.equal(lastPage({ total: 40, size: 20 }), 2);
    assert.equal(lastPage({ total: 41, size: 20 }), 3);
    assert.equal(lastPage({ total: 5, size: 0 }), 5);
  });

  it('have the sizes that the parameter allows', () => {
    assert.deepEqual(pageSizes({ minimum: 1, maximum: 100, default: '10' }, 20), [10, 20, 50, 100]);
    assert.deepEqual(pageSizes({ minimum: 0, maximum: 200, default: '0' }, 20), [10, 20, 50, 100, 200]);
  });

  it('include the default and the current size', () => {
    assert.deepEqual(pageSizes({ minimum: 1, maximum: 100, default: '30' }, 7), [7, 10, 20, 30, 50, 100]);
    assert.deepEqual(pageSizes({ minimum: null, maximum: null, default: null }, 20), [10, 20, 50, 100, 200, 500, 1000]);
  });
});

describe('A tag', () => {
  it('is shown with its value if it has one', () => {
    assert.equal(tagText({ key: 'env', value: 'prod' }), 'env=prod');
    assert.equal(tagText({ key: 'env', value: '' }), 'env');
  });
});

describe('Alibaba Cloud', () => {
  before(() => useLanguage('en'));
  const reply = (secrets) => ({ TotalCount: secrets.length, SecretList: { Secret: secrets } });
  const SECRET = { SecretName: 'a', SecretType: 'Generic', CreateTime: '2024-03-04T08:15:30Z', UpdateTime: '2025-09-01T02:00:11Z' };

  it('lists by page number and page size, with tags', () => {
    assert.deepEqual(alibaba.listParameters({ page: 2, size: 20, filters: '' }), { PageNumber: 2, PageSize: 20, FetchTags: true });
    assert.equal(alibaba.listParameters({ page: 1, size: 20, filters: 'invalid' }).Filters, 'invalid');
  });

  it('lists secrets with tags and times', () => {
    const { total, secrets } = alibaba.readList(reply([{ ...SECRET, Tags: { Tag: [{ TagKey: 'env', TagValue: 'prod' }] } }]));
    assert.equal(total, 1);
    assert.deepEqual(secrets[0], {
      name: 'a',
      type: 'Generic',
      state: 'enabled',
      plannedDeletion: null,
      created: new Date('2024-03-04T08:15:30Z'),
      updated: new Date('2025-09-01T02:00:11Z'),
      encryptionKey: null,
      description: null,
      tags: [{ key: 'env', value: 'prod' }],
    });
  });

  it('marks secrets whose deletion is planned', () => {
    const [secret] = alibaba.readList(reply([{ ...SECRET, PlannedDeleteTime: '2099-08-08T08:08:08Z' }])).secrets;
    assert.equal(secret.state, 'pending_deletion');
    assert.deepEqual(secret.plannedDeletion, new Date('2099-08-08T08:08:08Z'));
    assert.deepEqual(secret.tags, []);
  });

  it('offers the operations that the type and the state allow', () => {
    const offered = (secret) => alibaba.forms.filter((form) => form.isOffered(secret)).map(({ name }) => name);
    assert.deepEqual(offered({ state: 'enabled', type: 'Generic' }), ['put', 'stage', 'describe', 'tag', 'delete']);
    assert.deepEqual(offered({ state: 'enabled', type: 'Rds' }), ['rotate', 'describe', 'tag', 'delete']);
    assert.deepEqual(offered({ state: 'pending_deletion', type: 'Generic' }), ['tag', 'restore', 'delete']);
  });

  it('counts the filters of the address; invalid ones count as none', () => {
    assert.equal(alibaba.countFilters('[{"Key":"TagKey","Values":["a","b"]},{"Key":"SecretName","Values":["c"]}]'), 2);
    for (const filters of ['', '[', '{}', '[null]', '[{"Key":"TagKey"}]']) assert.equal(alibaba.countFilters(filters), 0, filters);
  });

  it('lists versions with their stages', () => {
    const versions = { VersionId: [{ VersionId: 'v1', CreateTime: '2024-03-04T08:15:30Z', VersionStages: { VersionStage: ['ACSCurrent'] } }] };
    assert.deepEqual(alibaba.readVersions({ TotalCount: 11, PageSize: 10, VersionIds: versions }), {
      total: 11,
      size: 10,
      versions: [{ id: 'v1', created: new Date('2024-03-04T08:15:30Z'), stages: ['ACSCurrent'] }],
    });
  });

  it('returns values as text or binary', () => {
    assert.deepEqual(alibaba.readValue({ SecretData: 'x', SecretDataType: 'text' }), { text: 'x', isBinary: false });
    assert.deepEqual(alibaba.readValue({ SecretData: 'eA==', SecretDataType: 'binary' }), { text: 'eA==', isBinary: true });
  });
});

describe('Tencent Cloud', () => {
  before(() => useLanguage('en'));
  const SECRET = { CreateUinString: '100', SecretName: 'a', SecretType: 0, Status: 'Enabled', DeleteTime: 0, CreateTime: 1_709_540_130, Description: '' };

  it('lists by offset and limit, with the filters as parameters', () => {
    const filters = '{"SearchSecretName":"shop","State":0,"TagFilters":[{"TagKey":"env"}]}';
    assert.deepEqual(tencent.listParameters({ page: 3, size: 20, filters }), {
      SearchSecretName: 'shop',
      State: 0,
      TagFilters: [{ TagKey: 'env' }],
      Offset: 40,
      Limit: 20,
    });
  });

  it('reports filters in the address that are not its parameters', () => {
    for (const filters of ['{', '[]', 'null', '5', '{"Limit":1}', '{"State":{}}', '{"TagFilters":5}', '{"TagFilters":[null]}', '{"TagFilters":[{"TagKey":"a","TagValue":"b"}]}']) {
      assert.throws(() => tencent.listParameters({ page: 1, size: 20, filters }), UserError, filters);
      assert.equal(tencent.countFilters(filters), 0, filters);
    }
  });

  it('lists secrets with the meaning of their type, and times from Unix seconds', () => {
    assert.deepEqual(tencent.readList({ TotalCount: 1, SecretMetadatas: [SECRET] }).secrets[0], {
      name: 'a',
      type: 'user-defined',
      state: 'enabled',
      plannedDeletion: null,
      created: new Date('2024-03-04T08:15:30Z'),
      updated: null,
      description: '',
      creator: '100',
      tags: null,
    });
  });

  it('shows unknown types by their number, and unknown states as failed', () => {
    const secret = tencent.readDescription({ ...SECRET, SecretType: 9, Status: 'Exploded' });
    assert.deepEqual([secret.type, secret.state], ['9', 'failed']);
  });

  it('offers the operations that the state allows', () => {
    const offered = (state) => tencent.forms.filter((form) => form.isOffered({ state })).map(({ name }) => name);
    assert.deepEqual(offered('enabled'), ['put', 'overwrite', 'drop_version', 'describe', 'tag', 'disable', 'delete']);
    assert.deepEqual(offered('disabled'), ['put', 'overwrite', 'drop_version', 'describe', 'tag', 'enable', 'delete']);
    assert.deepEqual(offered('pending_deletion'), ['drop_version', 'tag', 'restore']);
  });

  it('lists all versions on one page, without stages', () => {
    assert.deepEqual(tencent.readVersions({ Versions: [{ VersionId: 'v1', CreateTime: 1_709_540_130 }] }), {
      total: 1,
      size: 1,
      versions: [{ id: 'v1', created: new Date('2024-03-04T08:15:30Z'), stages: null }],
    });
  });

  it('returns values as text or binary', () => {
    assert.deepEqual(tencent.readValue({ SecretString: 'x', SecretBinary: '' }), { text: 'x', isBinary: false });
    assert.deepEqual(tencent.readValue({ SecretString: '', SecretBinary: 'eA==' }), { text: 'eA==', isBinary: true });
  });
});

describe('The description of a secret', () => {
  const create = { parameters: [{ name: 'SecretName', sensitive: false }, { name: 'ExtendedConfig', sensitive: true }] };

  it('shows its other members as text, without sensitive ones', () => {
    const description = { RequestId: '1', SecretName: 'a', Arn: 'acs:kms', RotationStatus: false, AccountInfoList: [], ExtendedConfig: '{"password":"x"}' };
    assert.deepEqual(otherMembers(description, create), [['Arn', 'acs:kms'], ['RotationStatus', 'false'], ['AccountInfoList', '[]']]);
  });
});

describe('The parameters in a dialog', () => {
  it('are shown with sensitive ones masked', () => {
    const operation = { parameters: [{ name: 'SecretName', sensitive: false }, { name: 'SecretData', sensitive: true }] };
    assert.deepEqual(masked(operation, { SecretName: 'a', SecretData: 'b' }), { SecretName: 'a', SecretData: '•••' });
  });
});
