'use strict';

// Gives the typed and the generic client of Tencent Cloud the same face, once for each way to sign
// and to send, so that one set of checks fits all of them.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');

const { CommonClient } = require('tencentcloud-sdk-nodejs-common');
const {
  default: SdkException,
} = require('tencentcloud-sdk-nodejs-common/tencentcloud/common/exception/tencent_cloud_sdk_exception');
const { Client } = require('tencentcloud-sdk-nodejs-ssm').ssm.v20190923;

// The SDK would send even requests to the loopback address through such a proxy.
delete process.env.http_proxy;

const VERSION = '2019-09-23';

/** A client of the SDK, which reads `access`: address, keyId, secret and perhaps https, region and language. */
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
      const reply = isTyped
        ? await new Client(config)[action](parameters)
        : await new CommonClient(access.address, VERSION, config).request(action, parameters);
      assertIsRequestId(reply.RequestId);
      return reply;
    },

    async refusal(access, action, parameters) {
      const error = await this.call(access, action, parameters).then(
        (reply) => assert.fail(`${action} was not refused: ${JSON.stringify(reply)}`),
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

// At run time the SDK takes and hands over members of any name; its models are in its declarations only.
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

/** The paths of those members of a value which the typed client's model of it lacks. */
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

/** What the typed client lacks of a step: the action, or parameters of it, or members of its reply. */
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
