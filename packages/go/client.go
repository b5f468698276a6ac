package kmsemulator

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Client sends requests to the control API of a server. Its methods may be called concurrently. In a test, use
// [Emulator] and [Tenant], which fail the test on an error.
type Client struct {
	baseURL string
	token   string
	http    *http.Client
}

// requestTimeout limits each request, also one whose context has no deadline.
const requestTimeout = time.Minute

// NewClient returns a client for the server at a URL such as http://127.0.0.1:8080. The token is that of the server's
// --control-token, or empty.
func NewClient(baseURL, token string) *Client {
	// Without Proxy: the address is that of the server itself, whatever proxy the environment names.
	transport := &http.Transport{IdleConnTimeout: 30 * time.Second}
	return &Client{strings.TrimRight(baseURL, "/"), token, &http.Client{Transport: transport, Timeout: requestTimeout}}
}

// APIError is an error reply of the control API.
type APIError struct {
	// Status is the HTTP status.
	Status int `json:"-"`
	// Code identifies the error, for example InvalidBody.
	Code string `json:"code"`
	// Message explains the error.
	Message string `json:"message"`
	// Place is the part of the request that is wrong, for example body.error.
	Place string `json:"place"`
}

func (e *APIError) Error() string {
	text := fmt.Sprintf("status %d", e.Status)
	if e.Code != "" {
		text = e.Code + ": " + e.Message
	}
	if e.Place != "" {
		text += " (" + e.Place + ")"
	}
	return text
}

// do sends a request and decodes the reply into reply, unless that is nil. A *[]byte receives the body as it is.
func (c *Client) do(ctx context.Context, method, path string, query url.Values, body, reply any) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("kmsemulator: %s %s: %w", method, path, err)
		}
	}()
	var sent io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return err
		}
		sent = bytes.NewReader(encoded)
	}
	address := c.baseURL + "/_emulator/" + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, method, address, sent)
	if err != nil {
		return err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	received, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode >= 300 {
		apiError := &APIError{Status: response.StatusCode}
		// A body that is not JSON leaves the status alone.
		_ = json.Unmarshal(received, apiError)
		return apiError
	}
	switch reply := reply.(type) {
	case nil:
		return nil
	case *[]byte:
		*reply = received
		return nil
	default:
		return json.Unmarshal(received, reply)
	}
}

// Ready returns nil if the server has started and loaded its fixtures.
func (c *Client) Ready(ctx context.Context) error {
	return c.do(ctx, http.MethodGet, "ready", nil, nil, nil)
}

// CACertificate returns the certificate, in PEM, of the authority that signs the server's certificates for https.
func (c *Client) CACertificate(ctx context.Context) ([]byte, error) {
	var pem []byte
	err := c.do(ctx, http.MethodGet, "ca.pem", nil, nil, &pem)
	return pem, err
}

// TenantRequest describes a tenant to create.
type TenantRequest struct {
	// Clock gives the tenant its own clock.
	Clock bool
	// StartFixtures loads the fixtures that the server was started with.
	StartFixtures bool
	// TTL is the time after which the server deletes the tenant; 0 = never.
	TTL time.Duration
}

// Credentials are an account and its access key, for both clouds.
type Credentials struct {
	// Account is the number of the account.
	Account string `json:"account"`
	// AccessKeyID is the AccessKey ID of Alibaba Cloud and the SecretId of Tencent Cloud.
	AccessKeyID string `json:"access_key_id"`
	// AccessKeySecret is the AccessKey Secret of Alibaba Cloud and the SecretKey of Tencent Cloud.
	AccessKeySecret string `json:"access_key_secret"`
}

// CreateTenant creates an account. Accounts do not see each other's secrets.
func (c *Client) CreateTenant(ctx context.Context, request TenantRequest) (Credentials, error) {
	body := map[string]any{}
	if request.Clock {
		body["clock"] = true
	}
	if request.StartFixtures {
		body["start_fixtures"] = true
	}
	if request.TTL != 0 {
		ttl, err := formatDuration(request.TTL)
		if err != nil {
			return Credentials{}, fmt.Errorf("kmsemulator: field TTL: %w", err)
		}
		body["ttl"] = ttl
	}
	var created Credentials
	err := c.do(ctx, http.MethodPost, "tenants", nil, body, &created)
	return created, err
}

// DeleteTenant deletes a tenant with its secrets and its clock.
func (c *Client) DeleteTenant(ctx context.Context, account string) error {
	return c.do(ctx, http.MethodDelete, "tenants/"+url.PathEscape(account), nil, nil, nil)
}

// LoadFixture loads a fixture in JSON into an account, all of it or nothing. A secret replaces one of the same name.
func (c *Client) LoadFixture(ctx context.Context, account string, fixture []byte) error {
	query := url.Values{"account": {account}}
	return c.do(ctx, http.MethodPost, "state", query, json.RawMessage(fixture), nil)
}

// PutSecrets stores secrets by name and value in an account. A secret is for both clouds, unless its name starts with
// "alibaba:" or "tencent:".
func (c *Client) PutSecrets(ctx context.Context, account string, secrets map[string]string) error {
	alibaba, tencent := map[string]string{}, map[string]string{}
	for name, value := range secrets {
		if name, ok := strings.CutPrefix(name, "alibaba:"); ok {
			alibaba[name] = value
		} else if name, ok := strings.CutPrefix(name, "tencent:"); ok {
			tencent[name] = value
		} else {
			alibaba[name], tencent[name] = value, value
		}
	}
	var fixture []any
	if len(alibaba) > 0 {
		fixture = append(fixture, alibaba)
	}
	if len(tencent) > 0 {
		fixture = append(fixture, map[string]any{"SecretMetadatas": tencent})
	}
	if len(fixture) == 0 {
		return nil
	}
	return c.do(ctx, http.MethodPost, "state", url.Values{"account": {account}}, fixture, nil)
}

// FaultMatch selects requests. A member with its zero value matches every request.
type FaultMatch struct {
	// Cloud is "alibaba" or "tencent".
	Cloud string `json:"cloud,omitempty"`
	// Action is the operation, for example GetSecretValue.
	Action string `json:"action,omitempty"`
	// Secret is the name of a secret; * matches any text, ? one character.
	Secret string `json:"secret,omitempty"`
	// AccessKeyID is the id of the access key. [Tenant.Fault] sets it to that of the tenant.
	AccessKeyID string `json:"access_key_id,omitempty"`
	// Region is the region, for example cn-hangzhou.
	Region string `json:"region,omitempty"`
	// Nth selects only the n-th matching request, counted from 1.
	Nth int `json:"nth,omitempty"`
	// Every selects every n-th matching request.
	Every int `json:"every,omitempty"`
	// Probability selects each matching request with this probability; 0 = every request.
	Probability float64 `json:"probability,omitempty"`
	// Seed makes the choices by Probability repeatable; nil = a random seed.
	Seed *uint64 `json:"seed,omitempty"`
}

// FaultRule describes which requests fail, and how. It has at least one of Error, Status, Message, Latency, Reset and
// Truncate.
type FaultRule struct {
	// Match selects the requests.
	Match FaultMatch
	// Error is the error code of the reply.
	Error string
	// Status is the HTTP status of the reply; 0 = that of the documented error.
	Status int
	// Message is the text of the error; empty = that of the documented error. {RequestId}, {Action}, {Version}, {Region},
	// {Account}, {Resource} and {Time} in it are replaced by those of the request.
	Message string
	// Latency delays the reply. If MaxLatency is greater, the delay is random between the two.
	Latency, MaxLatency time.Duration
	// Reset resets the connection instead of sending a reply.
	Reset bool
	// Truncate cuts the body of the reply after this number of bytes; nil = not cut.
	Truncate *uint32
	// After executes the operation before the client gets the error.
	After bool
	// Times is how often the rule fires; 0 = always.
	Times int
}

// MarshalJSON encodes the rule as the control API reads it.
func (r FaultRule) MarshalJSON() ([]byte, error) {
	encoded := struct {
		Match    FaultMatch `json:"match"`
		Error    string     `json:"error,omitempty"`
		Status   int        `json:"status,omitempty"`
		Message  string     `json:"message,omitempty"`
		Latency  any        `json:"latency,omitempty"`
		Reset    bool       `json:"reset,omitempty"`
		Truncate *uint32    `json:"truncate,omitempty"`
		When     string     `json:"when,omitempty"`
		Times    int        `json:"times,omitempty"`
	}{r.Match, r.Error, r.Status, r.Message, nil, r.Reset, r.Truncate, "", r.Times}
	if r.After {
		encoded.When = "after"
	}
	if r.Latency != 0 || r.MaxLatency != 0 {
		minimum, err := formatDuration(r.Latency)
		if err != nil {
			return nil, fmt.Errorf("field Latency: %w", err)
		}
		encoded.Latency = minimum
		if r.MaxLatency > r.Latency {
			maximum, err := formatDuration(r.MaxLatency)
			if err != nil {
				return nil, fmt.Errorf("field MaxLatency: %w", err)
			}
			encoded.Latency = map[string]string{"min": minimum, "max": maximum}
		}
	}
	return json.Marshal(encoded)
}

// FaultState has the counters of a fault rule.
type FaultState struct {
	// ID identifies the rule.
	ID uint64 `json:"id"`
	// Seen is the number of requests that matched.
	Seen int `json:"seen"`
	// Hits is how often the rule fired.
	Hits int `json:"hits"`
}

// AddFault adds a fault rule after the existing ones. The first rule that fires handles a request.
func (c *Client) AddFault(ctx context.Context, rule FaultRule) (FaultState, error) {
	var state FaultState
	err := c.do(ctx, http.MethodPost, "faults", nil, rule, &state)
	return state, err
}

// Fault returns the counters of a fault rule.
func (c *Client) Fault(ctx context.Context, id uint64) (FaultState, error) {
	var state FaultState
	err := c.do(ctx, http.MethodGet, faultPath(id), nil, nil, &state)
	return state, err
}

// DeleteFault removes a fault rule, and returns its counters.
func (c *Client) DeleteFault(ctx context.Context, id uint64) (FaultState, error) {
	var state FaultState
	err := c.do(ctx, http.MethodDelete, faultPath(id), nil, nil, &state)
	return state, err
}

func faultPath(id uint64) string { return "faults/" + strconv.FormatUint(id, 10) }

// ClockState is the state of a clock.
type ClockState struct {
	// Now is the time that the clock shows.
	Now time.Time `json:"now"`
	// Frozen reports whether the clock is stopped.
	Frozen bool `json:"frozen"`
}

// ClockState returns the state of the clock of a tenant, or of the server if account is empty. So do the other methods
// for clocks.
func (c *Client) ClockState(ctx context.Context, account string) (ClockState, error) {
	return c.clock(ctx, http.MethodGet, "clock", account, nil)
}

// SetClock sets a clock, forwards or backwards, and does the work that is due.
func (c *Client) SetClock(ctx context.Context, account string, now time.Time) (ClockState, error) {
	body := map[string]string{"now": now.UTC().Format(time.RFC3339Nano)}
	return c.clock(ctx, http.MethodPut, "clock", account, body)
}

// AdvanceClock advances a clock, and does the work that is due, in the order of its times.
func (c *Client) AdvanceClock(ctx context.Context, account string, by time.Duration) (ClockState, error) {
	duration, err := formatDuration(by)
	if err != nil {
		return ClockState{}, fmt.Errorf("kmsemulator: advance: %w", err)
	}
	return c.clock(ctx, http.MethodPost, "clock/advance", account, map[string]string{"by": duration})
}

// FreezeClock stops a clock at its present time.
func (c *Client) FreezeClock(ctx context.Context, account string) (ClockState, error) {
	return c.clock(ctx, http.MethodPost, "clock/freeze", account, nil)
}

// ResumeClock lets a stopped clock run on.
func (c *Client) ResumeClock(ctx context.Context, account string) (ClockState, error) {
	return c.clock(ctx, http.MethodPost, "clock/resume", account, nil)
}

// ResetClock sets a clock back to the system time.
func (c *Client) ResetClock(ctx context.Context, account string) (ClockState, error) {
	return c.clock(ctx, http.MethodDelete, "clock", account, nil)
}

func (c *Client) clock(ctx context.Context, method, path, account string, body any) (ClockState, error) {
	query := url.Values{}
	if account != "" {
		query.Set("account", account)
	}
	var state ClockState
	err := c.do(ctx, method, path, query, body, &state)
	return state, err
}

// JournalFilter selects requests of the journal. A member with its zero value selects every request.
type JournalFilter struct {
	// Cloud is "alibaba" or "tencent".
	Cloud string
	// Action is the operation, for example GetSecretValue.
	Action string
	// Parameter is a parameter that the request has, as NAME or NAME=VALUE.
	Parameter string
	// AccessKeyID is the id of the access key. [Tenant.Journal] sets it to that of the tenant.
	AccessKeyID string
	// Account is the account of the request.
	Account string
	// Code is the error code of the reply; OK = success.
	Code string
	// Status is the HTTP status of the reply.
	Status int
}

func (f JournalFilter) query() url.Values {
	query := url.Values{}
	for name, value := range map[string]string{
		"cloud":         f.Cloud,
		"action":        f.Action,
		"parameter":     f.Parameter,
		"access_key_id": f.AccessKeyID,
		"account":       f.Account,
		"code":          f.Code,
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if f.Status != 0 {
		query.Set("status", strconv.Itoa(f.Status))
	}
	return query
}

// Request is a request in the journal.
type Request struct {
	// Number counts the requests since the server started, from 1.
	Number uint64 `json:"number"`
	// Time is when it arrived, by the clock of the server.
	Time time.Time `json:"time"`
	// TenantTime is when it arrived, by the clock of the tenant; nil if the account does not have its own clock.
	TenantTime *time.Time `json:"tenant_time"`
	// Cloud is "alibaba" or "tencent".
	Cloud string `json:"cloud"`
	// Action is the requested operation; empty if the request names none.
	Action string `json:"action"`
	// Parameters are the parameters without the common ones; sensitive values are ***.
	Parameters map[string]string `json:"parameters"`
	// AccessKeyID is the id of the access key; empty if the request is not signed.
	AccessKeyID string `json:"access_key_id"`
	// Verdict is the result of the signature check: valid, unsigned, unchecked, refused or not_reached.
	Verdict string `json:"verdict"`
	// Account and Region are those of the request; empty if it was rejected before they were known.
	Account, Region string
	// Status is the HTTP status of the reply.
	Status int `json:"status"`
	// Code is the error code of the reply; OK = success.
	Code string `json:"code"`
	// RequestID is the request id in the reply.
	RequestID string `json:"request_id"`
	// Fault is the id of the fault rule that applied; 0 if none did.
	Fault uint64 `json:"fault"`
}

// Journal returns the last requests that match the filter, the oldest first.
func (c *Client) Journal(ctx context.Context, filter JournalFilter) ([]Request, error) {
	var reply struct {
		Requests []Request `json:"requests"`
	}
	err := c.do(ctx, http.MethodGet, "journal", filter.query(), nil, &reply)
	return reply.Requests, err
}

// CountRequests returns the number of requests in the journal that match the filter.
func (c *Client) CountRequests(ctx context.Context, filter JournalFilter) (int, error) {
	query := filter.query()
	query.Set("limit", "0")
	var reply struct {
		Count int `json:"count"`
	}
	err := c.do(ctx, http.MethodGet, "journal", query, nil, &reply)
	return reply.Count, err
}

// formatDuration writes a duration as the control API reads it, for example "1d 2h"; a part has at most four digits.
// Fractions of a millisecond are rounded up, so that a positive duration is never 0.
func formatDuration(d time.Duration) (string, error) {
	if d < 0 {
		return "", fmt.Errorf("%v is negative", d)
	}
	milliseconds := d / time.Millisecond
	if d%time.Millisecond > 0 {
		milliseconds++
	}
	var parts []string
	for _, unit := range []struct {
		name   string
		length time.Duration
	}{{"d", 86_400_000}, {"h", 3_600_000}, {"m", 60_000}, {"s", 1000}, {"ms", 1}} {
		if count := milliseconds / unit.length; count > 0 {
			parts = append(parts, strconv.FormatInt(int64(count), 10)+unit.name)
			milliseconds %= unit.length
		}
	}
	if len(parts) == 0 {
		return "0", nil
	}
	// A time.Duration has at most 106,751 days.
	if len(parts[0]) > len("9999d") && strings.HasSuffix(parts[0], "d") {
		return "", fmt.Errorf("%v is longer than 9999 days", d)
	}
	return strings.Join(parts, " "), nil
}
