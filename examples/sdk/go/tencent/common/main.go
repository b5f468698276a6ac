package main

import (
	"fmt"
	"log"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
)

func main() {
	credential := common.NewCredential("test", "test")
	settings := profile.NewClientProfile()
	settings.HttpProfile.Endpoint = "127.0.0.1:8080"
	settings.HttpProfile.Scheme = "HTTP"
	client := common.NewCommonClient(credential, "ap-guangzhou", settings)
	request := tchttp.NewCommonRequest("ssm", "2019-09-23", "ListSecrets")
	if err := request.SetActionParameters(`{"Limit":10}`); err != nil {
		log.Fatal(err)
	}
	reply := tchttp.NewCommonResponse()
	if err := client.Send(request, reply); err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(reply.GetBody()))
}
