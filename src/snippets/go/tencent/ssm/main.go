package main

import (
	"fmt"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	ssm "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/ssm/v20190923"
)

func main() {
	settings := profile.NewClientProfile()
	settings.HttpProfile.Endpoint = "127.0.0.1:8080"
	settings.HttpProfile.Scheme = "HTTP"
	client, err := ssm.NewClient(common.NewCredential("test", "test"), "ap-guangzhou", settings)
	if err != nil {
		panic(err)
	}
	reply, err := client.ListSecrets(ssm.NewListSecretsRequest())
	if err != nil {
		panic(err)
	}
	for _, secret := range reply.Response.SecretMetadatas {
		fmt.Println(*secret.SecretName)
	}
}
