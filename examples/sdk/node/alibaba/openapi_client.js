const { default: Client, Config, OpenApiRequest, Params } = require('@alicloud/openapi-client');
const { RuntimeOptions } = require('@alicloud/tea-util');

const client = new Client(
  new Config({
    accessKeyId: 'test',
    accessKeySecret: 'test',
    endpoint: '127.0.0.1:8080',
    protocol: 'http',
  }),
);
const params = new Params({
  action: 'ListSecrets',
  version: '2016-01-20',
  protocol: 'http',
  pathname: '/',
  method: 'POST',
  authType: 'AK',
  style: 'RPC',
  reqBodyType: 'formData',
  bodyType: 'json',
});
const request = new OpenApiRequest({ body: { PageSize: '10' } });

client.callApi(params, request, new RuntimeOptions({})).then(
  (reply) => console.log(JSON.stringify(reply.body, null, 2)),
  (error) => {
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = 1;
  },
);
