// Package nacos tests the encryption of configurations in nacos-sdk-go. The prefix of a configuration's id selects the
// method: a data key of 128 or 256 bits, or encryption by the service itself.
package nacos

import (
	"encoding/base64"
	"os"
	"strings"
	"testing"

	"github.com/nacos-group/nacos-sdk-go/v2/common/constant"
	"github.com/nacos-group/nacos-sdk-go/v2/common/encryption"
	"github.com/nacos-group/nacos-sdk-go/v2/common/logger"
	"go.uber.org/zap"

	"kms-emulator/tests/sdk/go/emulator"
)

const content = "password: 密码 p@ss w+rd/="

func TestMain(m *testing.M) {
	logger.SetLogger(zap.NewNop().Sugar())
	os.Exit(m.Run())
}

func TestContentIsEncryptedWithADataKey(t *testing.T) {
	for prefix, length := range map[string]int{"cipher-kms-aes-128-": 16, "cipher-kms-aes-256-": 32} {
		t.Run(prefix, func(t *testing.T) {
			own, handler := connect(t)
			param := encrypt(t, handler, prefix+"app.yaml", content)
			key, err := base64.StdEncoding.DecodeString(param.PlainDataKey)
			if err != nil || len(key) != length || param.EncryptedDataKey == "" {
				t.Fatalf("%d bytes, %v", len(key), err)
			}
			expect(t, handler, param, content)
			if own.Requests(t, "GenerateDataKey") != 1 || own.Requests(t, "Decrypt") != 1 {
				t.Error("other requests than GenerateDataKey and Decrypt")
			}
		})
	}
}

// The plugin sends the content as it is, although the vendor's page wants Base64.
func TestContentIsEncryptedByTheService(t *testing.T) {
	for _, content := range []string{content, "root", "123456", "aGVsbG8=", "a", "=", strings.Repeat("x", 6144)} {
		own, handler := connect(t)
		param := encrypt(t, handler, "cipher-app.yaml", content)
		expect(t, handler, param, content)
		if own.Requests(t, "Encrypt") != 1 || own.Requests(t, "Decrypt") != 1 {
			t.Error("other requests than Encrypt and Decrypt")
		}
	}
}

func TestTooLongContentIsAnError(t *testing.T) {
	_, handler := connect(t)
	param := &encryption.HandlerParam{DataId: "cipher-app.yaml", Content: strings.Repeat("!", 6145), KeyId: "alias/nacos"}
	expectError(t, handler.EncryptionHandler(param), "InvalidParameter")
}

func TestChangedContentIsAnError(t *testing.T) {
	_, handler := connect(t)
	param := encrypt(t, handler, "cipher-app.yaml", content)
	changed, err := base64.StdEncoding.DecodeString(param.Content)
	if err != nil {
		t.Fatal(err)
	}
	changed[len(changed)-1] ^= 1
	param.Content = base64.StdEncoding.EncodeToString(changed)
	expectError(t, handler.DecryptionHandler(&param), "InvalidParameter")
}

func TestUnknownKeyIsAnError(t *testing.T) {
	_, handler := connect(t)
	for _, prefix := range []string{"cipher-", "cipher-kms-aes-256-"} {
		param := &encryption.HandlerParam{DataId: prefix + "app.yaml", Content: content, KeyId: "key-unknown"}
		expectError(t, handler.EncryptionHandler(param), "Forbidden.KeyNotFound")
	}
}

// connect returns an account with a key `alias/nacos`, and a handler for it.
func connect(t *testing.T) (emulator.Tenant, encryption.Handler) {
	t.Helper()
	host := os.Getenv("KMS_EMULATOR_STRICT")
	own := emulator.NewTenant(t, host)
	own.Call(t, "CreateAlias", map[string]any{"AliasName": "alias/nacos", "KeyId": own.CreateKey(t)})
	handler := encryption.NewKmsHandler()
	encryption.RegisterConfigEncryptionKmsPlugins(handler, constant.ClientConfig{
		RegionId: "cn-hangzhou", AccessKey: own.ID, SecretKey: own.Key, KMSVersion: constant.KMSv1,
		KMSConfig: &constant.KMSConfig{Endpoint: host, CaContent: emulator.Authority(t, host)},
	})
	return own, handler
}

func encrypt(t *testing.T, handler encryption.Handler, id, content string) encryption.HandlerParam {
	t.Helper()
	param := encryption.HandlerParam{DataId: id, Content: content, KeyId: "alias/nacos"}
	if err := handler.EncryptionHandler(&param); err != nil {
		t.Fatal(err)
	}
	if param.Content == content {
		t.Fatal("not encrypted")
	}
	return param
}

func expect(t *testing.T, handler encryption.Handler, param encryption.HandlerParam, want string) {
	t.Helper()
	// A reader of the configuration has only these members.
	read := encryption.HandlerParam{DataId: param.DataId, Content: param.Content, EncryptedDataKey: param.EncryptedDataKey}
	if err := handler.DecryptionHandler(&read); err != nil {
		t.Fatal(err)
	}
	if read.Content != want {
		t.Errorf("got %q, want %q", read.Content, want)
	}
}

func expectError(t *testing.T, err error, code string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), code) {
		t.Errorf("%v instead of %s", err, code)
	}
}
