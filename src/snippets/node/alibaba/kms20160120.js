const { default: Client, ListSecretsRequest } = require('@alicloud/kms20160120');
const { Config } = require('@alicloud/rpc-client');

const client = new Client(
  new Config({
    accessKeyId: 'test',
    accessKeySecret: 'test',
    endpoint: '127.0.0.1:8080',
    protocol: 'http',
  }),
);

async function main() {
  const reply = await client.listSecrets(new ListSecretsRequest({ pageSize: 10 }));
  for (const secret of reply.secretList.secret) {
    console.log(secret.secretName);
  }
}

main();
