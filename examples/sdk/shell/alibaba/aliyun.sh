export ALIBABA_CLOUD_ACCESS_KEY_ID=test ALIBABA_CLOUD_ACCESS_KEY_SECRET=test

aliyun kms ListSecrets --region cn-hangzhou --endpoint 127.0.0.1:8080 --insecure \
    --PageSize=10
