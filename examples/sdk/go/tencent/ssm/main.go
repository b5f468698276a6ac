package main

import (
	"fmt"
	"log"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	ssm "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/ssm/v20190923"
)

func main() {
	credential := common.NewCredential("test", "test")
	settings := profile.NewClientProfile()
	settings.HttpProfile.Endpoint = "127.0.0.1:8080"
	settings.HttpProfile.Scheme = "HTTP"
	client, err := ssm.NewClient(credential, "ap-guangzhou", settings)
	if err != nil {
		log.Fatal(err)
	}
	request := ssm.NewListSecretsRequest()
	request.Limit = common.Uint64Ptr(10)
	reply, err := client.ListSecrets(request)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(reply.ToJsonString())
}
