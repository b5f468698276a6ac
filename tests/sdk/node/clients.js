'use strict';

// Wraps every official Node client in the same interface, so that all of them run the same tests.
// `call` calls an action with parameters in the style of the SDK. `page` converts the SDK's reply, and
// `refusal` converts the SDK's error, to a plain object.

const assert = require('node:assert/strict');

const Kms = require('@alicloud/kms20160120');
const OpenApi = require('@alicloud/openapi-client');
const OpenApiUtil = require('@alicloud/openapi-util').default;
const { RPCClient } = require('@alicloud/pop-core');
const { Config: KmsConfig } = require('@alicloud/rpc-client');
const { RuntimeOptions } = require('@alicloud/tea-util');

const VERSION = '2016-01-20';

function scheme(access) {
  return access.https ? 'https' : 'http';
}

/** Converts names such as `pageSize` to wire names such as `PageSize`. */
function wireNames(parameters) {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name[0].toUpperCase() + name.slice(1), value]),
  );
}

/** Encodes parameters as the generated code of the current generation does: objects as JSON, lists with numbers. */
function flattened(parameters) {
  const isObject = (value) => typeof value === 'object' && !Array.isArray(value);
  return OpenApiUtil.query(
    Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [name, isObject(value) ? JSON.stringify(value) : value]),
    ),
  );
}

/** Reads a reply that an SDK returns as plain JSON. */
function pageFromJson(reply) {
  return {
    number: reply.PageNumber,
    size: reply.PageSize,
    total: reply.TotalCount,
    requestId: reply.RequestId,
    secrets: reply.SecretList.Secret.map((secret) => ({
      name: secret.SecretName,
      type: secret.SecretType,
      created: secret.CreateTime,
      updated: secret.UpdateTime,
      plannedDelete: secret.PlannedDeleteTime,
      owingService: secret.OwingService,
      tags: secret.Tags?.Tag.map((tag) => [tag.TagKey, tag.TagValue]),
    })),
  };
}

/** The HTTP method of a call: SetSecretPolicy can only be called with POST. */
const allowed = (method, action) => (action === 'SetSecretPolicy' ? 'POST' : method);

/** `@alicloud/pop-core`: V1, with all parameters in the query of a GET or in the form body of a POST. */
function popCore(method) {
  return {
    name: `@alicloud/pop-core, V1, ${method}`,
    isGeneric: true,

    call(access, action, parameters) {
      const client = new RPCClient({
        endpoint: `${scheme(access)}://${access.address}`,
        accessKeyId: access.keyId,
        accessKeySecret: access.secret,
        apiVersion: VERSION,
      });
      return client.request(action, wireNames(parameters), { method: allowed(method, action) });
    },

    // Calls with parameters by their wire names; returns the reply likewise, or undefined if the SDK lacks the operation.
    wireCall(access, action, parameters) {
      return this.call(access, action, flattened(parameters));
    },

    page: pageFromJson,

    refusal(error) {
      assert.equal(error.name, `${error.code}Error`);
      assert.ok(error.message.startsWith(`${error.data.Message}, URL: `));
      return {
        status: error.entry.response.statusCode,
        code: error.code,
        message: error.data.Message,
        requestId: error.data.RequestId,
      };
    },
  };
}

/** `@alicloud/kms20160120`: V1, typed. It is older than filters, secret types and owing services. */
const kms = {
  name: '@alicloud/kms20160120, V1',
  isGeneric: false,
  lacks: ['filters', 'type', 'owingService'],

  call(access, action, parameters) {
    const client = new Kms.default(
      new KmsConfig({
        endpoint: access.address,
        protocol: scheme(access),
        accessKeyId: access.keyId,
        accessKeySecret: access.secret,
      }),
    );
    const method = action[0].toLowerCase() + action.slice(1);
    return client[method](new Kms[`${action}Request`](parameters));
  },

  /** Whether the SDK has the operation with these parameters. */
  offers(action, parameters) {
    const Request = Kms[`${action}Request`];
    const names = Request && Object.values(Request.names());
    return Request !== undefined && Object.keys(parameters).every((name) => names.includes(name));
  },

  /** The members of a reply that the SDK's model has. */
  known(action, reply) {
    const prune = (value, type) => {
      if (Array.isArray(value)) {
        return value.map((item) => prune(item, type.itemType));
      }
      if (typeof type?.names !== 'function') {
        return value;
      }
      const members = Object.entries(type.names()).filter(([, name]) => name in value);
      return Object.fromEntries(
        members.map(([property, name]) => [name, prune(value[name], type.types()[property])]),
      );
    };
    return prune(reply, Kms[`${action}Response`]);
  },

  async wireCall(access, action, parameters) {
    if (!this.offers(action, parameters)) {
      return undefined;
    }
    const members = Object.entries(Kms[`${action}Request`].names()).map(([property, name]) => [name, property]);
    const properties = Object.fromEntries(members);
    const values = Object.entries(parameters).map(([name, value]) => [properties[name], value]);
    return (await this.call(access, action, Object.fromEntries(values))).toMap();
  },

  page(reply) {
    return {
      number: reply.pageNumber,
      size: reply.pageSize,
      total: reply.totalCount,
      requestId: reply.requestId,
      secrets: reply.secretList.secret.map((secret) => ({
        name: secret.secretName,
        created: secret.createTime,
        updated: secret.updateTime,
        plannedDelete: secret.plannedDeleteTime,
        tags: secret.tags?.tag.map((tag) => [tag.tagKey, tag.tagValue]),
      })),
    };
  },

  refusal(error) {
    // This SDK appends "Error" to the code, and has the status only in the message.
    const [, code] = error.code.match(/^(.*)Error$/);
    const [, status, message, requestId] = error.message.match(/: code: (\d+), (.*) requestid: (\S+)$/s);
    return { status: Number(status), code, message, requestId };
  },
};

/** `@alicloud/openapi-client`: generic calls with any place of the parameters. */
function openApi(variant, { method = 'POST', place, reqBodyType = 'formData', signatureAlgorithm }) {
  return {
    name: `@alicloud/openapi-client, ${variant}`,
    isGeneric: true,

    call(access, action, parameters) {
      const values = wireNames(parameters);
      return this.send(access, action, place === 'query' ? OpenApiUtil.query(values) : values);
    },

    wireCall(access, action, parameters) {
      return this.send(access, action, reqBodyType === 'json' ? parameters : flattened(parameters));
    },

    async send(access, action, values) {
      const client = new OpenApi.default(
        new OpenApi.Config({
          endpoint: access.address,
          protocol: scheme(access),
          accessKeyId: access.keyId,
          accessKeySecret: access.secret,
          signatureAlgorithm,
        }),
      );
      const params = new OpenApi.Params({
        action,
        version: VERSION,
        protocol: scheme(access).toUpperCase(),
        pathname: '/',
        method: allowed(method, action),
        authType: 'AK',
        style: 'RPC',
        reqBodyType,
        bodyType: 'json',
      });
      const request = new OpenApi.OpenApiRequest({ [place]: values });
      return (await client.callApi(params, request, new RuntimeOptions({}))).body;
    },

    page: pageFromJson,

    refusal(error) {
      // The SDK wraps the server's message: "<code>: code: 400, <message> request id: <id>".
      const [, code, status, message, requestId] = error.message.match(
        /^(\S+): code: (\d+), (.*) request id: (\S+)$/s,
      );
      assert.equal(error.code, code);
      assert.equal(error.statusCode, Number(status));
      return { status: error.statusCode, code, message, requestId };
    },
  };
}

const CLIENTS = [
  popCore('GET'),
  popCore('POST'),
  kms,
  openApi('ACS3, GET, query', { method: 'GET', place: 'query' }),
  openApi('ACS3, POST, query', { place: 'query' }),
  openApi('ACS3, POST, form body', { place: 'body' }),
  openApi('ACS3, POST, JSON body', { place: 'body', reqBodyType: 'json' }),
  openApi('ACS3 with SM3, POST, form body', { place: 'body', signatureAlgorithm: 'ACS3-HMAC-SM3' }),
  openApi('V1, POST, query', { place: 'query', signatureAlgorithm: 'v2' }),
  openApi('V1, POST, form body', { place: 'body', signatureAlgorithm: 'v2' }),
];

module.exports = { CLIENTS, openApi };
