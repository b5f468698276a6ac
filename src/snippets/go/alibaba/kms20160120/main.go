package main

import (
	"fmt"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	kms "github.com/alibabacloud-go/kms-20160120/v3/client"
	"github.com/alibabacloud-go/tea/tea"
)

func main() {
	config := new(openapi.Config).SetEndpoint("127.0.0.1:8080").SetProtocol("HTTP").
		SetAccessKeyId("test").SetAccessKeySecret("test")
	client, err := kms.NewClient(config)
	if err != nil {
		panic(err)
	}
	reply, err := client.ListSecrets(new(kms.ListSecretsRequest).SetPageSize(10))
	if err != nil {
		panic(err)
	}
	for _, secret := range reply.Body.SecretList.Secret {
		fmt.Println(tea.StringValue(secret.SecretName))
	}
}
