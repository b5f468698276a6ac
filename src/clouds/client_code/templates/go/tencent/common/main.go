package main

import (
	"fmt"
	"log"
{% if environment %}
	"os"
{% endif %}

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
)

func main() {
	credential := common.NewCredential({{ key_id }}, {{ key_secret }})
	settings := profile.NewClientProfile()
	settings.HttpProfile.Endpoint = {{ address }}
	settings.HttpProfile.Scheme = {{ protocol|upper }}
	client := common.NewCommonClient(credential, {{ region }}, settings)
	request := tchttp.NewCommonRequest({{ service }}, {{ version }}, {{ action }})
{% if parameters %}
	if err := request.SetActionParameters({{ parameters }}); err != nil {
		log.Fatal(err)
	}
{% endif %}
	reply := tchttp.NewCommonResponse()
	if err := client.Send(request, reply); err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(reply.GetBody()))
}
