const { RPCClient } = require('@alicloud/pop-core');

const client = new RPCClient({
  accessKeyId: 'test',
  accessKeySecret: 'test',
  endpoint: 'http://127.0.0.1:8080',
  apiVersion: '2016-01-20',
});

async function main() {
  const reply = await client.request('ListSecrets', { PageSize: 10 });
  for (const secret of reply.SecretList.Secret) {
    console.log(secret.SecretName);
  }
}

main();
