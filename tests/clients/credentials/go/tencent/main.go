// Lists secrets with the default credential chain of Tencent Cloud, before and after its key expires by the emulator's
// clock.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	sdkerrors "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
)

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

// The default chain, or a provider that is not part of it.
func chain() common.CredentialIface {
	var provider common.Provider = common.DefaultProviderChain()
	if os.Getenv("TKE_ROLE_ARN") != "" {
		tke, err := common.DefaultTkeOIDCRoleArnProvider()
		check(err)
		provider = tke
	} else if role := os.Getenv("ROLE"); role != "" {
		provider = common.DefaultRoleArnProvider("test", "test", role)
	}
	credential, err := provider.GetCredential()
	check(err)
	return credential
}

func list(credential common.CredentialIface) error {
	client := common.NewCommonClient(credential, "ap-guangzhou", profile.NewClientProfile())
	request := tchttp.NewCommonRequest("ssm", "2019-09-23", "ListSecrets")
	check(request.SetActionParameters(`{"Limit":1}`))
	response := tchttp.NewCommonResponse()
	if err := client.Send(request, response); err != nil {
		return err
	}
	var reply struct{ Response struct{ TotalCount int } }
	check(json.Unmarshal(response.GetBody(), &reply))
	if reply.Response.TotalCount != 6 {
		return fmt.Errorf("listed %s", response.GetBody())
	}
	return nil
}

func main() {
	log.SetFlags(log.Lshortfile)
	lifetime, err := strconv.Atoi(os.Getenv("LIFETIME"))
	check(err)
	credential := chain()
	check(list(credential))
	if lifetime == 0 {
		// The key of the environment or of a profile does not expire.
		assert(credential.GetSecretId() == "test", credential.GetSecretId())
		fmt.Println("ok")
		return
	}
	first := credential.GetSecretId()
	assert(strings.HasPrefix(first, "AKID") && credential.GetToken() != "", first)
	// A key is used until shortly before it expires; the provider of a role renews it long before.
	assert(os.Getenv("ROLE") != "" || credential.GetSecretId() == first, "another key is used")

	// With the emulator's clock behind, a new key expires within the time in which the SDK refreshes.
	start := time.Now().Add(time.Duration(100-lifetime) * time.Second).UTC().Format(time.RFC3339)
	control("PUT", "clock", fmt.Sprintf(`{"now":%q}`, start))
	credential = chain()
	old := common.NewTokenCredential(credential.GetCredential())
	check(list(credential))
	check(list(old))

	control("POST", "clock/advance", fmt.Sprintf(`{"by":"%ds"}`, lifetime))
	var refused *sdkerrors.TencentCloudSDKError
	assert(errors.As(list(old), &refused), "the old key is still valid")
	assert(refused.Code == "AuthFailure.TokenFailure", refused.Error())
	check(list(credential))
	assert(credential.GetSecretId() != old.GetSecretId(), "the key was not refreshed")
	fmt.Println("ok")
}
