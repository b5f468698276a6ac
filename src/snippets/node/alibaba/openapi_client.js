const { default: Client, Config, OpenApiRequest, Params } = require('@alicloud/openapi-client');
const { RuntimeOptions } = require('@alicloud/tea-util');

const client = new Client(
  new Config({ accessKeyId: 'test', accessKeySecret: 'test', endpoint: '127.0.0.1:8080', protocol: 'http' }),
);
const listSecrets = new Params({
  action: 'ListSecrets', version: '2016-01-20', style: 'RPC', authType: 'AK',
  method: 'POST', pathname: '/', protocol: 'HTTP', reqBodyType: 'formData', bodyType: 'json',
});

async function main() {
  const request = new OpenApiRequest({ query: { PageSize: '10' } });
  const reply = await client.callApi(listSecrets, request, new RuntimeOptions({}));
  for (const secret of reply.body.SecretList.Secret) {
    console.log(secret.SecretName);
  }
}

main();
