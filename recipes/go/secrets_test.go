package secrets

import (
	"errors"
	"testing"

	kms "github.com/alibabacloud-go/kms-20160120/v3/client"
	"github.com/alibabacloud-go/tea/tea"
)

// readSecret is the program under test: it retries when it is throttled.
func readSecret(client *kms.Client, name string) (string, error) {
	for attempt := 1; ; attempt++ {
		reply, err := client.GetSecretValue(new(kms.GetSecretValueRequest).SetSecretName(name))
		if err == nil {
			return tea.StringValue(reply.Body.SecretData), nil
		}
		if codeOf(err) != "Rejected.Throttling" || attempt == 3 {
			return "", err
		}
	}
}

func codeOf(err error) string {
	var sdkError *tea.SDKError
	if errors.As(err, &sdkError) {
		return tea.StringValue(sdkError.Code)
	}
	return ""
}

func createSecret(t *testing.T, client *kms.Client) {
	t.Helper()
	request := new(kms.CreateSecretRequest).SetSecretName("db").SetVersionId("v1").SetSecretData("hunter2")
	if _, err := client.CreateSecret(request); err != nil {
		t.Fatal(err)
	}
}

func TestReadIsRetriedWhenThrottled(t *testing.T) {
	tenant := newTenant(t)
	client := tenant.client(t)
	createSecret(t, client)
	hits := tenant.throttle(t, "GetSecretValue", 2)
	if value, err := readSecret(client, "db"); err != nil || value != "hunter2" {
		t.Fatalf("got %q, %v", value, err)
	}
	if got := hits(); got != 2 {
		t.Errorf("%d requests were throttled, not 2", got)
	}
	if got := tenant.requests(t, "GetSecretValue"); got != 3 {
		t.Errorf("there were %d requests, not 3", got)
	}
}

// Not parallel to other tests: all tenants share the clock.
func TestSecretIsDeletedAfterItsRecoveryWindow(t *testing.T) {
	client := newTenant(t).client(t)
	createSecret(t, client)
	request := new(kms.DeleteSecretRequest).SetSecretName("db").SetRecoveryWindowInDays("7")
	if _, err := client.DeleteSecret(request); err != nil {
		t.Fatal(err)
	}
	if _, err := readSecret(client, "db"); codeOf(err) != "Rejected.ResourceInDeleteWindow" {
		t.Errorf("before: %v", err)
	}
	advanceClock(t, "8d")
	if _, err := readSecret(client, "db"); codeOf(err) != "Forbidden.ResourceNotFound" {
		t.Errorf("after: %v", err)
	}
}
