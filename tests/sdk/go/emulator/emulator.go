// Package emulator has the controls of the servers under test, in plain HTTP. It knows no SDK.
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

// Tenant is an account with its key, which is good for both clouds.
type Tenant struct {
	Account string
	ID      string `json:"access_key_id"`
	Key     string `json:"access_key_secret"`
}

// NewTenant makes an account that is nobody else's, and drops it when the test ends.
func NewTenant(t *testing.T, host string) (made Tenant) {
	t.Helper()
	// Should nothing be left to drop it, it drops itself.
	if err := json.Unmarshal(control(t, host, "POST", "tenants", `{"ttl":"30m"}`), &made); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { control(t, host, "DELETE", "tenants/"+made.Account, "") })
	return made
}

// Authority is the certificate that vouches for a server over https.
func Authority(t *testing.T, host string) string {
	t.Helper()
	return string(control(t, host, "GET", "ca.pem", ""))
}

// Trusting is how a client is told, that takes a transport, of the only authority to trust.
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
