'use strict';

// Policies allow and deny requests of every official Node client, and of the temporary key of an assumed role.

const assert = require('node:assert/strict');
const { describe, it } = require('node:test');

const { RPCClient } = require('@alicloud/pop-core');

const { CLIENTS } = require('./clients');
const { address, control, withTenant } = require('./emulator');
const { TENCENT_CLIENTS } = require('./tencent_clients');

const SERVERS = ['KMS_EMULATOR', 'KMS_EMULATOR_STRICT'];
const SecretName = 'policies';

function attach(server, policy, callers) {
  return control(server, 'POST', 'policies', { policy, ...callers });
}

function ram(Action) {
  return { Version: '1', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] };
}

describe('a request without permission is refused', () => {
  for (const variable of SERVERS) {
    for (const client of CLIENTS) {
      it(`${client.name} on ${variable}`, async (test) => {
        await withTenant(address(variable), async (own) => {
          const call = (action, parameters) => client.wireCall(own, action, parameters);
          if ((await call('CreateSecret', { SecretName, SecretData: 'x', VersionId: 'v1' })) === undefined) {
            test.skip('the SDK lacks the operation');
            return;
          }
          await attach(own.address, ram('kms:List*'), { access_key_ids: [own.keyId] });
          await call('ListSecrets', {});
          const error = await call('GetSecretValue', { SecretName }).then(
            () => assert.fail('the request is allowed'),
            (reason) => reason,
          );
          const { status, code, message } = client.refusal(error);
          assert.deepEqual({ status, code }, { status: 403, code: 'Forbidden.NoPermission' });
          const arn = `acs:kms:cn-hangzhou:${own.account}:secret/${SecretName}`;
          assert.equal(message, `This operation for ${arn} is forbidden by permission system.`);
        });
      });
    }
    for (const client of TENCENT_CLIENTS) {
      it(`${client.name} on ${variable}`, async () => {
        await withTenant(address(variable), async (own) => {
          await client.call(own, 'CreateSecret', { SecretName, VersionId: 'v1', SecretString: 'x' });
          const statement = [{ effect: 'allow', action: 'ssm:ListSecrets', resource: '*' }];
          await attach(own.address, { version: '2.0', statement }, { access_key_ids: [own.keyId] });
          assert.equal((await client.call(own, 'ListSecrets')).TotalCount, 1);
          const parameters = { SecretName, VersionId: 'v1' };
          const { code, message } = await client.refusal(own, 'GetSecretValue', parameters);
          assert.equal(code, 'UnauthorizedOperation');
          assert.match(message, /you are not authorized to perform operation \(ssm:GetSecretValue\)\nresource \(qcs::ssm:/);
        });
      });
    }
  }
});

describe('the temporary key of an assumed role', () => {
  for (const variable of SERVERS) {
    it(`has the policies of the role on ${variable}`, async () => {
      await withTenant(address(variable), async (own) => {
        const RoleArn = `acs:ram::${own.account}:role/reader`;
        const endpoint = `http://${own.address}`;
        const connect = (accessKeyId, accessKeySecret, apiVersion, securityToken) =>
          new RPCClient({ endpoint, accessKeyId, accessKeySecret, apiVersion, securityToken });
        const sts = connect(own.keyId, own.secret, '2015-04-01');
        const { Credentials: key } = await sts.request('AssumeRole', { RoleArn, RoleSessionName: 'test' });
        const kms = connect(key.AccessKeyId, key.AccessKeySecret, '2016-01-20', key.SecurityToken);
        await kms.request('CreateSecret', { SecretName, SecretData: 'x', VersionId: 'v1' });
        await attach(own.address, ram('kms:List*'), { roles: [RoleArn] });
        assert.equal((await kms.request('ListSecrets', {})).TotalCount, 1);
        await assert.rejects(kms.request('GetSecretValue', { SecretName }), { code: 'Forbidden.NoPermission' });
      });
    });
  }
});
