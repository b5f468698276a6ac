const { CommonClient } = require('tencentcloud-sdk-nodejs-common');

const client = new CommonClient({{ address }}, {{ version }}, {
  credential: {
    secretId: {{ key_id }},
    secretKey: {{ key_secret }},
  },
  region: {{ region }},
  profile: { httpProfile: { endpoint: {{ address }}, protocol: {{ protocol ~ '://' }} } },
});
const request = {{ parameters }};

client.request({{ action }}, request).then(
  (reply) => console.log(JSON.stringify(reply, null, 2)),
  (error) => {
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = 1;
  },
);
