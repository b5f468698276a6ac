package kmsemulator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"
)

// startTimeout limits the start of a server, and the wait for one that another process starts.
const startTimeout = 30 * time.Second

// cleanupTimeout limits each request that is sent after a test.
const cleanupTimeout = 10 * time.Second

// Emulator is a running server.
type Emulator struct {
	client   *Client
	url      *url.URL
	fixtures []string
	process  *process // nil if another process started the server
}

type settings struct {
	binary   string
	endpoint string
	token    string
	fixtures []string
	args     []string
	log      io.Writer
}

// Option is a setting of [Start] and [Launch].
type Option func(*settings)

// WithBinary sets the path of the program kms-emulator. It takes precedence over KMS_EMULATOR_BIN and
// KMS_EMULATOR_ENDPOINT.
func WithBinary(path string) Option {
	return func(s *settings) { s.binary = path }
}

// WithEndpoint uses the server that listens at a URL such as http://127.0.0.1:8080, instead of starting one. It takes
// precedence over all other ways to choose a server.
func WithEndpoint(url string) Option {
	return func(s *settings) { s.endpoint = url }
}

// WithControlToken sets the token of the control API. Without it, that of KMS_EMULATOR_CONTROL_TOKEN is used for a server
// that already runs, and none for a server that is started.
func WithControlToken(token string) Option {
	return func(s *settings) { s.token = token }
}

// WithFixtures loads fixture files into every tenant. A server that is started also has them in its default account.
func WithFixtures(paths ...string) Option {
	return func(s *settings) { s.fixtures = append(s.fixtures, paths...) }
}

// WithArgs adds arguments for the program kms-emulator, for example "--auth", "strict".
func WithArgs(args ...string) Option {
	return func(s *settings) { s.args = append(s.args, args...) }
}

// WithLog writes the log of the server to w, which must allow writes from another goroutine. Without it, [Start] logs
// its end if the test fails.
func WithLog(w io.Writer) Option {
	return func(s *settings) { s.log = w }
}

// Start starts a server, or uses the one that is configured, and stops it after the test and its subtests. If it cannot,
// the test fails at once.
func Start(t testing.TB, options ...Option) *Emulator {
	t.Helper()
	emulator, err := Launch(t.Context(), options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := emulator.Close(); err != nil {
			t.Error(err)
		}
		if log := emulator.log(); t.Failed() && log != "" {
			t.Logf("the end of the log of kms-emulator:\n%s", log)
		}
	})
	return emulator
}

// Launch starts a server, or uses the one that is configured, for code without a [testing.TB], such as TestMain. The
// context limits the start only; [Emulator.Close] stops the server.
func Launch(ctx context.Context, options ...Option) (*Emulator, error) {
	var s settings
	for _, option := range options {
		option(&s)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, startTimeout, fmt.Errorf("not ready after %v", startTimeout))
	defer cancel()
	if s.endpoint == "" && s.binary == "" {
		s.endpoint = os.Getenv("KMS_EMULATOR_ENDPOINT")
	}
	if s.endpoint != "" {
		return connect(ctx, s)
	}
	started, err := startProcess(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("kmsemulator: %w", err)
	}
	emulator, err := newEmulator(started.url, s)
	if err == nil {
		emulator.process = started
		err = emulator.awaitReady(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, started.stop())
	}
	return emulator, nil
}

// connect uses a server that another process starts or has started.
func connect(ctx context.Context, s settings) (*Emulator, error) {
	if len(s.args) > 0 {
		return nil, fmt.Errorf("kmsemulator: WithArgs has no effect on the running server %s", s.endpoint)
	}
	if s.token == "" {
		s.token = os.Getenv("KMS_EMULATOR_CONTROL_TOKEN")
	}
	emulator, err := newEmulator(s.endpoint, s)
	if err != nil {
		return nil, err
	}
	return emulator, emulator.awaitReady(ctx)
}

func newEmulator(address string, s settings) (*Emulator, error) {
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	parsed, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("kmsemulator: the endpoint is not a URL: %w", err)
	}
	if parsed.Scheme != "http" || parsed.Host == "" || strings.Trim(parsed.Path, "/") != "" {
		return nil, fmt.Errorf("kmsemulator: the endpoint %q is not of the form http://HOST:PORT", address)
	}
	parsed.Path = ""
	return &Emulator{client: NewClient(parsed.String(), s.token), url: parsed, fixtures: s.fixtures}, nil
}

// awaitReady waits until the server has loaded its fixtures.
func (e *Emulator) awaitReady(ctx context.Context) error {
	var exited <-chan struct{}
	if e.process != nil {
		exited = e.process.exited
	}
	for {
		// Not ready: no server listens yet, or its reply has the status 503.
		err := e.client.Ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-exited:
			return fmt.Errorf("kmsemulator: %w", e.process.failure())
		case <-ctx.Done():
			return errors.Join(err, context.Cause(ctx))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Close stops the server, unless another process started it.
func (e *Emulator) Close() error {
	e.client.http.CloseIdleConnections()
	if e.process == nil {
		return nil
	}
	return e.process.stop()
}

// URL returns the URL of the server, for example http://127.0.0.1:41234.
func (e *Emulator) URL() string { return e.url.String() }

// Endpoint returns the host and port of the server, as the SDKs take it.
func (e *Emulator) Endpoint() string { return e.url.Host }

// Client returns a client for the control API.
func (e *Emulator) Client() *Client { return e.client }

// log returns the end of the log of a server that was started.
func (e *Emulator) log() string {
	if e.process == nil {
		return ""
	}
	return e.process.log.String()
}
