'use strict';

// Wraps the typed and the generic client of Tencent Cloud in the same interface, once for each signature
// method and HTTP method, so that all of them run the same tests.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');

const { CommonClient } = require('tencentcloud-sdk-nodejs-common');
const {
  default: SdkException,
} = require('tencentcloud-sdk-nodejs-common/tencentcloud/common/exception/tencent_cloud_sdk_exception');
const { Client } = require('tencentcloud-sdk-nodejs-ssm').ssm.v20190923;

// The SDK would use such a proxy even for the loopback address.
delete process.env.http_proxy;

/** The version of the service that has an operation. */
function versionOf(action) {
  const isOfTag = action.includes('ResourceTag');
  const isOfSts = action.startsWith('AssumeRole') || ['GetCallerIdentity', 'GetFederationToken'].includes(action);
  return isOfTag || isOfSts ? '2018-08-13' : '2019-09-23';
}

/** A client of the SDK. `access` has address, keyId and secret, and optionally https, region and language. */
function client(sdk, signMethod, reqMethod) {
  const isTyped = sdk === 'tencentcloud-sdk-nodejs-ssm';
  return {
    name: `${sdk}, ${signMethod}, ${reqMethod}`,
    sdk,
    isTyped,

    async call(access, action, parameters = {}) {
      const config = {
        credential: { secretId: access.keyId, secretKey: access.secret },
        region: access.region ?? 'ap-guangzhou',
        profile: {
          signMethod,
          language: access.language,
          httpProfile: { endpoint: access.address, protocol: access.https ? 'https://' : 'http://', reqMethod },
        },
      };
      // The generic client sends an operation that the typed one lacks, because later steps may depend on it.
      const reply = isTyped && action in Client.prototype
        ? await new Client(config)[action](parameters)
        : await new CommonClient(access.address, versionOf(action), config).request(action, parameters);
      assertIsRequestId(reply.RequestId);
      return reply;
    },

    async refusal(access, action, parameters) {
      const error = await this.call(access, action, parameters).then(
        (reply) => assert.fail(`${action} was not rejected: ${JSON.stringify(reply)}`),
        (reason) => reason,
      );
      if (!(error instanceof SdkException)) {
        throw error;
      }
      assertIsRequestId(error.requestId);
      return { code: error.code, message: error.message };
    },
  };
}

function assertIsRequestId(text) {
  assert.match(text, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
}

// At run time the SDK accepts and returns members of any name. Its models exist only as type declarations.
const DECLARATIONS = fs.readFileSync(
  path.join(path.dirname(require.resolve('tencentcloud-sdk-nodejs-ssm')), 'services/ssm/v20190923/ssm_models.d.ts'),
  'utf8',
);
const MODELS = Object.fromEntries(
  [...DECLARATIONS.matchAll(/^export interface (\w+) \{\n(.*?)^\}/gms)].map(([, model, body]) => [
    model,
    new Map([...body.matchAll(/^ {4}(\w+)\??: (?:Array<)?(\w+)>?;$/gm)].map(([, member, type]) => [member, type])),
  ]),
);

/** The paths of the members of a value that the typed client's model lacks. */
function notInModel(model, value, prefix) {
  return Object.entries(value).flatMap(([member, inner]) => {
    const name = `${prefix}.${member}`;
    const type = MODELS[model]?.get(member);
    if (type === undefined) {
      return [name];
    }
    const items = Array.isArray(inner) ? inner : [inner];
    return type in MODELS ? items.flatMap((item) => notInModel(type, item, name)) : [];
  });
}

/** The parts of a step that the typed client lacks: the action, or parameters, or members of the reply. */
function notOffered({ action, parameters, reply = {} }) {
  if (!(action in Client.prototype)) {
    return [action];
  }
  return [
    ...notInModel(`${action}Request`, parameters, action),
    ...notInModel(`${action}Response`, reply, action),
  ];
}

const TENCENT_CLIENTS = ['tencentcloud-sdk-nodejs-ssm', 'tencentcloud-sdk-nodejs-common'].flatMap((sdk) =>
  ['TC3-HMAC-SHA256', 'HmacSHA1', 'HmacSHA256'].flatMap((signMethod) =>
    ['POST', 'GET'].map((reqMethod) => client(sdk, signMethod, reqMethod)),
  ),
);

module.exports = { TENCENT_CLIENTS, notOffered };
