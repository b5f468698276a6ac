// Package container runs kms-emulator as a container with Testcontainers, for machines without the program. It is a
// separate module, so that programs that use only kmsemulator do not depend on Testcontainers.
package container

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
	kmsemulator "kms-emulator/packages/go"
)

const port = "8080/tcp"

// Container is a running container.
type Container struct {
	*testcontainers.DockerContainer
}

// Run starts a container of an image, which `docker build --tag kms-emulator .` builds, and waits until it has loaded its
// fixtures. All data is in memory.
func Run(ctx context.Context, image string, options ...testcontainers.ContainerCustomizer) (*Container, error) {
	container, err := testcontainers.Run(ctx, image, append(defaults(), options...)...)
	if err != nil {
		err = fmt.Errorf("container: %w", err)
		if container != nil {
			err = errors.Join(err, testcontainers.TerminateContainer(container))
		}
		return nil, err
	}
	return &Container{container}, nil
}

func defaults() []testcontainers.ContainerCustomizer {
	return []testcontainers.ContainerCustomizer{
		testcontainers.WithExposedPorts(port),
		testcontainers.WithEnv(map[string]string{"KMS_EMULATOR_DATABASE": ""}),
		testcontainers.WithWaitStrategy(wait.ForHTTP("/_emulator/ready").WithPort(port)),
	}
}

// URL returns the URL of the server, for [kmsemulator.WithEndpoint].
func (c *Container) URL(ctx context.Context) (string, error) {
	return c.PortEndpoint(ctx, port, "http")
}

// Start is [kmsemulator.Start], but starts the image if there is neither a running server nor the program. The container
// ends after the test.
func Start(t testing.TB, image string, options ...kmsemulator.Option) *kmsemulator.Emulator {
	t.Helper()
	emulator, err := kmsemulator.Launch(t.Context(), options...)
	if err == nil {
		t.Cleanup(func() {
			if err := emulator.Close(); err != nil {
				t.Error(err)
			}
		})
		return emulator
	}
	if !errors.Is(err, kmsemulator.ErrBinaryNotFound) {
		t.Fatal(err)
	}
	container, err := Run(t.Context(), image)
	if err != nil {
		t.Fatal(err)
	}
	testcontainers.CleanupContainer(t, container)
	url, err := container.URL(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return kmsemulator.Start(t, append(options, kmsemulator.WithEndpoint(url))...)
}
