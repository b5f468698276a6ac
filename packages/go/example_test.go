package kmsemulator_test

import (
	"context"
	"fmt"
	"log"
	"testing"
	"time"

	kmsemulator "kms-emulator/packages/go"
)

// A server for a program that is not a test.
func ExampleLaunch() {
	ctx := context.Background()
	emulator, err := kmsemulator.Launch(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer emulator.Close()

	tenant, err := emulator.Client().CreateTenant(ctx, kmsemulator.TenantRequest{Clock: true})
	if err != nil {
		log.Fatal(err)
	}
	err = emulator.Client().PutSecrets(ctx, tenant.Account, map[string]string{"db": "hunter2"})
	if err != nil {
		log.Fatal(err)
	}
	// The program under test gets emulator.Endpoint(), tenant.AccessKeyID and tenant.AccessKeySecret.

	count, err := emulator.Client().CountRequests(ctx, kmsemulator.JournalFilter{AccessKeyID: tenant.AccessKeyID})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(count, "requests")
	// Output: 0 requests
}

func ExampleStart() {
	_ = func(t *testing.T) {
		tenant := kmsemulator.Start(t, kmsemulator.WithArgs("--auth", "strict")).Tenant(t)
		tenant.Secrets(map[string]string{"db": "hunter2"})
		// The program under test gets tenant.Endpoint(), tenant.AccessKeyID and tenant.AccessKeySecret.
	}
}

func ExampleTenant_Fault() {
	_ = func(t *testing.T, tenant *kmsemulator.Tenant) {
		fault := tenant.Fault(kmsemulator.FaultRule{
			Match: kmsemulator.FaultMatch{Action: "GetSecretValue", Secret: "db*"},
			Error: "Rejected.Throttling",
			Times: 2,
		})
		// The program under test reads the secret here.
		if fault.Hits() != 2 {
			t.Error("the program did not retry twice")
		}
	}
}

func ExampleTenant_Clock() {
	_ = func(tenant *kmsemulator.Tenant) {
		tenant.Clock().Advance(8 * 24 * time.Hour)
		// A secret whose recovery window was 7 days is deleted now.
	}
}
