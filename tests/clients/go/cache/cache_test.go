// Package cache tests aliyun-secretsmanager-client-go, Alibaba Cloud's cache of secrets. It always uses https, to the
// endpoint of its settings, and does not check certificates.
package cache

import (
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"testing"

	sdkerrors "github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"
	"github.com/aliyun/aliyun-secretsmanager-client-go/sdk"
	"github.com/aliyun/aliyun-secretsmanager-client-go/sdk/logger"
	"github.com/aliyun/aliyun-secretsmanager-client-go/sdk/models"
	"github.com/aliyun/aliyun-secretsmanager-client-go/sdk/service"

	"kms-emulator/tests/sdk/go/emulator"
)

const name = "app/password"

func TestValueIsReadOnceAndCached(t *testing.T) {
	own := tenantWithSecret(t)
	cache := connect(t, own)

	for range 3 {
		expect(t, cache, "first")
	}
	if requests := own.Requests(t, "GetSecretValue"); requests != 1 {
		t.Errorf("%d requests", requests)
	}
}

func TestMembersOfAManagedSecretAreDecoded(t *testing.T) {
	own := emulator.NewTenant(t, host())
	own.Call(t, "CreateSecret", map[string]any{
		"SecretName": "$Auto", "SecretType": "RAMCredentials", "VersionId": "v1",
		"SecretData":              `{"AccessKeys":[{"AccessKeyId":"id","AccessKeySecret":"secret"}]}`,
		"ExtendedConfig":          `{"SecretSubType":"RamUserAccessKey","UserName":"deployer"}`,
		"EnableAutomaticRotation": "true", "RotationInterval": "7d",
	})

	info, err := connect(t, own).GetSecretInfo("acs/ram/user/deployer")
	if err != nil {
		t.Fatal(err)
	}
	if info.SecretName != "acs/ram/user/deployer" || info.SecretType != "RAMCredentials" || info.SecretDataType != "text" ||
		info.AutomaticRotation != "Enabled" || info.RotationInterval != "604800s" || info.NextRotationDate == "" ||
		info.CreateTime == "" || info.VersionId == "" || !strings.Contains(info.ExtendedConfig, `"UserName":"deployer"`) {
		t.Errorf("%+v", info)
	}
}

func TestBinaryValueIsRead(t *testing.T) {
	own := emulator.NewTenant(t, host())
	own.Call(t, "CreateSecret", map[string]any{
		"SecretName": name, "VersionId": "v1", "SecretData": "AAEC/w==", "SecretDataType": "binary",
	})
	cache := connect(t, own)

	value, err := cache.GetBinaryValue(name)
	if err != nil || string(value) != "AAEC/w==" {
		t.Errorf("%q %v", value, err)
	}
	if _, err := cache.GetStringValue(name); err == nil {
		t.Error("a binary value was returned as text")
	}
}

func TestRefreshReadsTheNewVersion(t *testing.T) {
	own := tenantWithSecret(t)
	cache := connect(t, own)
	expect(t, cache, "first")
	own.Call(t, "PutSecretValue", map[string]any{"SecretName": name, "VersionId": "v2", "SecretData": "second"})
	expect(t, cache, "first")

	if refreshed, err := cache.RefreshNow(name); err != nil || !refreshed {
		t.Fatal(refreshed, err)
	}
	expect(t, cache, "second")
}

func TestStageSelectsTheVersion(t *testing.T) {
	own := tenantWithSecret(t)
	own.Call(t, "PutSecretValue", map[string]any{"SecretName": name, "VersionId": "v2", "SecretData": "second"})
	cache := build(t, sdk.NewSecretCacheClientBuilder(manager(own.ID, own.Key)).WithCacheStage("ACSPrevious"))

	expect(t, cache, "first")
}

func TestClientIsConfiguredByEnvironmentVariables(t *testing.T) {
	own := tenantWithSecret(t)
	t.Setenv("credentials_type", "ak")
	t.Setenv("credentials_access_key_id", own.ID)
	t.Setenv("credentials_access_secret", own.Key)
	t.Setenv("cache_client_region_id", fmt.Sprintf(`[{"regionId":"cn-hangzhou","endpoint":%q,"vpc":""}]`, host()))
	cache, err := sdk.NewClient()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cache.Close() })

	expect(t, cache, "first")
}

func TestThrottledRequestIsRepeated(t *testing.T) {
	own := tenantWithSecret(t)
	own.Fail(t, "GetSecretValue", "Rejected.Throttling", 2)

	expect(t, connect(t, own), "first")
	if requests := own.Requests(t, "GetSecretValue"); requests != 3 {
		t.Errorf("%d requests", requests)
	}
}

func TestErrorsAreThoseOfTheService(t *testing.T) {
	own := tenantWithSecret(t)
	own.Call(t, "DeleteSecret", map[string]any{"SecretName": name, "RecoveryWindowInDays": 7})
	for _, c := range []struct {
		title, id, key, name, code string
		status                     int
	}{
		{"missing", own.ID, own.Key, "absent", "Forbidden.ResourceNotFound", 404},
		{"pending deletion", own.ID, own.Key, name, "Rejected.ResourceInDeleteWindow", 409},
		{"wrong key", own.ID, "wrong", name, "IncompleteSignature", 400},
		{"unknown key", "LTAIunknown", "wrong", name, "InvalidAccessKeyId.NotFound", 404},
	} {
		t.Run(c.title, func(t *testing.T) {
			cache := build(t, sdk.NewSecretCacheClientBuilder(manager(c.id, c.key)))
			_, err := cache.GetSecretInfo(c.name)
			var refusal sdkerrors.Error
			if !errors.As(err, &refusal) || refusal.ErrorCode() != c.code || refusal.HttpStatus() != c.status {
				t.Error(err)
			}
		})
	}
}

func host() string { return os.Getenv("KMS_EMULATOR_STRICT") }

func tenantWithSecret(t *testing.T) emulator.Tenant {
	t.Helper()
	own := emulator.NewTenant(t, host())
	own.Call(t, "CreateSecret", map[string]any{"SecretName": name, "VersionId": "v1", "SecretData": "first"})
	return own
}

func connect(t *testing.T, own emulator.Tenant) *sdk.SecretManagerCacheClient {
	t.Helper()
	return build(t, sdk.NewSecretCacheClientBuilder(manager(own.ID, own.Key)))
}

// manager builds the client below the cache, with retries after some milliseconds instead of seconds.
func manager(id, key string) service.SecretManagerClient {
	region := &models.RegionInfo{RegionId: "cn-hangzhou", Endpoint: host()}
	return service.NewDefaultSecretManagerClientBuilder().Standard().WithAccessKey(id, key).AddRegionInfo(region).
		WithBackoffStrategy(service.NewFullJitterBackoffStrategy(5, 1, 10)).Build()
}

func build(t *testing.T, builder *sdk.SecretCacheClientBuilder) *sdk.SecretManagerCacheClient {
	t.Helper()
	cache, err := builder.WithLogger(logger.NewDefaultLogger(log.New(io.Discard, "", 0))).Build()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cache.Close() })
	return cache
}

func expect(t *testing.T, cache *sdk.SecretManagerCacheClient, want string) {
	t.Helper()
	value, err := cache.GetStringValue(name)
	if err != nil {
		t.Fatal(err)
	}
	if value != want {
		t.Errorf("got %q, want %q", value, want)
	}
}
