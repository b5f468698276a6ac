// Package instance tests alibabacloud-dkms-gcs-go-sdk, the SDK of KMS instances, which sends messages of Protocol Buffers
// that are signed with a client key.
package instance

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/alibabacloud-go/tea/tea"
	openapi "github.com/aliyun/alibabacloud-dkms-gcs-go-sdk/openapi"
	util "github.com/aliyun/alibabacloud-dkms-gcs-go-sdk/openapi-util"
	sdk "github.com/aliyun/alibabacloud-dkms-gcs-go-sdk/sdk"

	"kms-emulator/tests/sdk/go/emulator"
)

// keyID is the client key that the servers of the suites have.
const keyID = "LTAIrsa"

func TestValueIsRead(t *testing.T) {
	for _, protocol := range []string{"http", "https"} {
		t.Run(protocol, func(t *testing.T) {
			name := secret(t)
			reply, err := read(connect(t, protocol, keyID), name)
			if err != nil {
				t.Fatal(err)
			}
			if *reply.SecretName != name || *reply.SecretData != "first" || *reply.SecretDataType != "text" ||
				*reply.SecretType != "Generic" || *reply.VersionId != "v1" || len(*reply.RequestId) != 36 {
				t.Errorf("%v", reply)
			}
			if stages := tea.StringSliceValue(reply.VersionStages); !slices.Equal(stages, []string{"ACSCurrent"}) {
				t.Errorf("%v", stages)
			}
		})
	}
}

func TestErrorsAreDecoded(t *testing.T) {
	_, err := read(connect(t, "http", keyID), "absent")
	expect(t, err, 404, "Forbidden.ResourceNotFound", "Resource not found.")
	_, err = read(connect(t, "http", "LTAIunknown"), "absent")
	expect(t, err, 401, "Unauthorized", "The Access Key ID provided does not exist in our records.")
}

func TestOtherOperationsAreNotSupported(t *testing.T) {
	request := &sdk.EncryptRequest{KeyId: tea.String("key"), Plaintext: []byte("x")}
	_, err := connect(t, "http", keyID).Encrypt(request)
	expect(t, err, 400, "UnsupportedOperation", "Rejected.UnsupportedOperation")
}

func TestThrottledRequestIsRepeated(t *testing.T) {
	name := secret(t)
	owner().Fail(t, "GetSecretValue", "Rejected.Throttling", 1)
	before := owner().Requests(t, "GetSecretValue")

	reply, err := read(connect(t, "http", keyID), name)
	if err != nil || *reply.SecretData != "first" {
		t.Fatal(reply, err)
	}
	if requests := owner().Requests(t, "GetSecretValue") - before; requests != 2 {
		t.Errorf("%d requests", requests)
	}
}

func host() string { return os.Getenv("KMS_EMULATOR_STRICT") }

func owner() emulator.Tenant { return emulator.Configured(host(), "2000000000000000", keyID) }

// secret creates a secret in the account of the client key, whose clients only read, and returns its name.
func secret(t *testing.T) string {
	t.Helper()
	name := "instance/" + rand.Text()
	version := map[string]any{
		"VersionId": "v1", "SecretData": "first", "SecretDataType": "text", "VersionStages": []string{"ACSCurrent"},
	}
	owner().Load(t, map[string]any{"SecretList": map[string]any{"Secret": []map[string]any{
		{"SecretName": name, "SecretType": "Generic", "Versions": []map[string]any{version}},
	}}})
	return name
}

func connect(t *testing.T, protocol, keyID string) *sdk.Client {
	t.Helper()
	config := &openapi.Config{
		Endpoint: tea.String(host()), Protocol: &protocol, AccessKeyId: &keyID, PrivateKey: tea.String(privateKey(t)),
	}
	if protocol == "https" {
		// The SDK keeps the first connection settings of a host for both protocols.
		config.Endpoint = tea.String(strings.Replace(host(), "127.0.0.1", "localhost", 1))
		config.Ca = tea.String(emulator.Authority(t, host()))
	}
	connected, err := sdk.NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	return connected
}

// privateKey returns the key in the only format that the SDK can read.
func privateKey(t *testing.T) string {
	t.Helper()
	file, err := os.ReadFile("../../../keys/rsa.pem")
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(file)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	content := x509.MarshalPKCS1PrivateKey(key.(*rsa.PrivateKey))
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: content}))
}

func read(instance *sdk.Client, name string) (*sdk.GetSecretValueResponse, error) {
	// Repeats a request at once instead of after a second.
	options := &util.RuntimeOptions{BackoffPolicy: tea.String("no")}
	return instance.GetSecretValueWithOptions(&sdk.GetSecretValueRequest{SecretName: &name}, options)
}

func expect(t *testing.T, err error, status int, code, message string) {
	t.Helper()
	var refused *tea.SDKError
	if !errors.As(err, &refused) {
		t.Fatalf("%v", err)
	}
	var data struct{ HTTPCode int }
	if err := json.Unmarshal([]byte(*refused.Data), &data); err != nil {
		t.Fatal(err)
	}
	if data.HTTPCode != status || *refused.Code != code || *refused.Message != message {
		t.Errorf("%d %s: %s", data.HTTPCode, *refused.Code, *refused.Message)
	}
}
