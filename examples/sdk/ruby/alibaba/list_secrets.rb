require 'aliyunsdkcore'

client = RPCClient.new(
  endpoint: 'http://127.0.0.1:8080',
  api_version: '2016-01-20',
  access_key_id: 'test',
  access_key_secret: 'test'
)
reply = client.request(action: 'ListSecrets', opts: { method: 'POST' })
reply['SecretList']['Secret'].each { |secret| puts secret['SecretName'] }
