package main

import (
	"fmt"
	"log"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	kms "github.com/alibabacloud-go/kms-20160120/v3/client"
	"github.com/alibabacloud-go/tea/tea"
)

func main() {
	client, err := kms.NewClient(new(openapi.Config).
		SetEndpoint("127.0.0.1:8080").
		SetProtocol("HTTP").
		SetAccessKeyId("test").
		SetAccessKeySecret("test"))
	if err != nil {
		log.Fatal(err)
	}
	request := new(kms.ListSecretsRequest).
		SetPageSize(10)
	reply, err := client.ListSecrets(request)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(tea.Prettify(reply.Body))
}
