const { RPCClient } = require('@alicloud/pop-core');

const client = new RPCClient({
  accessKeyId: {{ key_id }},
  accessKeySecret: {{ key_secret }},
  endpoint: {{ url }},
  apiVersion: '2016-01-20',
});

client.request('ListSecrets', { PageSize: 10 }).then(
  (reply) => console.log(JSON.stringify(reply, null, 2)),
  (error) => {
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = 1;
  },
);
