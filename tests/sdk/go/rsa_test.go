package sdk

import (
	"os"
	"strings"
	"testing"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/tea/tea"
)

// The SDK of the current generation signs with the RSA private key of which the servers have the public key. The
// classic one uses such a key only to get a temporary key from another service.
var rsaClient = teaClient(openapi.Config{SignatureAlgorithm: tea.String("ACS3-RSA-SHA256")})

func TestRequestsSignedWithAPrivateKeySucceed(t *testing.T) {
	for _, variable := range []string{"KMS_EMULATOR", "KMS_EMULATOR_STRICT"} {
		t.Run(variable, func(t *testing.T) {
			c := dial(t, rsaClient, variable, "LTAIrsa", privateKey(t))
			call := func(action string, parameters map[string]any) map[string]any {
				t.Helper()
				reply, err := c.(caller).call(action, parameters)
				must(t, err)
				return reply
			}
			name := "rsa/go"
			call("CreateSecret", map[string]any{"SecretName": name, "SecretData": "a +*~é", "VersionId": "v1"})
			listed := list(t, c, query{filters: `[{"Key":"SecretName","Values":["` + name + `"]}]`})
			if len(listed.secrets) != 1 || listed.secrets[0].name != name {
				t.Errorf("listed %+v", listed.secrets)
			}
			if value := call("GetSecretValue", map[string]any{"SecretName": name})["SecretData"]; value != "a +*~é" {
				t.Errorf("value %v", value)
			}
			call("DeleteSecret", map[string]any{"SecretName": name, "ForceDeleteWithoutRecovery": "true"})
		})
	}
}

func TestSignatureWithAPrivateKeyIsRejectedForAKeyWithASecret(t *testing.T) {
	c := dial(t, rsaClient, "KMS_EMULATOR", "test", privateKey(t))
	_, err := c.listSecrets(query{})
	refused, other := c.refusal(err)
	if other != nil || refused.status != 400 || refused.code != "IncompleteSignature" {
		t.Errorf("got %+v, %v", refused, other)
	}
}

// privateKey returns the content of the PEM file, which is how the SDK takes a key.
func privateKey(t *testing.T) string {
	t.Helper()
	pem, err := os.ReadFile("../../keys/rsa.pem")
	must(t, err)
	lines := strings.Split(strings.TrimSpace(string(pem)), "\n")
	return strings.Join(lines[1:len(lines)-1], "")
}
