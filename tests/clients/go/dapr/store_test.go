// Package dapr tests the secret store `secretstores.tencentcloud.ssm` of Dapr. It has no setting for the endpoint: its
// requests for https://ssm.tencentcloudapi.com reach the emulator through HTTPS_PROXY, and SSL_CERT_FILE names the
// emulator's authority.
package dapr

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/dapr/components-contrib/metadata"
	"github.com/dapr/components-contrib/secretstores"
	"github.com/dapr/components-contrib/secretstores/tencentcloud/ssm"
	"github.com/dapr/kit/logger"

	"kms-emulator/tests/sdk/go/emulator"
)

const binary = "AAEC/w=="

func TestGetSecretReturnsABinaryValue(t *testing.T) {
	own, store := connect(t)
	create(t, own, "app-key", "v1")
	own.CallTencent(t, "PutSecretValue", map[string]any{"SecretName": "app-key", "VersionId": "v2", "SecretBinary": "/w=="})

	expect(t, store, "app-key", "v1", binary)
	expect(t, store, "app-key", "v2", "/w==")
}

// The store prefers a member that the service returns for texts too, with an empty value.
func TestGetSecretReturnsATextAsAnEmptyBinaryValue(t *testing.T) {
	own, store := connect(t)
	own.CallTencent(t, "CreateSecret", map[string]any{"SecretName": "app-text", "VersionId": "v1", "SecretString": "first"})

	expect(t, store, "app-text", "v1", "")
}

func TestBulkGetSecretReadsAllEnabledSecretsOfMoreThanAPage(t *testing.T) {
	own, store := connect(t)
	const secrets = 101 // The store reads pages of 100.
	for number := range secrets {
		create(t, own, fmt.Sprint("app-", number), "v1")
	}
	create(t, own, "app-disabled", "v1")
	own.CallTencent(t, "DisableSecret", map[string]any{"SecretName": "app-disabled"})

	bulk, err := store.BulkGetSecret(context.Background(), secretstores.BulkGetSecretRequest{
		Metadata: map[string]string{ssm.VersionID: "v1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(bulk.Data) != secrets {
		t.Errorf("%d secrets", len(bulk.Data))
	}
	for name, data := range bulk.Data {
		if data[name] != binary || data[ssm.ValueType] != "20" {
			t.Errorf("%s: %v", name, data)
		}
	}
	if pages := own.Requests(t, "ListSecrets"); pages != 2 {
		t.Errorf("%d pages", pages)
	}
}

func TestTemporaryKeyNeedsItsToken(t *testing.T) {
	own, _ := connect(t)
	create(t, own, "app-key", "v1")
	issued := own.CallTencent(t, "AssumeRole", map[string]any{
		"RoleArn": fmt.Sprintf("qcs::cam::uin/%s:roleName/reader", own.Account), "RoleSessionName": "dapr",
	})["Credentials"].(map[string]any)
	id, key, token := issued["TmpSecretId"].(string), issued["TmpSecretKey"].(string), issued["Token"].(string)

	expect(t, open(t, id, key, token), "app-key", "v1", binary)
	expectError(t, open(t, id, key, ""), "app-key", "v1", "AuthFailure.TokenFailure")
}

func TestErrorsHaveTheCodesOfTheService(t *testing.T) {
	own, store := connect(t)
	create(t, own, "app-key", "v1")
	create(t, own, "app-disabled", "v1")
	own.CallTencent(t, "DisableSecret", map[string]any{"SecretName": "app-disabled"})
	create(t, own, "app-old", "v1")
	own.CallTencent(t, "DisableSecret", map[string]any{"SecretName": "app-old"})
	own.CallTencent(t, "DeleteSecret", map[string]any{"SecretName": "app-old", "RecoveryWindowInDays": 7})

	expectError(t, store, "absent", "v1", "ResourceNotFound")
	expectError(t, store, "app-key", "v9", "ResourceNotFound")
	// Without a version the store sends an empty one.
	expectError(t, store, "app-key", "", "InvalidParameterValue")
	expectError(t, store, "app-disabled", "v1", "ResourceUnavailable.ResourceDisabled")
	expectError(t, store, "app-old", "v1", "ResourceUnavailable.ResourcePendingDeleted")
	expectError(t, open(t, own.ID, "wrong", ""), "app-key", "v1", "AuthFailure.SignatureFailure")
	expectError(t, open(t, "AKIDunknown", "wrong", ""), "app-key", "v1", "AuthFailure.SecretIdNotFound")
}

func TestThrottledRequestIsNotRepeated(t *testing.T) {
	own, store := connect(t)
	create(t, own, "app-key", "v1")
	own.Fail(t, "GetSecretValue", "RequestLimitExceeded", 1)

	expectError(t, store, "app-key", "v1", "RequestLimitExceeded")
	expect(t, store, "app-key", "v1", binary)
}

// connect creates an account and a store with its access key.
func connect(t *testing.T) (emulator.Tenant, secretstores.SecretStore) {
	t.Helper()
	own := emulator.NewTenant(t, os.Getenv("KMS_EMULATOR_STRICT"))
	return own, open(t, own.ID, own.Key, "")
}

func open(t *testing.T, id, key, token string) secretstores.SecretStore {
	t.Helper()
	store := ssm.NewSSM(logger.NewLogger("test"))
	properties := map[string]string{"region": "ap-guangzhou", "secretId": id, "secretKey": key, "token": token}
	err := store.Init(context.Background(), secretstores.Metadata{Base: metadata.Base{Properties: properties}})
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func create(t *testing.T, own emulator.Tenant, name, id string) {
	t.Helper()
	own.CallTencent(t, "CreateSecret", map[string]any{"SecretName": name, "VersionId": id, "SecretBinary": binary})
}

func get(store secretstores.SecretStore, name, id string) (secretstores.GetSecretResponse, error) {
	request := secretstores.GetSecretRequest{Name: name, Metadata: map[string]string{ssm.VersionID: id}}
	return store.GetSecret(context.Background(), request)
}

func expect(t *testing.T, store secretstores.SecretStore, name, id, want string) {
	t.Helper()
	reply, err := get(store, name, id)
	if err != nil {
		t.Fatal(err)
	}
	if value, found := reply.Data[name]; !found || value != want || reply.Data[ssm.ValueType] != "20" {
		t.Errorf("got %v, want %q", reply.Data, want)
	}
}

func expectError(t *testing.T, store secretstores.SecretStore, name, id, code string) {
	t.Helper()
	reply, err := get(store, name, id)
	if err == nil {
		t.Fatalf("got %v, want an error", reply.Data)
	}
	if !strings.Contains(err.Error(), "Code="+code+",") {
		t.Errorf("%q is not in: %v", code, err)
	}
}
