package main

import (
	"fmt"
	"log"
{% if environment %}
	"os"
{% endif %}

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/tea/dara"
	"github.com/alibabacloud-go/tea/tea"
)

func main() {
	client, err := openapi.NewClient(new(openapi.Config).
		SetEndpoint({{ address }}).
		SetProtocol({{ protocol|upper }}).
		SetAccessKeyId({{ key_id }}).
		SetAccessKeySecret({{ key_secret }}))
	if err != nil {
		log.Fatal(err)
	}
	params := new(openapi.Params).
		SetAction({{ action }}).
		SetVersion({{ version }}).
		SetProtocol({{ protocol|upper }}).
		SetPathname("/").
		SetMethod("POST").
		SetAuthType("AK").
		SetStyle("RPC").
		SetReqBodyType("formData").
		SetBodyType("json")
	request := new(openapi.OpenApiRequest).SetBody({{ body }})
	reply, err := client.CallApi(params, request, new(dara.RuntimeOptions))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(tea.Prettify(reply["body"]))
}
