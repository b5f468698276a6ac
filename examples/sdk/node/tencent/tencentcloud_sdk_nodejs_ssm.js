const { Client } = require('tencentcloud-sdk-nodejs-ssm').ssm.v20190923;

const client = new Client({
  credential: {
    secretId: 'test',
    secretKey: 'test',
  },
  region: 'ap-guangzhou',
  profile: { httpProfile: { endpoint: '127.0.0.1:8080', protocol: 'http://' } },
});
const request = { Limit: 10 };

client.ListSecrets(request).then(
  (reply) => console.log(JSON.stringify(reply, null, 2)),
  (error) => {
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = 1;
  },
);
