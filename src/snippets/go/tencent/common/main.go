package main

import (
	"encoding/json"
	"fmt"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
)

func main() {
	settings := profile.NewClientProfile()
	settings.HttpProfile.Endpoint = "127.0.0.1:8080"
	settings.HttpProfile.Scheme = "HTTP"
	client := common.NewCommonClient(common.NewCredential("test", "test"), "ap-guangzhou", settings)
	reply := tchttp.NewCommonResponse()
	if err := client.Send(tchttp.NewCommonRequest("ssm", "2019-09-23", "ListSecrets"), reply); err != nil {
		panic(err)
	}
	var body struct {
		Response struct {
			SecretMetadatas []struct{ SecretName string }
		}
	}
	if err := json.Unmarshal(reply.GetBody(), &body); err != nil {
		panic(err)
	}
	for _, secret := range body.Response.SecretMetadatas {
		fmt.Println(secret.SecretName)
	}
}
