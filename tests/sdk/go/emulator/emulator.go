// Package emulator calls the control API of the servers under test, over plain HTTP. It imports no SDK.
package emulator

import (
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"
)

// Tenant is an account with an access key for both clouds.
type Tenant struct {
	Account string
	ID      string `json:"access_key_id"`
	Key     string `json:"access_key_secret"`
	host    string
}

// NewTenant creates an account with a KMS instance, and deletes it when the test ends.
func NewTenant(t *testing.T, host string) (created Tenant) {
	t.Helper()
	// The time to live deletes the account if the process is killed.
	const body = `{"ttl":"30m","fixture":{"KmsInstances":{"KmsInstance":[{"KmsInstanceId":"kst-hzz65f176a0ogplgq0000"}]}}}`
	if err := json.Unmarshal(control(t, host, "POST", "tenants", body), &created); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { control(t, host, "DELETE", "tenants/"+created.Account, "") })
	created.host = host
	return created
}

// Configured returns an account with a key that the server was started with.
func Configured(host, account, keyID string) Tenant {
	return Tenant{Account: account, ID: keyID, host: host}
}

// Call executes an operation of Alibaba Cloud KMS or STS in the account, and returns the reply.
func (own Tenant) Call(t *testing.T, action string, parameters map[string]any) map[string]any {
	t.Helper()
	return own.call(t, "alibaba", action, parameters)
}

// CallTencent executes an operation of Tencent Cloud SSM, Tag or STS in the account, and returns the member `Response`.
func (own Tenant) CallTencent(t *testing.T, action string, parameters map[string]any) map[string]any {
	t.Helper()
	response := own.call(t, "tencent", action, parameters)["Response"].(map[string]any)
	if response["Error"] != nil {
		t.Fatalf("%s: %v", action, response["Error"])
	}
	return response
}

func (own Tenant) call(t *testing.T, cloud, action string, parameters map[string]any) (reply map[string]any) {
	t.Helper()
	var result struct {
		Reply struct {
			Status int
			Body   string
		}
	}
	own.post(t, "call", map[string]any{
		"cloud": cloud, "action": action, "parameters": parameters, "account": own.Account,
	}, &result)
	if result.Reply.Status != http.StatusOK {
		t.Fatalf("%s: %d %s", action, result.Reply.Status, result.Reply.Body)
	}
	if err := json.Unmarshal([]byte(result.Reply.Body), &reply); err != nil {
		t.Fatal(err)
	}
	return reply
}

// Load loads a fixture file of Alibaba Cloud KMS into the account.
func (own Tenant) Load(t *testing.T, fixture any) {
	t.Helper()
	var result struct{ Loaded int }
	own.post(t, "state?account="+own.Account, fixture, &result)
	if result.Loaded == 0 {
		t.Fatal("no secret was loaded")
	}
}

// LoadKey loads a key with new material into the account, also one that cannot call operations, and returns its id.
func (own Tenant) LoadKey(t *testing.T, spec, usage string) string {
	t.Helper()
	id := "key-" + rand.Text()
	key := map[string]any{"KeyId": id, "KeySpec": spec, "KeyUsage": usage}
	own.post(t, "state?account="+own.Account, map[string]any{"Keys": map[string]any{"Key": []any{key}}}, new(any))
	return id
}

// CreateKey creates a symmetric key, and returns its id.
func (own Tenant) CreateKey(t *testing.T) string {
	t.Helper()
	metadata := own.Call(t, "CreateKey", map[string]any{})["KeyMetadata"]
	return metadata.(map[string]any)["KeyId"].(string)
}

// Fail lets the next requests of the tenant's key for an operation fail with an error code.
func (own Tenant) Fail(t *testing.T, action, code string, times int) {
	t.Helper()
	var rule struct{ ID int }
	own.post(t, "faults", map[string]any{
		"match": map[string]any{"access_key_id": own.ID, "action": action}, "error": code, "times": times,
	}, &rule)
	t.Cleanup(func() { control(t, own.host, "DELETE", fmt.Sprint("faults/", rule.ID), "") })
}

// Requests returns the number of requests of the tenant's key for an operation.
func (own Tenant) Requests(t *testing.T, action string) int {
	t.Helper()
	query := url.Values{"access_key_id": {own.ID}, "action": {action}, "limit": {"0"}}
	var journal struct{ Count int }
	if err := json.Unmarshal(control(t, own.host, "GET", "journal?"+query.Encode(), ""), &journal); err != nil {
		t.Fatal(err)
	}
	return journal.Count
}

func (own Tenant) post(t *testing.T, path string, body, result any) {
	t.Helper()
	content, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(control(t, own.host, "POST", path, string(content)), result); err != nil {
		t.Fatal(err)
	}
}

// Authority returns the certificate of a server's authority, for https.
func Authority(t *testing.T, host string) string {
	t.Helper()
	return string(control(t, host, "GET", "ca.pem", ""))
}

// Trusting returns a transport that trusts only this authority.
func Trusting(authority string) *http.Transport {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(authority))
	return &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
}

func control(t *testing.T, host, method, path, body string) []byte {
	t.Helper()
	request, err := http.NewRequest(method, "http://"+host+"/_emulator/"+path, bytes.NewBufferString(body))
	if err != nil {
		t.Fatal(err)
	}
	reply, err := (&http.Client{Timeout: time.Minute}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	content, err := io.ReadAll(reply.Body)
	if err != nil || reply.StatusCode/100 != 2 {
		t.Fatalf("%s %s: %s %s %v", method, path, reply.Status, content, err)
	}
	return content
}
