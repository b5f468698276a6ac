// Package sdktest tests the package kmsemulator with the official SDKs, unmodified, as the program under test. It is a
// separate module, so that programs that use kmsemulator do not depend on the SDKs.
package sdktest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	kms20160120 "github.com/alibabacloud-go/kms-20160120/v3/client"
	"github.com/alibabacloud-go/tea/tea"
	sdkerrors "github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/kms"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	tcerrors "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	ssm "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/ssm/v20190923"
	kmsemulator "kms-emulator/packages/go"
)

// client reads and deletes secrets with an SDK.
type client interface {
	read(name string) (string, error)
	deleteIn7Days(name string) error
}

// sdk is an SDK with the error codes of its cloud.
type sdk struct {
	name                        string
	connect                     func(*testing.T, *kmsemulator.Tenant) client
	throttled, pending, deleted string
}

var sdks = []sdk{
	{"alibaba-cloud-sdk-go", connectClassic, "Rejected.Throttling", "Rejected.ResourceInDeleteWindow", "Forbidden.ResourceNotFound"},
	{"kms-20160120", connectTea, "Rejected.Throttling", "Rejected.ResourceInDeleteWindow", "Forbidden.ResourceNotFound"},
	{"tencentcloud-sdk-go", connectTencent, "RequestLimitExceeded", "ResourceUnavailable.ResourcePendingDeleted", "ResourceNotFound"},
}

type classic struct {
	*kms.Client
	endpoint string
}

func connectClassic(t *testing.T, tenant *kmsemulator.Tenant) client {
	client, err := kms.NewClientWithAccessKey("cn-hangzhou", tenant.AccessKeyID, tenant.AccessKeySecret)
	if err != nil {
		t.Fatal(err)
	}
	return classic{client, tenant.Endpoint()}
}

func (c classic) read(name string) (string, error) {
	request := kms.CreateGetSecretValueRequest()
	request.Scheme, request.Domain, request.SecretName = "http", c.endpoint, name
	reply, err := c.GetSecretValue(request)
	if err != nil {
		return "", err
	}
	return reply.SecretData, nil
}

func (c classic) deleteIn7Days(name string) error {
	request := kms.CreateDeleteSecretRequest()
	request.Scheme, request.Domain = "http", c.endpoint
	request.SecretName, request.RecoveryWindowInDays = name, "7"
	_, err := c.DeleteSecret(request)
	return err
}

type teaClient struct{ *kms20160120.Client }

func connectTea(t *testing.T, tenant *kmsemulator.Tenant) client {
	client, err := kms20160120.NewClient(&openapi.Config{
		Endpoint:        tea.String(tenant.Endpoint()),
		Protocol:        tea.String("HTTP"),
		AccessKeyId:     tea.String(tenant.AccessKeyID),
		AccessKeySecret: tea.String(tenant.AccessKeySecret),
	})
	if err != nil {
		t.Fatal(err)
	}
	return teaClient{client}
}

func (c teaClient) read(name string) (string, error) {
	reply, err := c.GetSecretValue(new(kms20160120.GetSecretValueRequest).SetSecretName(name))
	if err != nil {
		return "", err
	}
	return tea.StringValue(reply.Body.SecretData), nil
}

func (c teaClient) deleteIn7Days(name string) error {
	_, err := c.DeleteSecret(new(kms20160120.DeleteSecretRequest).SetSecretName(name).SetRecoveryWindowInDays("7"))
	return err
}

type tencent struct{ *ssm.Client }

func connectTencent(t *testing.T, tenant *kmsemulator.Tenant) client {
	profile := profile.NewClientProfile()
	profile.HttpProfile.Scheme, profile.HttpProfile.Endpoint = "http", tenant.Endpoint()
	credential := common.NewCredential(tenant.AccessKeyID, tenant.AccessKeySecret)
	client, err := ssm.NewClient(credential, "ap-guangzhou", profile)
	if err != nil {
		t.Fatal(err)
	}
	return tencent{client}
}

func (c tencent) read(name string) (string, error) {
	request := ssm.NewGetSecretValueRequest()
	request.SecretName, request.VersionId = &name, common.StringPtr("v1")
	reply, err := c.GetSecretValue(request)
	if err != nil {
		return "", err
	}
	return *reply.Response.SecretString, nil
}

func (c tencent) deleteIn7Days(name string) error {
	disable := ssm.NewDisableSecretRequest()
	disable.SecretName = &name
	if _, err := c.DisableSecret(disable); err != nil {
		return err
	}
	request := ssm.NewDeleteSecretRequest()
	request.SecretName, request.RecoveryWindowInDays = &name, common.Uint64Ptr(7)
	_, err := c.DeleteSecret(request)
	return err
}

// codeOf returns the error code in the error of any SDK.
func codeOf(err error) string {
	var classic *sdkerrors.ServerError
	var teaError *tea.SDKError
	var tencent *tcerrors.TencentCloudSDKError
	switch {
	case errors.As(err, &classic):
		return classic.ErrorCode()
	case errors.As(err, &teaError):
		return tea.StringValue(teaError.Code)
	case errors.As(err, &tencent):
		return tencent.Code
	default:
		return fmt.Sprint(err)
	}
}

var emulator *kmsemulator.Emulator

func TestMain(m *testing.M) {
	var err error
	if emulator, err = kmsemulator.Launch(context.Background(), kmsemulator.WithArgs("--auth", "strict")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	if err := emulator.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// eachSDK runs a test in parallel with each SDK, with a secret.
func eachSDK(t *testing.T, test func(*testing.T, sdk, *kmsemulator.Tenant, client)) {
	t.Parallel()
	for _, sdk := range sdks {
		t.Run(sdk.name, func(t *testing.T) {
			t.Parallel()
			tenant := emulator.Tenant(t)
			tenant.Secrets(map[string]string{"db": "value of " + tenant.Account})
			test(t, sdk, tenant, sdk.connect(t, tenant))
		})
	}
}

func TestThrottledReadSucceedsWhenItIsRepeated(t *testing.T) {
	eachSDK(t, func(t *testing.T, sdk sdk, tenant *kmsemulator.Tenant, client client) {
		fault := tenant.Fault(kmsemulator.FaultRule{
			Match: kmsemulator.FaultMatch{Action: "GetSecretValue", Secret: "d*"},
			Error: sdk.throttled,
			Times: 1,
		})
		if _, err := client.read("db"); codeOf(err) != sdk.throttled {
			t.Errorf("first request: %v", err)
		}
		if value, err := client.read("db"); err != nil || value != "value of "+tenant.Account {
			t.Errorf("second request: %q, %v", value, err)
		}
		if hits := fault.Hits(); hits != 1 {
			t.Errorf("%d hits", hits)
		}
		if count := tenant.Requests("GetSecretValue"); count != 2 {
			t.Errorf("%d requests", count)
		}
	})
}

func TestSecretIsDeletedWhenItsRecoveryWindowIsOver(t *testing.T) {
	eachSDK(t, func(t *testing.T, sdk sdk, tenant *kmsemulator.Tenant, client client) {
		if err := client.deleteIn7Days("db"); err != nil {
			t.Fatal(err)
		}
		if _, err := client.read("db"); codeOf(err) != sdk.pending {
			t.Errorf("before: %v", err)
		}
		tenant.Clock().Advance(8 * 24 * time.Hour)
		// Strict mode rejects the time stamp of the client until the clock is set back.
		tenant.Clock().Reset()
		if _, err := client.read("db"); codeOf(err) != sdk.deleted {
			t.Errorf("after: %v", err)
		}
	})
}
