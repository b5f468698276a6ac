const { CommonClient } = require('tencentcloud-sdk-nodejs-common');

const client = new CommonClient('127.0.0.1:8080', '2019-09-23', {
  credential: {
    secretId: 'test',
    secretKey: 'test',
  },
  region: 'ap-guangzhou',
  profile: { httpProfile: { endpoint: '127.0.0.1:8080', protocol: 'http://' } },
});
const request = { Limit: 10 };

client.request('ListSecrets', request).then(
  (reply) => console.log(JSON.stringify(reply, null, 2)),
  (error) => {
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = 1;
  },
);
