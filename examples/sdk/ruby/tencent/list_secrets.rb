require 'tencentcloud-sdk-ssm'

include TencentCloud::Common
include TencentCloud::Ssm::V20190923

# An endpoint of this SDK has no port: the address is given as that of an HTTP proxy.
ENV['http_proxy'] = 'http://127.0.0.1:8080'
profile = ClientProfile.new('TC3-HMAC-SHA256', HttpProfile.new('http'))
client = Client.new(Credential.new('test', 'test'), 'ap-guangzhou', profile)
client.ListSecrets(ListSecretsRequest.new).SecretMetadatas.each do |secret|
  puts secret.SecretName
end
