// Package externalsecrets tests the Alibaba Cloud provider of External Secrets. The provider has no setting for the
// endpoint: its requests for https://kms.REGION.aliyuncs.com reach the emulator through HTTPS_PROXY, and SSL_CERT_FILE
// names the emulator's authority.
package externalsecrets

import (
	"context"
	"os"
	"strings"
	"testing"

	esv1 "github.com/external-secrets/external-secrets/apis/externalsecrets/v1"
	esmeta "github.com/external-secrets/external-secrets/apis/meta/v1"
	_ "github.com/external-secrets/external-secrets/pkg/provider/alibaba" // registers the provider
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	kubernetes "sigs.k8s.io/controller-runtime/pkg/client/fake"

	"kms-emulator/tests/sdk/go/emulator"
)

func TestGetSecretReturnsTheCurrentVersion(t *testing.T) {
	own, provider := connect(t)
	own.Call(t, "CreateSecret", map[string]any{"SecretName": "app/password", "VersionId": "v1", "SecretData": "first"})
	own.Call(t, "PutSecretValue", map[string]any{"SecretName": "app/password", "VersionId": "v2", "SecretData": "second"})

	expect(t, provider, esv1.ExternalSecretDataRemoteRef{Key: "app/password"}, "second")
}

func TestGetSecretReturnsAVersionByItsID(t *testing.T) {
	own, provider := connect(t)
	own.Call(t, "CreateSecret", map[string]any{"SecretName": "app/password", "VersionId": "v1", "SecretData": "first"})
	own.Call(t, "PutSecretValue", map[string]any{"SecretName": "app/password", "VersionId": "v2", "SecretData": "second"})

	expect(t, provider, esv1.ExternalSecretDataRemoteRef{Key: "app/password", Version: "v1"}, "first")
}

func TestGetSecretReturnsAPropertyOfAJSONValue(t *testing.T) {
	own, provider := connect(t)
	own.Call(t, "CreateSecret", map[string]any{
		"SecretName": "app/database", "VersionId": "v1", "SecretData": `{"user":"shop","hosts":["a","b"]}`,
	})

	expect(t, provider, esv1.ExternalSecretDataRemoteRef{Key: "app/database", Property: "user"}, "shop")
	expect(t, provider, esv1.ExternalSecretDataRemoteRef{Key: "app/database", Property: "hosts.1"}, "b")
}

func TestGetSecretMapReturnsAllMembersOfAJSONValue(t *testing.T) {
	own, provider := connect(t)
	own.Call(t, "CreateSecret", map[string]any{
		"SecretName": "app/database", "VersionId": "v1", "SecretData": `{"user":"shop","password":"ünïcode & +/="}`,
	})

	values, err := provider.GetSecretMap(context.Background(), esv1.ExternalSecretDataRemoteRef{Key: "app/database"})
	if err != nil {
		t.Fatal(err)
	}
	if len(values) != 2 || string(values["user"]) != "shop" || string(values["password"]) != "ünïcode & +/=" {
		t.Errorf("%q", values)
	}
}

func TestBinaryValueIsReturnedAsItWasStored(t *testing.T) {
	own, provider := connect(t)
	own.Call(t, "CreateSecret", map[string]any{
		"SecretName": "app/key", "VersionId": "v1", "SecretData": "AAEC/w==", "SecretDataType": "binary",
	})

	expect(t, provider, esv1.ExternalSecretDataRemoteRef{Key: "app/key"}, "AAEC/w==")
}

func TestMissingSecretIsAnError(t *testing.T) {
	_, provider := connect(t)

	expectError(t, provider, esv1.ExternalSecretDataRemoteRef{Key: "absent"}, "404", "Forbidden.ResourceNotFound")
}

func TestMissingVersionIsAnError(t *testing.T) {
	own, provider := connect(t)
	own.Call(t, "CreateSecret", map[string]any{"SecretName": "app/password", "VersionId": "v1", "SecretData": "first"})

	expectError(t, provider, esv1.ExternalSecretDataRemoteRef{Key: "app/password", Version: "v9"},
		"404", "Forbidden.ResourceNotFound")
}

func TestMissingPropertyIsAnErrorOfTheProvider(t *testing.T) {
	own, provider := connect(t)
	own.Call(t, "CreateSecret", map[string]any{"SecretName": "app/database", "VersionId": "v1", "SecretData": "{}"})

	expectError(t, provider, esv1.ExternalSecretDataRemoteRef{Key: "app/database", Property: "user"},
		"key user does not exist in secret app/database")
}

func TestSecretPendingDeletionIsAnError(t *testing.T) {
	own, provider := connect(t)
	own.Call(t, "CreateSecret", map[string]any{"SecretName": "app/old", "VersionId": "v1", "SecretData": "first"})
	own.Call(t, "DeleteSecret", map[string]any{"SecretName": "app/old", "RecoveryWindowInDays": 7})

	expectError(t, provider, esv1.ExternalSecretDataRemoteRef{Key: "app/old"}, "Rejected.ResourceInDeleteWindow")
}

func TestWrongKeyIsAnError(t *testing.T) {
	own := emulator.NewTenant(t, os.Getenv("KMS_EMULATOR_STRICT"))
	provider := client(t, own.ID, "wrong")

	expectError(t, provider, esv1.ExternalSecretDataRemoteRef{Key: "app/password"}, "IncompleteSignature")
}

func TestUnknownKeyIsAnError(t *testing.T) {
	provider := client(t, "LTAIunknown", "wrong")

	expectError(t, provider, esv1.ExternalSecretDataRemoteRef{Key: "app/password"}, "InvalidAccessKeyId.NotFound")
}

// The provider repeats requests with status 429, which is that of Rejected.Throttling.
func TestThrottledRequestIsRepeated(t *testing.T) {
	own, provider := connect(t)
	own.Call(t, "CreateSecret", map[string]any{"SecretName": "app/password", "VersionId": "v1", "SecretData": "first"})
	own.Fail(t, "GetSecretValue", "Rejected.Throttling", 1)

	expect(t, provider, esv1.ExternalSecretDataRemoteRef{Key: "app/password"}, "first")
	if requests := own.Requests(t, "GetSecretValue"); requests != 2 {
		t.Errorf("%d requests", requests)
	}
}

func TestStoreWithAnAccessKeyIsValid(t *testing.T) {
	_, provider := connect(t)

	if result, err := provider.Validate(); err != nil || result != esv1.ValidationResultReady {
		t.Error(result, err)
	}
}

// connect creates an account and a client with its access key.
func connect(t *testing.T) (emulator.Tenant, esv1.SecretsClient) {
	t.Helper()
	own := emulator.NewTenant(t, os.Getenv("KMS_EMULATOR_STRICT"))
	return own, client(t, own.ID, own.Key)
}

// client creates a client as the controller does: for a SecretStore, with the access key in a secret of Kubernetes.
func client(t *testing.T, id, key string) esv1.SecretsClient {
	t.Helper()
	const namespace = "default"
	accessKey := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "access-key"},
		Data:       map[string][]byte{"id": []byte(id), "secret": []byte(key)},
	}
	store := &esv1.SecretStore{
		TypeMeta: metav1.TypeMeta{Kind: esv1.SecretStoreKind},
		Spec: esv1.SecretStoreSpec{Provider: &esv1.SecretStoreProvider{Alibaba: &esv1.AlibabaProvider{
			RegionID: "cn-hangzhou",
			Auth: esv1.AlibabaAuth{SecretRef: &esv1.AlibabaAuthSecretRef{
				AccessKeyID:     esmeta.SecretKeySelector{Name: accessKey.Name, Key: "id"},
				AccessKeySecret: esmeta.SecretKeySelector{Name: accessKey.Name, Key: "secret"},
			}},
		}}},
	}
	provider, err := esv1.GetProvider(store)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.ValidateStore(store); err != nil {
		t.Fatal(err)
	}
	kube := kubernetes.NewClientBuilder().WithObjects(accessKey).Build()
	created, err := provider.NewClient(context.Background(), store, kube, namespace)
	if err != nil {
		t.Fatal(err)
	}
	return created
}

func expect(t *testing.T, provider esv1.SecretsClient, ref esv1.ExternalSecretDataRemoteRef, want string) {
	t.Helper()
	value, err := provider.GetSecret(context.Background(), ref)
	if err != nil {
		t.Fatal(err)
	}
	if string(value) != want {
		t.Errorf("got %q, want %q", value, want)
	}
}

func expectError(t *testing.T, provider esv1.SecretsClient, ref esv1.ExternalSecretDataRemoteRef, parts ...string) {
	t.Helper()
	value, err := provider.GetSecret(context.Background(), ref)
	if err == nil {
		t.Fatalf("got %q, want an error", value)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not in: %v", part, err)
		}
	}
}
