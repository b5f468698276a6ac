// Lists secrets with the default credential chain, before and after its key expires by the emulator's clock.
package main

import (
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	kms "github.com/alibabacloud-go/kms-20160120/v3/client"
	"github.com/alibabacloud-go/tea/tea"
	"github.com/aliyun/credentials-go/credentials"
)

const endpoint = "kms.cn-hangzhou.aliyuncs.com"

func check(err error) {
	if err != nil {
		log.Output(2, err.Error())
		os.Exit(1)
	}
}

func assert(condition bool, text string) {
	if !condition {
		log.Output(2, text)
		os.Exit(1)
	}
}

func control(method, path, body string) {
	request, err := http.NewRequest(method, os.Getenv("CONTROL")+"/"+path, strings.NewReader(body))
	check(err)
	reply, err := http.DefaultClient.Do(request)
	check(err)
	assert(reply.StatusCode == 200, reply.Status)
}

func client(config *openapi.Config) *kms.Client {
	client, err := kms.NewClient(config.SetEndpoint(endpoint))
	check(err)
	return client
}

func list(client *kms.Client) error {
	reply, err := client.ListSecrets(new(kms.ListSecretsRequest).SetPageSize(1))
	if err == nil && tea.Int32Value(reply.Body.TotalCount) != 8 {
		return fmt.Errorf("listed %v", reply.Body)
	}
	return err
}

// The default chain, a client with it, and its key.
func chain() (credentials.Credential, *kms.Client, *credentials.CredentialModel) {
	credential, err := credentials.NewCredential(nil)
	check(err)
	return credential, client(new(openapi.Config).SetCredential(credential)), key(credential)
}

func key(credential credentials.Credential) *credentials.CredentialModel {
	key, err := credential.GetCredential()
	check(err)
	return key
}

func main() {
	log.SetFlags(log.Lshortfile)
	// A key is used until shortly before it expires.
	credential, fresh, first := chain()
	assert(strings.HasPrefix(*first.AccessKeyId, "STS."), *first.AccessKeyId)
	check(list(fresh))
	assert(*key(credential).AccessKeyId == *first.AccessKeyId, "another key is used")

	// With the emulator's clock behind, a new key expires within the time in which SDKs refresh.
	lifetime, err := strconv.Atoi(os.Getenv("LIFETIME"))
	check(err)
	start := time.Now().Add(time.Duration(100-lifetime) * time.Second).UTC().Format(time.RFC3339)
	control("PUT", "clock", fmt.Sprintf(`{"now":%q}`, start))
	credential, refreshing, old := chain()
	check(list(refreshing))
	withOldKey := client(new(openapi.Config).SetAccessKeyId(*old.AccessKeyId).
		SetAccessKeySecret(*old.AccessKeySecret).SetSecurityToken(*old.SecurityToken))
	check(list(withOldKey))

	control("POST", "clock/advance", fmt.Sprintf(`{"by":"%ds"}`, lifetime))
	var refused *tea.SDKError
	assert(errors.As(list(withOldKey), &refused), "the old key is still valid")
	assert(tea.StringValue(refused.Code) == "InvalidAccessKeyId.NotFound", tea.StringValue(refused.Code))
	check(list(refreshing))
	assert(*key(credential).AccessKeyId != *old.AccessKeyId, "the key was not refreshed")
	fmt.Println("ok")
}
