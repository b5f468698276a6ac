package kmsemulator

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"
)

// Tenant is an account for a test, with its own access key and clock. It is deleted after the test, with its
// secrets and fault rules. Its methods fail the test on an error, so call them from the goroutine of the test.
type Tenant struct {
	Credentials
	emulator *Emulator
	t        testing.TB
}

// Tenant creates an account for a test, with the fixtures of [WithFixtures].
func (e *Emulator) Tenant(t testing.TB) *Tenant {
	t.Helper()
	request := TenantRequest{Clock: true, StartFixtures: e.process != nil && len(e.fixtures) > 0}
	created, err := e.client.CreateTenant(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	cleanup(t, func(ctx context.Context) error { return e.client.DeleteTenant(ctx, created.Account) })
	tenant := &Tenant{created, e, t}
	if e.process == nil {
		tenant.loadFixtures()
	}
	return tenant
}

// loadFixtures loads the fixtures through the control API, because the server was not started with them.
func (n *Tenant) loadFixtures() {
	n.t.Helper()
	for _, path := range n.emulator.fixtures {
		fixture, err := os.ReadFile(path)
		if err == nil {
			err = n.emulator.client.LoadFixture(n.t.Context(), n.Account, fixture)
		}
		if err != nil {
			n.t.Fatal(fmt.Errorf("fixture %s: %w", path, err))
		}
	}
}

// cleanup runs a request after the test. The context of the test is cancelled by then.
func cleanup(t testing.TB, request func(context.Context) error) {
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), cleanupTimeout)
		defer cancel()
		if err := request(ctx); err != nil {
			t.Error(err)
		}
	})
}

// Endpoint returns the host and port of the server, as the SDKs take it.
func (n *Tenant) Endpoint() string { return n.emulator.Endpoint() }

// URL returns the URL of the server.
func (n *Tenant) URL() string { return n.emulator.URL() }

// Secrets stores secrets by name and value. A secret is for both clouds, unless its name starts with "alibaba:" or
// "tencent:".
func (n *Tenant) Secrets(secrets map[string]string) {
	n.t.Helper()
	if err := n.emulator.client.PutSecrets(n.t.Context(), n.Account, secrets); err != nil {
		n.t.Fatal(err)
	}
}

// Fault is a fault rule of a tenant.
type Fault struct {
	id     uint64
	tenant *Tenant
}

// Fault adds a fault rule for requests of this tenant, until the test ends.
func (n *Tenant) Fault(rule FaultRule) *Fault {
	n.t.Helper()
	rule.Match.AccessKeyID = n.AccessKeyID
	client := n.emulator.client
	state, err := client.AddFault(n.t.Context(), rule)
	if err != nil {
		n.t.Fatal(err)
	}
	cleanup(n.t, func(ctx context.Context) error {
		_, err := client.DeleteFault(ctx, state.ID)
		return err
	})
	return &Fault{state.ID, n}
}

// Hits returns how often the rule has fired.
func (f *Fault) Hits() int {
	f.tenant.t.Helper()
	state, err := f.tenant.emulator.client.Fault(f.tenant.t.Context(), f.id)
	if err != nil {
		f.tenant.t.Fatal(err)
	}
	return state.Hits
}

// Clock is the clock of a tenant. Creation times, planned deletions, rotations and the check of time stamps follow it.
type Clock struct {
	tenant *Tenant
}

// Clock returns the clock of the tenant. No other tenant has the same clock.
func (n *Tenant) Clock() *Clock { return &Clock{n} }

// Now returns the time that the clock shows.
func (c *Clock) Now() time.Time {
	c.tenant.t.Helper()
	return c.state(c.tenant.emulator.client.ClockState(c.tenant.t.Context(), c.tenant.Account))
}

// Advance advances the clock, and does the work that is due.
func (c *Clock) Advance(by time.Duration) {
	c.tenant.t.Helper()
	c.state(c.tenant.emulator.client.AdvanceClock(c.tenant.t.Context(), c.tenant.Account, by))
}

// Set sets the clock, forwards or backwards, and does the work that is due.
func (c *Clock) Set(now time.Time) {
	c.tenant.t.Helper()
	c.state(c.tenant.emulator.client.SetClock(c.tenant.t.Context(), c.tenant.Account, now))
}

// Freeze stops the clock at its present time.
func (c *Clock) Freeze() {
	c.tenant.t.Helper()
	c.state(c.tenant.emulator.client.FreezeClock(c.tenant.t.Context(), c.tenant.Account))
}

// Resume lets a stopped clock run on.
func (c *Clock) Resume() {
	c.tenant.t.Helper()
	c.state(c.tenant.emulator.client.ResumeClock(c.tenant.t.Context(), c.tenant.Account))
}

// Reset sets the clock back to the system time.
func (c *Clock) Reset() {
	c.tenant.t.Helper()
	c.state(c.tenant.emulator.client.ResetClock(c.tenant.t.Context(), c.tenant.Account))
}

func (c *Clock) state(state ClockState, err error) time.Time {
	c.tenant.t.Helper()
	if err != nil {
		c.tenant.t.Fatal(err)
	}
	return state.Now
}

// Journal returns the last requests of this tenant that match the filter, the oldest first.
func (n *Tenant) Journal(filter JournalFilter) []Request {
	n.t.Helper()
	filter.AccessKeyID = n.AccessKeyID
	requests, err := n.emulator.client.Journal(n.t.Context(), filter)
	if err != nil {
		n.t.Fatal(err)
	}
	return requests
}

// Requests returns the number of requests of this tenant for an operation.
func (n *Tenant) Requests(action string) int {
	n.t.Helper()
	filter := JournalFilter{Action: action, AccessKeyID: n.AccessKeyID}
	count, err := n.emulator.client.CountRequests(n.t.Context(), filter)
	if err != nil {
		n.t.Fatal(err)
	}
	return count
}
