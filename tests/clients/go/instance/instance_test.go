// Package instance tests alibabacloud-dkms-gcs-go-sdk, the SDK of KMS instances, which sends messages of Protocol Buffers
// that are signed with a client key.
package instance

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
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

func TestDataIsEncryptedAndDecrypted(t *testing.T) {
	key := key(t, "Aliyun_AES_256", "ENCRYPT/DECRYPT")
	client := connect(t, "http", keyID)
	aad := []byte("order 17")
	sealed, err := client.Encrypt(&sdk.EncryptRequest{KeyId: &key, Plaintext: []byte("a card number"), Aad: aad})
	if err != nil {
		t.Fatal(err)
	}
	if *sealed.KeyId != key || *sealed.Algorithm != "AES_GCM" || len(sealed.Iv) != 12 || len(*sealed.RequestId) != 36 {
		t.Errorf("%v", sealed)
	}
	request := &sdk.DecryptRequest{
		KeyId: &key, CiphertextBlob: sealed.CiphertextBlob, Iv: sealed.Iv, Algorithm: sealed.Algorithm, Aad: aad,
	}
	opened, err := client.Decrypt(request)
	if err != nil || string(opened.Plaintext) != "a card number" {
		t.Fatal(opened, err)
	}
	request.Aad = nil
	_, err = client.Decrypt(request)
	expect(t, err, 400, "InvalidParameter", "The specified parameter CiphertextBlob is not valid.")
}

func TestCiphertextOfAdvancedOperationsNamesItsKey(t *testing.T) {
	key := key(t, "Aliyun_AES_256", "ENCRYPT/DECRYPT")
	client := connect(t, "http", keyID)
	sealed, err := client.AdvanceEncrypt(&sdk.AdvanceEncryptRequest{KeyId: &key, Plaintext: []byte("a card number")})
	if err != nil {
		t.Fatal(err)
	}
	opened, err := client.AdvanceDecrypt(&sdk.AdvanceDecryptRequest{CiphertextBlob: sealed.CiphertextBlob})
	if err != nil || string(opened.Plaintext) != "a card number" || *opened.KeyVersionId != *sealed.KeyVersionId {
		t.Fatal(opened, err)
	}
	generated, err := client.AdvanceGenerateDataKey(&sdk.AdvanceGenerateDataKeyRequest{KeyId: &key, NumberOfBytes: tea.Int32(16)})
	if err != nil || len(generated.Plaintext) != 16 {
		t.Fatal(generated, err)
	}
	opened, err = client.AdvanceDecrypt(&sdk.AdvanceDecryptRequest{CiphertextBlob: generated.CiphertextBlob})
	if err != nil || !slices.Equal(opened.Plaintext, generated.Plaintext) {
		t.Fatal(opened, err)
	}
}

func TestDataKeyIsDecrypted(t *testing.T) {
	key := key(t, "Aliyun_SM4", "ENCRYPT/DECRYPT")
	client := connect(t, "http", keyID)
	generated, err := client.GenerateDataKey(&sdk.GenerateDataKeyRequest{KeyId: &key, NumberOfBytes: tea.Int32(32)})
	if err != nil || len(generated.Plaintext) != 32 || *generated.Algorithm != "SM4_GCM" {
		t.Fatal(generated, err)
	}
	opened, err := client.Decrypt(&sdk.DecryptRequest{
		KeyId: &key, CiphertextBlob: generated.CiphertextBlob, Iv: generated.Iv, Algorithm: generated.Algorithm,
	})
	if err != nil || !slices.Equal(opened.Plaintext, generated.Plaintext) {
		t.Fatal(opened, err)
	}
}

func TestSignatureIsVerifiedWithThePublicKey(t *testing.T) {
	key := key(t, "EC_P256", "SIGN/VERIFY")
	client := connect(t, "http", keyID)
	message := []byte("a message")
	signed, err := client.Sign(&sdk.SignRequest{KeyId: &key, Message: message, MessageType: tea.String("RAW")})
	if err != nil || *signed.Algorithm != "ECDSA_SHA_256" {
		t.Fatal(signed, err)
	}
	reply, err := client.GetPublicKey(&sdk.GetPublicKeyRequest{KeyId: &key})
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode([]byte(*reply.PublicKey))
	public, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256(message)
	if !ecdsa.VerifyASN1(public.(*ecdsa.PublicKey), digest[:], signed.Signature) {
		t.Error("another signature")
	}
	for _, message := range []string{"a message", "another message"} {
		verified, err := client.Verify(&sdk.VerifyRequest{
			KeyId: &key, Message: []byte(message), MessageType: tea.String("RAW"), Algorithm: signed.Algorithm,
			Signature: signed.Signature,
		})
		if err != nil || *verified.Value != (message == "a message") {
			t.Fatal(verified, err)
		}
	}
}

func TestErrorsOfKeysAreDecoded(t *testing.T) {
	client := connect(t, "http", keyID)
	_, err := client.Encrypt(&sdk.EncryptRequest{KeyId: tea.String("absent"), Plaintext: []byte("x")})
	expect(t, err, 404, "Forbidden.KeyNotFound", "The specified Key is not found.")
	_, err = client.GenerateRandom(&sdk.GenerateRandomRequest{Length: tea.Int32(8)})
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

// key creates a key in the account of the client key, and returns its id.
func key(t *testing.T, spec, usage string) string {
	t.Helper()
	id := "key-" + rand.Text()
	owner().Load(t, map[string]any{"Keys": map[string]any{"Key": []map[string]any{
		{"KeyId": id, "KeySpec": spec, "KeyUsage": usage},
	}}})
	return id
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
