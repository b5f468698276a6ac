package kmsemulator_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	kmsemulator "kms-emulator/packages/go"
)

var ctx = context.Background()

// get sends a GetSecretValue of Alibaba Cloud, signed by the tenant with the signature V1, and returns status and value.
func get(t *testing.T, tenant *kmsemulator.Tenant, name string) (int, string) {
	t.Helper()
	query := url.Values{
		"AccessKeyId":      {tenant.AccessKeyID},
		"Action":           {"GetSecretValue"},
		"Format":           {"JSON"},
		"SecretName":       {name},
		"SignatureMethod":  {"HMAC-SHA1"},
		"SignatureNonce":   {rand.Text()},
		"SignatureVersion": {"1.0"},
		"Timestamp":        {time.Now().UTC().Format(time.RFC3339)},
		"Version":          {"2016-01-20"},
	}
	mac := hmac.New(sha1.New, []byte(tenant.AccessKeySecret+"&"))
	mac.Write([]byte("GET&%2F&" + url.QueryEscape(query.Encode())))
	query.Set("Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	reply, err := http.Get(tenant.URL() + "/?" + query.Encode())
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	var body struct{ SecretData string }
	if err := json.NewDecoder(reply.Body).Decode(&body); err != nil {
		t.Fatal(err)
	}
	return reply.StatusCode, body.SecretData
}

func accepts(address string) bool {
	connection, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return false
	}
	connection.Close()
	return true
}

func TestServerRunsUntilTheTestEnds(t *testing.T) {
	var endpoint string
	t.Run("test", func(t *testing.T) {
		emulator := kmsemulator.Start(t)
		endpoint = emulator.Endpoint()
		if emulator.URL() != "http://"+endpoint || !accepts(endpoint) {
			t.Fatalf("URL %s, endpoint %s", emulator.URL(), endpoint)
		}
	})
	if accepts(endpoint) {
		t.Errorf("%s still accepts connections", endpoint)
	}
}

func TestSecretsAreForBothCloudsOrTheOneInTheirName(t *testing.T) {
	t.Parallel()
	tenant := kmsemulator.Start(t).Tenant(t)
	tenant.Secrets(map[string]string{"both": "1", "alibaba:app/a": "2", "tencent:t": "3"})
	tenant.Secrets(nil)
	reply, err := http.Get(tenant.URL() + "/_emulator/state?values=true&account=" + tenant.Account)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	type secret struct {
		SecretName string
		Versions   []struct{ SecretData, SecretString string }
	}
	var state []struct {
		SecretList      struct{ Secret []secret }
		SecretMetadatas []secret
	}
	if err := json.NewDecoder(reply.Body).Decode(&state); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, fixture := range state {
		for _, secret := range fixture.SecretList.Secret {
			got["alibaba:"+secret.SecretName] = secret.Versions[0].SecretData
		}
		for _, secret := range fixture.SecretMetadatas {
			got["tencent:"+secret.SecretName] = secret.Versions[0].SecretString
		}
	}
	want := map[string]string{"alibaba:both": "1", "tencent:both": "1", "alibaba:app/a": "2", "tencent:t": "3"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestFaultIsForItsTenantOnly(t *testing.T) {
	t.Parallel()
	emulator := kmsemulator.Start(t)
	tenant, other := emulator.Tenant(t), emulator.Tenant(t)
	for _, tenant := range []*kmsemulator.Tenant{tenant, other} {
		tenant.Secrets(map[string]string{"db": "hunter2"})
	}
	fault := tenant.Fault(kmsemulator.FaultRule{
		Match: kmsemulator.FaultMatch{Action: "GetSecretValue"},
		Error: "Rejected.Throttling",
		Times: 1,
	})
	moved := time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	tenant.Clock().Set(moved)
	if status, value := get(t, other, "db"); status != 200 || value != "hunter2" {
		t.Errorf("other tenant: %d %q", status, value)
	}
	if fault.Hits() != 0 {
		t.Error("the rule has fired for another tenant")
	}
	if status, _ := get(t, tenant, "db"); status != 429 {
		t.Errorf("first request: %d", status)
	}
	if status, value := get(t, tenant, "db"); status != 200 || value != "hunter2" {
		t.Errorf("second request: %d %q", status, value)
	}
	if hits := fault.Hits(); hits != 1 {
		t.Errorf("%d hits", hits)
	}
	if count := tenant.Requests("GetSecretValue"); count != 2 {
		t.Errorf("%d requests in the journal", count)
	}
	requests := tenant.Journal(kmsemulator.JournalFilter{Code: "Rejected.Throttling", Status: 429, Cloud: "alibaba"})
	if len(requests) != 1 || requests[0].Parameters["SecretName"] != "db" || requests[0].Fault == 0 ||
		requests[0].AccessKeyID != tenant.AccessKeyID || requests[0].Verdict != "not_reached" {
		t.Errorf("journal: %+v", requests)
	}
	if requests[0].Time.After(moved) || requests[0].TenantTime == nil || requests[0].TenantTime.Before(moved) {
		t.Errorf("times: %v, %v", requests[0].Time, requests[0].TenantTime)
	}
}

func TestFaultRuleIsRemovedAfterTheTest(t *testing.T) {
	t.Parallel()
	emulator := kmsemulator.Start(t)
	t.Run("test", func(t *testing.T) {
		seed, truncate := uint64(0), uint32(0)
		emulator.Tenant(t).Fault(kmsemulator.FaultRule{
			Match: kmsemulator.FaultMatch{
				Cloud: "tencent", Secret: "db*", Region: "ap-shanghai", Every: 2, Probability: 0.5, Seed: &seed,
			},
			Latency: 1500 * time.Millisecond, MaxLatency: 2 * time.Second, Truncate: &truncate, After: true,
		})
		rules := rules(t, emulator)
		if len(rules) != 1 || rules[0]["truncate"] != 0.0 || rules[0]["when"] != "after" ||
			fmt.Sprint(rules[0]["latency"]) != "map[max:2s min:1s 500ms]" {
			t.Errorf("rules: %v", rules)
		}
	})
	if left := rules(t, emulator); len(left) != 0 {
		t.Errorf("rules after the test: %v", left)
	}
}

func rules(t *testing.T, emulator *kmsemulator.Emulator) []map[string]any {
	t.Helper()
	reply, err := http.Get(emulator.URL() + "/_emulator/faults")
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	var list struct {
		Faults []struct{ Rule map[string]any }
	}
	if err := json.NewDecoder(reply.Body).Decode(&list); err != nil {
		t.Fatal(err)
	}
	var rules []map[string]any
	for _, fault := range list.Faults {
		rules = append(rules, fault.Rule)
	}
	return rules
}

func TestClockOfATenantIsItsOwn(t *testing.T) {
	t.Parallel()
	emulator := kmsemulator.Start(t)
	clock, other := emulator.Tenant(t).Clock(), emulator.Tenant(t).Clock()
	newYear := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	clock.Set(newYear)
	clock.Freeze()
	frozen := clock.Now()
	clock.Advance(8*24*time.Hour + 30*time.Second)
	if now := clock.Now(); !now.Equal(frozen.Add(8*24*time.Hour + 30*time.Second)) {
		t.Errorf("%v is not 8 days after %v", now, frozen)
	}
	if now := other.Now(); now.After(newYear) {
		t.Errorf("the clock of another tenant shows %v", now)
	}
	clock.Resume()
	clock.Reset()
	if now := clock.Now(); now.After(newYear) {
		t.Errorf("after the reset: %v", now)
	}
}

func TestTenantIsDeletedAfterTheTest(t *testing.T) {
	t.Parallel()
	emulator := kmsemulator.Start(t)
	var account string
	t.Run("test", func(t *testing.T) { account = emulator.Tenant(t).Account })
	err := emulator.Client().DeleteTenant(ctx, account)
	var apiError *kmsemulator.APIError
	if !errors.As(err, &apiError) || apiError.Status != 404 {
		t.Errorf("deleting it again: %v", err)
	}
}

func fixture(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secrets.json")
	if err := os.WriteFile(path, []byte(`{"app/db": "from a file"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTenantHasTheFixtures(t *testing.T) {
	t.Parallel()
	tenant := kmsemulator.Start(t, kmsemulator.WithFixtures(fixture(t))).Tenant(t)
	if status, value := get(t, tenant, "app/db"); status != 200 || value != "from a file" {
		t.Errorf("%d %q", status, value)
	}
}

func TestRunningServerIsUsedAndNotStopped(t *testing.T) {
	running := kmsemulator.Start(t, kmsemulator.WithControlToken("secret-token"))
	t.Setenv("KMS_EMULATOR_ENDPOINT", running.URL())
	t.Setenv("KMS_EMULATOR_CONTROL_TOKEN", "secret-token")
	t.Setenv("KMS_EMULATOR_BIN", "/nonexistent")
	t.Run("test", func(t *testing.T) {
		emulator := kmsemulator.Start(t, kmsemulator.WithFixtures(fixture(t)))
		if emulator.URL() != running.URL() {
			t.Errorf("%s is used", emulator.URL())
		}
		if status, value := get(t, emulator.Tenant(t), "app/db"); status != 200 || value != "from a file" {
			t.Errorf("%d %q", status, value)
		}
	})
	if !accepts(running.Endpoint()) {
		t.Error("the server was stopped")
	}
	_, err := kmsemulator.NewClient(running.URL(), "").CreateTenant(ctx, kmsemulator.TenantRequest{})
	var apiError *kmsemulator.APIError
	if !errors.As(err, &apiError) || apiError.Status != 401 {
		t.Errorf("without a token: %v", err)
	}
	if _, err := kmsemulator.Launch(ctx, kmsemulator.WithArgs("--auth", "strict")); err == nil {
		t.Error("arguments for a running server were accepted")
	}
}

func TestEndpointMustBeAnAddress(t *testing.T) {
	for _, endpoint := range []string{"https://127.0.0.1:1", "http://", "http://127.0.0.1:1/path", "http://a b"} {
		if _, err := kmsemulator.Launch(ctx, kmsemulator.WithEndpoint(endpoint)); err == nil ||
			!strings.Contains(err.Error(), "endpoint") {
			t.Errorf("%s: %v", endpoint, err)
		}
	}
}

func TestErrorWithoutABinaryNamesTheWaysToGetOne(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("KMS_EMULATOR_BIN", "")
	t.Setenv("KMS_EMULATOR_ENDPOINT", "")
	_, err := kmsemulator.Launch(ctx)
	if !errors.Is(err, kmsemulator.ErrBinaryNotFound) {
		t.Fatal(err)
	}
	for _, way := range []string{"WithBinary", "KMS_EMULATOR_BIN", "PATH", "KMS_EMULATOR_ENDPOINT"} {
		if !strings.Contains(err.Error(), way) {
			t.Errorf("%v does not name %s", err, way)
		}
	}
	t.Setenv("KMS_EMULATOR_BIN", "/nonexistent/kms-emulator")
	if _, err := kmsemulator.Launch(ctx); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "KMS_EMULATOR_BIN: ") {
		t.Errorf("wrong path: %v", err)
	}
}

func TestErrorOfTheServerIsReported(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	_, err := kmsemulator.Launch(ctx, kmsemulator.WithFixtures("no-such-file.json"), kmsemulator.WithLog(&log))
	if err == nil || !strings.Contains(err.Error(), "no-such-file.json") || !strings.Contains(log.String(), "no-such-file.json") {
		t.Errorf("%v; log: %s", err, log.String())
	}
}

func TestStartEndsWithItsContext(t *testing.T) {
	t.Parallel()
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	// A listener that accepts no connection, so no request is ever answered.
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, err = kmsemulator.Launch(cancelled, kmsemulator.WithEndpoint(listener.Addr().String()))
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestSettingsOfOtherServersDoNotApply(t *testing.T) {
	// A port and a database that cannot be used.
	t.Setenv("KMS_EMULATOR_PORT", "1")
	t.Setenv("KMS_EMULATOR_DATABASE", "/nonexistent/directory/kms.db")
	kmsemulator.Start(t)
}

func TestCACertificateIsPEM(t *testing.T) {
	t.Parallel()
	pem, err := kmsemulator.Start(t).Client().CACertificate(ctx)
	if err != nil || !bytes.HasPrefix(pem, []byte("-----BEGIN CERTIFICATE-----")) {
		t.Errorf("%s %v", pem, err)
	}
}

func TestNegativeDurationIsAnError(t *testing.T) {
	t.Parallel()
	if _, err := kmsemulator.NewClient("http://127.0.0.1:1", "").AdvanceClock(ctx, "", -time.Second); err == nil ||
		!strings.Contains(err.Error(), "negative") {
		t.Error(err)
	}
}
