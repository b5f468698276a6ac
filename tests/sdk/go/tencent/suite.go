// Package tencent holds what both suites of Tencent Cloud's SDK for Go check. They are modules of their own,
// because the two generations of the SDK have the same package paths; this one knows neither.
//
// The servers under test hold the secrets of fixtures/seed-tencent.json. Expected values are written out
// by hand here; none is taken from a reply.
package tencent

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"testing"
)

// Settings are what a client is made with. Sign and Method are the words of the SDK's profile. The client is to use
// https, if it is told of an authority to trust.
type Settings struct {
	Host, ID, Key, Region, Language, Sign, Method, Authority string
}

// Scheme is the SDK's word for http or https.
func (s Settings) Scheme() string {
	if s.Authority == "" {
		return "HTTP"
	}
	return "HTTPS"
}

// Connect makes a client of an SDK.
type Connect func(Settings) (Client, error)

// Client calls operations in the SDK's own way, with parameters and replies by their wire names.
type Client interface {
	Call(action string, parameters map[string]any) (map[string]any, error)
	// Refusal reads the SDK's own error type, and is false for any other error.
	Refusal(error) (Refusal, bool)
}

type Refusal struct{ Code, Message, RequestID string }

// Typed is a client whose model may lack an action, or members of a request or a reply: "Action", "Action.Member".
type Typed interface {
	Client
	Lacks(action string, parameters, reply map[string]any) []string
}

// Form is how requests are signed and sent.
type Form struct{ Sign, Method string }

var AllForms = []Form{
	{"TC3-HMAC-SHA256", "POST"}, {"TC3-HMAC-SHA256", "GET"},
	{"HmacSHA1", "POST"}, {"HmacSHA1", "GET"},
	{"HmacSHA256", "POST"}, {"HmacSHA256", "GET"},
}

const (
	lenient = "KMS_EMULATOR"
	strict  = "KMS_EMULATOR_STRICT"
)

// Run checks an SDK in each form. What the lenient server answers, the strict one must too.
func Run(t *testing.T, connect Connect, forms []Form) {
	for _, form := range forms {
		t.Run(form.Sign+"_"+form.Method, func(t *testing.T) {
			settings := Settings{
				ID: "test", Key: "test", Region: "ap-guangzhou", Language: "en-US",
				Sign: form.Sign, Method: form.Method,
			}
			for _, server := range []string{lenient, strict} {
				settings.Host = address(t, server)
				t.Run(server, func(t *testing.T) {
					t.Run("goes_through_the_life_cycle", func(t *testing.T) { lifeCycle(t, connect, settings) })
					t.Run("lists", func(t *testing.T) { lists(t, dial(t, connect, settings)) })
					t.Run("shows_every_field", func(t *testing.T) { showsEveryField(t, dial(t, connect, settings)) })
				})
			}
			settings.Host = address(t, strict)
			t.Run("is_refused", func(t *testing.T) { isRefused(t, connect, settings) })
			t.Run("over_https", func(t *testing.T) { overHTTPS(t, connect, settings) })
		})
	}
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// replied says what is wrong with a reply: it must have a request id and contain what is wanted, as far as the
// SDK's model has that.
func replied(client Client, action string, got, want map[string]any, more bool) string {
	if id, _ := got["RequestId"].(string); !uuid.MatchString(id) {
		return fmt.Sprintf("no request id in %v", got)
	}
	if difference := contains(got, known(client, action, want), more); difference != "" {
		return fmt.Sprintf("%s in %v", difference, got)
	}
	return ""
}

// refused says what is wrong with an error: it must be the SDK's own, as wanted, and have a request id.
func refused(client Client, err error, code, message string) string {
	got, own := client.Refusal(err)
	if !own || got.Code != code || got.Message != message || !uuid.MatchString(got.RequestID) {
		return fmt.Sprintf("got %T %v, want %s: %s", err, err, code, message)
	}
	return ""
}

func dial(t *testing.T, connect Connect, settings Settings) Client {
	t.Helper()
	client, err := connect(settings)
	must(t, err)
	return client
}

func address(t *testing.T, server string) string {
	t.Helper()
	host := os.Getenv(server)
	if host == "" {
		t.Fatalf("%s must hold the address of a running emulator", server)
	}
	return host
}

// Decode reads JSON and keeps its numbers as they are written.
func Decode(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return decoder.Decode(into)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
