export TENCENTCLOUD_SECRET_ID=test TENCENTCLOUD_SECRET_KEY=test

tccli ssm ListSecrets --region ap-guangzhou --endpoint http://127.0.0.1:8080 \
    --Limit=10
