package main

import (
	"fmt"
	"log"

	"github.com/aliyun/alibaba-cloud-sdk-go/services/kms"
)

func main() {
	client, err := kms.NewClientWithAccessKey({{ region }}, {{ key_id }}, {{ key_secret }})
	if err != nil {
		log.Fatal(err)
	}
	client.Domain = {{ address }}
	request := kms.CreateListSecretsRequest()
	request.Scheme = {{ protocol }}
	request.PageSize = "10"
	reply, err := client.ListSecrets(request)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(reply.GetHttpContentString())
}
