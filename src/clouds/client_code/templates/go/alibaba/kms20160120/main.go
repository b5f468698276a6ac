package main

import (
	"fmt"
	"log"
{% if environment %}
	"os"
{% endif %}

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	kms "github.com/alibabacloud-go/kms-20160120/v3/client"
	"github.com/alibabacloud-go/tea/tea"
)

func main() {
	client, err := kms.NewClient(new(openapi.Config).
		SetEndpoint({{ address }}).
		SetProtocol({{ protocol|upper }}).
		SetAccessKeyId({{ key_id }}).
		SetAccessKeySecret({{ key_secret }}))
	if err != nil {
		log.Fatal(err)
	}
{% if request %}
	request := {{ request }}
{% endif %}
	reply, err := client.{{ operation }}({% if request %}request{% endif %})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(tea.Prettify(reply.Body))
}
