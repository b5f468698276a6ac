// Connects tests to a running emulator, and creates an account for each test.
package secrets

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	kms "github.com/alibabacloud-go/kms-20160120/v3/client"
)

var emulatorURL = "http://127.0.0.1:8080"

// TestMain waits until the emulator has loaded its fixtures.
func TestMain(m *testing.M) {
	if given := os.Getenv("KMS_EMULATOR_ENDPOINT"); given != "" {
		emulatorURL = given
	}
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		_, err := ask[any]("GET", "ready", nil)
		if err == nil { // otherwise: not listening yet, or status 503
			break
		}
		if time.Now().After(deadline) {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// ask sends a request to the control API and returns the reply.
func ask[T any](method, path string, body any) (answer T, err error) {
	var sent []byte
	if body != nil {
		if sent, err = json.Marshal(body); err != nil {
			return answer, err
		}
	}
	request, err := http.NewRequest(method, emulatorURL+"/_emulator/"+path, bytes.NewReader(sent))
	if err != nil {
		return answer, err
	}
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		return answer, err
	}
	defer reply.Body.Close()
	received, err := io.ReadAll(reply.Body)
	if err == nil && reply.StatusCode >= 300 {
		err = fmt.Errorf("%s %s: %s %s", method, path, reply.Status, received)
	}
	if err != nil {
		return answer, err
	}
	return answer, json.Unmarshal(received, &answer)
}

// control is ask within a test, which fails if the request does.
func control[T any](t *testing.T, method, path string, body any) T {
	t.Helper()
	answer, err := ask[T](method, path, body)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

type tenant struct {
	Account         string
	AccessKeyID     string `json:"access_key_id"`
	AccessKeySecret string `json:"access_key_secret"`
}

// newTenant creates an account that is deleted after the test.
func newTenant(t *testing.T) tenant {
	t.Helper()
	created := control[tenant](t, "POST", "tenants", nil)
	t.Cleanup(func() { control[any](t, "DELETE", "tenants/"+created.Account, nil) })
	return created
}

func (tenant tenant) client(t *testing.T) *kms.Client {
	t.Helper()
	config := new(openapi.Config).
		SetEndpoint(strings.TrimPrefix(emulatorURL, "http://")).SetProtocol("HTTP").
		SetAccessKeyId(tenant.AccessKeyID).SetAccessKeySecret(tenant.AccessKeySecret)
	client, err := kms.NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// throttle throttles the tenant's next requests for an action; the result returns how many it has throttled.
func (tenant tenant) throttle(t *testing.T, action string, times int) (hits func() int) {
	t.Helper()
	type fault struct{ ID, Hits int }
	path := fmt.Sprintf("faults/%d", control[fault](t, "POST", "faults", map[string]any{
		"match": map[string]any{"action": action, "access_key_id": tenant.AccessKeyID},
		"error": "Rejected.Throttling",
		"times": times,
	}).ID)
	t.Cleanup(func() { control[any](t, "DELETE", path, nil) })
	return func() int { return control[fault](t, "GET", path, nil).Hits }
}

// requests counts the requests of this tenant for an action in the journal.
func (tenant tenant) requests(t *testing.T, action string) int {
	t.Helper()
	query := url.Values{"access_key_id": {tenant.AccessKeyID}, "action": {action}, "limit": {"0"}}
	return control[struct{ Count int }](t, "GET", "journal?"+query.Encode(), nil).Count
}

// advanceClock advances the clock, which all tenants share, and resets it after the test.
func advanceClock(t *testing.T, by string) {
	t.Helper()
	t.Cleanup(func() { control[any](t, "DELETE", "clock", nil) })
	control[any](t, "POST", "clock/advance", map[string]string{"by": by})
}
