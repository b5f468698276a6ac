package main

import (
	"fmt"
	"log"
{% if environment %}
	"os"
{% endif %}

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	ssm "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/ssm/v20190923"
)

func main() {
	credential := common.NewCredential({{ key_id }}, {{ key_secret }})
	settings := profile.NewClientProfile()
	settings.HttpProfile.Endpoint = {{ address }}
	settings.HttpProfile.Scheme = {{ protocol|upper }}
	client, err := ssm.NewClient(credential, {{ region }}, settings)
	if err != nil {
		log.Fatal(err)
	}
	request := ssm.New{{ operation }}Request()
{% for assignment in assignments %}
	request.{{ assignment }}
{% endfor %}
	reply, err := client.{{ operation }}(request)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(reply.ToJsonString())
}
