export TENCENTCLOUD_SECRET_ID=test TENCENTCLOUD_SECRET_KEY=test TENCENTCLOUD_REGION=ap-guangzhou

tccli ssm ListSecrets --endpoint http://127.0.0.1:8080 \
    --filter 'SecretMetadatas[*].[SecretName]' --output text
