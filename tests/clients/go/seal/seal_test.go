// Package seal tests the wrapper alicloudkms of go-kms-wrapping, with which Vault and its forks seal themselves. Its
// `domain` is the address of the emulator; it always uses https.
package seal

import (
	"bytes"
	"context"
	"encoding/base64"
	"log"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aliyun/alibaba-cloud-sdk-go/services/kms"
	wrapping "github.com/hashicorp/go-kms-wrapping/v2"
	"github.com/hashicorp/go-kms-wrapping/wrappers/alicloudkms/v2"

	kmsemulator "kms-emulator/packages/go"
	"kms-emulator/tests/sdk/go/emulator"
)

// rootKey is what Vault seals.
var rootKey = []byte("not a real root key\x00\xff")

// database is the file of the server that TestSealSurvivesRotationAndRestart restarts.
var database string

// TestMain creates the database and trusts the authority in it, because Go reads the authorities only once.
func TestMain(m *testing.M) {
	directory, err := os.MkdirTemp("", "seal")
	if err != nil {
		log.Fatal(err)
	}
	database = filepath.Join(directory, "kms.db")
	code := func() int {
		defer os.RemoveAll(directory)
		if err := trustDatabase(directory); err != nil {
			log.Print(err)
			return 1
		}
		return m.Run()
	}()
	os.Exit(code)
}

func trustDatabase(directory string) error {
	server, err := launch(context.Background())
	if err != nil {
		return err
	}
	defer server.Close()
	authority, err := server.Client().CACertificate(context.Background())
	if err != nil {
		return err
	}
	authorities := filepath.Join(directory, "authorities")
	if err := os.Mkdir(authorities, 0o700); err != nil {
		return err
	}
	os.Setenv("SSL_CERT_DIR", authorities)
	return os.WriteFile(filepath.Join(authorities, "ca.pem"), authority, 0o600)
}

func launch(ctx context.Context) (*kmsemulator.Emulator, error) {
	return kmsemulator.Launch(ctx, kmsemulator.WithArgs("--auth", "strict", "--database", database))
}

func TestSealSurvivesRotationAndRestart(t *testing.T) {
	first, err := launch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	running := first
	t.Cleanup(func() { running.Close() })
	direct := client(t, first.Endpoint())
	created, err := direct.CreateKey(kms.CreateCreateKeyRequest())
	if err != nil {
		t.Fatal(err)
	}
	key := created.KeyMetadata.KeyId
	alias := kms.CreateCreateAliasRequest()
	alias.KeyId, alias.AliasName = key, "alias/vault"
	if _, err := direct.CreateAlias(alias); err != nil {
		t.Fatal(err)
	}
	sealing := wrapper(t, first.Endpoint(), "test", "test", "alias/vault")
	before := seal(t, sealing)
	rotate := kms.CreateCreateKeyVersionRequest()
	rotate.KeyId = key
	if _, err := direct.CreateKeyVersion(rotate); err != nil {
		t.Fatal(err)
	}
	after := seal(t, sealing)
	if before.KeyInfo.KeyId != key || after.KeyInfo.KeyId != key {
		t.Errorf("sealed with %s and %s", before.KeyInfo.KeyId, after.KeyInfo.KeyId)
	}
	if version(t, before) == version(t, after) {
		t.Error("the rotated key sealed with its old version")
	}

	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := launch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	running = second
	restarted := wrapper(t, second.Endpoint(), "test", "test", "alias/vault")
	for _, sealed := range []*wrapping.BlobInfo{before, after} {
		unseals(t, restarted, sealed)
	}
}

func TestChangedSealIsRejected(t *testing.T) {
	own, wrapper, _ := sealed(t)
	blob := seal(t, wrapper)
	unseals(t, wrapper, blob)

	wrapped, err := base64.StdEncoding.DecodeString(string(blob.KeyInfo.WrappedKey))
	if err != nil {
		t.Fatal(err)
	}
	wrapped[len(wrapped)-1] ^= 1
	blob.KeyInfo.WrappedKey = []byte(base64.StdEncoding.EncodeToString(wrapped))
	expectError(t, unseal(wrapper, blob), "InvalidParameter")
	if requests := own.Requests(t, "Decrypt"); requests != 2 {
		t.Errorf("%d requests", requests)
	}
}

func TestDisabledKeyDoesNotUnsealUntilItIsEnabled(t *testing.T) {
	own, wrapper, key := sealed(t)
	blob := seal(t, wrapper)
	own.Call(t, "DisableKey", map[string]any{"KeyId": key})
	expectError(t, unseal(wrapper, blob), "Rejected.Disabled")
	own.Call(t, "EnableKey", map[string]any{"KeyId": key})
	unseals(t, wrapper, blob)
}

func TestWrongSettingsAreErrors(t *testing.T) {
	own, _, key := sealed(t)
	for _, c := range []struct{ title, id, secret, key, code string }{
		{"unknown key", own.ID, own.Key, "key-unknown", "Forbidden.KeyNotFound"},
		{"unknown alias", own.ID, own.Key, "alias/unknown", "Forbidden.AliasNotFound"},
		{"wrong secret", own.ID, "wrong", key, "IncompleteSignature"},
		{"unknown access key", "LTAIunknown", "wrong", key, "InvalidAccessKeyId.NotFound"},
	} {
		t.Run(c.title, func(t *testing.T) {
			expectError(t, configure(alicloudkms.NewWrapper(), host(), c.id, c.secret, c.key), c.code)
		})
	}
}

func host() string { return os.Getenv("KMS_EMULATOR_STRICT") }

// sealed returns an account with a key, and a wrapper for it.
func sealed(t *testing.T) (emulator.Tenant, *alicloudkms.Wrapper, string) {
	t.Helper()
	own := emulator.NewTenant(t, host())
	key := own.CreateKey(t)
	return own, wrapper(t, host(), own.ID, own.Key, key), key
}

// client returns a client for the operations that the wrapper does not call.
func client(t *testing.T, address string) *kms.Client {
	t.Helper()
	client, err := kms.NewClientWithAccessKey("cn-hangzhou", "test", "test")
	if err != nil {
		t.Fatal(err)
	}
	client.Domain = address
	return client
}

func wrapper(t *testing.T, address, id, secret, key string) *alicloudkms.Wrapper {
	t.Helper()
	wrapper := alicloudkms.NewWrapper()
	if err := configure(wrapper, address, id, secret, key); err != nil {
		t.Fatal(err)
	}
	return wrapper
}

func configure(wrapper *alicloudkms.Wrapper, address, id, secret, key string) error {
	_, err := wrapper.SetConfig(context.Background(), wrapping.WithConfigMap(map[string]string{
		"region": "cn-hangzhou", "domain": address, "access_key": id, "secret_key": secret, "kms_key_id": key,
	}))
	return err
}

func seal(t *testing.T, wrapper *alicloudkms.Wrapper) *wrapping.BlobInfo {
	t.Helper()
	sealed, err := wrapper.Encrypt(t.Context(), rootKey)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

// version returns the id of the key version that a ciphertext begins with.
func version(t *testing.T, sealed *wrapping.BlobInfo) string {
	t.Helper()
	wrapped, err := base64.StdEncoding.DecodeString(string(sealed.KeyInfo.WrappedKey))
	if err != nil {
		t.Fatal(err)
	}
	return string(wrapped[:36])
}

func unseal(wrapper *alicloudkms.Wrapper, sealed *wrapping.BlobInfo) error {
	_, err := wrapper.Decrypt(context.Background(), sealed)
	return err
}

func unseals(t *testing.T, wrapper *alicloudkms.Wrapper, sealed *wrapping.BlobInfo) {
	t.Helper()
	unsealed, err := wrapper.Decrypt(t.Context(), sealed)
	if err != nil || !bytes.Equal(unsealed, rootKey) {
		t.Errorf("%q %v", unsealed, err)
	}
}

func expectError(t *testing.T, err error, code string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), code) {
		t.Errorf("%v instead of %s", err, code)
	}
}
