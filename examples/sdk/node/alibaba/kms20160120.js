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
const request = new ListSecretsRequest({ pageSize: 10 });

client.listSecrets(request).then(
  (reply) => console.log(JSON.stringify(reply.toMap(), null, 2)),
  (error) => {
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = 1;
  },
);
