package main

import (
	"fmt"
	"log"

	"github.com/aliyun/alibaba-cloud-sdk-go/services/kms"
)

func main() {
	client, err := kms.NewClientWithAccessKey("cn-hangzhou", "test", "test")
	if err != nil {
		log.Fatal(err)
	}
	client.Domain = "127.0.0.1:8080"
	request := kms.CreateListSecretsRequest()
	request.Scheme = "http"
	request.PageSize = "10"
	reply, err := client.ListSecrets(request)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(reply.GetHttpContentString())
}
