const { Client } = require('tencentcloud-sdk-nodejs-ssm').ssm.v20190923;

const client = new Client({
  credential: {
    secretId: {{ key_id }},
    secretKey: {{ key_secret }},
  },
  region: {{ region }},
  profile: { httpProfile: { endpoint: {{ address }}, protocol: {{ protocol ~ '://' }} } },
});
const request = {{ parameters }};

client.{{ operation }}(request).then(
  (reply) => console.log(JSON.stringify(reply, null, 2)),
  (error) => {
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = 1;
  },
);
