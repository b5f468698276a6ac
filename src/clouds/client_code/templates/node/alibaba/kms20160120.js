const { default: Client, {{ operation }}Request } = require('@alicloud/kms20160120');
const { Config } = require('@alicloud/rpc-client');

const client = new Client(
  new Config({
    accessKeyId: {{ key_id }},
    accessKeySecret: {{ key_secret }},
    endpoint: {{ address }},
    protocol: {{ protocol }},
  }),
);
const request = {{ request }};

client.{{ method }}(request).then(
  (reply) => console.log(JSON.stringify(reply.toMap(), null, 2)),
  (error) => {
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = 1;
  },
);
