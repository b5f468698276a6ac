// Package emulator calls the control API of the servers under test, over plain HTTP. It imports no SDK.
package emulator

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"
)

// Tenant is an account with an access key for both clouds.
type Tenant struct {
	Account string
	ID      string `json:"access_key_id"`
	Key     string `json:"access_key_secret"`
}

// NewTenant creates an account, and deletes it when the test ends.
func NewTenant(t *testing.T, host string) (created Tenant) {
	t.Helper()
	// The time to live deletes the account if the process is killed.
	if err := json.Unmarshal(control(t, host, "POST", "tenants", `{"ttl":"30m"}`), &created); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { control(t, host, "DELETE", "tenants/"+created.Account, "") })
	return created
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
