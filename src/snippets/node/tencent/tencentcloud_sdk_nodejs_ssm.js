const { Client } = require('tencentcloud-sdk-nodejs-ssm').ssm.v20190923;

const client = new Client({
  credential: { secretId: 'test', secretKey: 'test' },
  region: 'ap-guangzhou',
  profile: { httpProfile: { endpoint: '127.0.0.1:8080', protocol: 'http://' } },
});

async function main() {
  const reply = await client.ListSecrets({});
  for (const secret of reply.SecretMetadatas) {
    console.log(secret.SecretName);
  }
}

main();
