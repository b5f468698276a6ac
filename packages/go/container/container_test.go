package container

import (
	"slices"
	"testing"

	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

// No test needs a container engine: they look at the request for the engine.

func TestContainerHasItsDataInMemoryAndWaitsForTheFixtures(t *testing.T) {
	var request testcontainers.GenericContainerRequest
	for _, option := range defaults() {
		if err := option.Customize(&request); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(request.ExposedPorts, []string{"8080/tcp"}) {
		t.Errorf("ports: %v", request.ExposedPorts)
	}
	if database, set := request.Env["KMS_EMULATOR_DATABASE"]; !set || database != "" {
		t.Errorf("database: %q, %t", database, set)
	}
	if !waitsForReady(request.WaitingFor) {
		t.Errorf("waits for %v", request.WaitingFor)
	}
}

func waitsForReady(strategy wait.Strategy) bool {
	switch strategy := strategy.(type) {
	case *wait.HTTPStrategy:
		return strategy.Path == "/_emulator/ready"
	case *wait.MultiStrategy:
		return slices.ContainsFunc(strategy.Strategies, waitsForReady)
	default:
		return false
	}
}
