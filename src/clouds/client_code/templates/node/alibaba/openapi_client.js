const { default: Client, Config, OpenApiRequest, Params } = require('@alicloud/openapi-client');
const { RuntimeOptions } = require('@alicloud/tea-util');

const client = new Client(
  new Config({
    accessKeyId: {{ key_id }},
    accessKeySecret: {{ key_secret }},
    endpoint: {{ address }},
    protocol: {{ protocol }},
  }),
);
const params = new Params({
  action: {{ action }},
  version: {{ version }},
  protocol: {{ protocol }},
  pathname: '/',
  method: 'POST',
  authType: 'AK',
  style: 'RPC',
  reqBodyType: 'formData',
  bodyType: 'json',
});
const request = {{ request }};

client.callApi(params, request, new RuntimeOptions({})).then(
  (reply) => console.log(JSON.stringify(reply.body, null, 2)),
  (error) => {
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = 1;
  },
);
