// Package tencent has the tests that both suites of Tencent Cloud's SDK for Go run. The suites are separate modules,
// because the two generations of the SDK have the same package paths. This package imports neither.
//
// The servers under test have the secrets of fixtures/seed-tencent.json. Expected values are written by hand,
// not copied from replies.
package tencent

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"testing"
)

// Settings are the settings of a client. Sign and Method are values of the SDK's profile. With a trusted authority, the
// client uses https.
type Settings struct {
	Host, ID, Key, Region, Language, Sign, Method, Authority string
}

// Scheme returns the SDK's name for http or https.
func (s Settings) Scheme() string {
	if s.Authority == "" {
		return "HTTP"
	}
	return "HTTPS"
}

// Connect creates a client of an SDK.
type Connect func(Settings) (Client, error)

// Client calls operations with an SDK, with parameters and replies by their wire names.
type Client interface {
	Call(action string, parameters map[string]any) (map[string]any, error)
	// Refusal converts the SDK's own error type, and returns false for any other error.
	Refusal(error) (Refusal, bool)
}

type Refusal struct{ Code, Message, RequestID string }

// Typed is a client whose model may lack an action, or members of a request or a reply: "Action", "Action.Member".
type Typed interface {
	Client
	Lacks(action string, parameters, reply map[string]any) []string
}

// Form is the signature method and HTTP method of requests.
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

// The files with the steps of scenarios.
const (
	ofSSM             = "tencent_life_cycle.json"
	ofSeveralServices = "tencent_services.json"
)

// Run tests an SDK in each form, on the lenient and the strict server, which must give the same replies.
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
					t.Run("runs_the_life_cycle", func(t *testing.T) { lifeCycle(t, connect, settings, ofSSM) })
					if _, typed := dial(t, connect, settings).(Typed); !typed {
						t.Run("calls_several_services", func(t *testing.T) { lifeCycle(t, connect, settings, ofSeveralServices) })
					}
					t.Run("lists", func(t *testing.T) { lists(t, dial(t, connect, settings)) })
					t.Run("returns_every_field", func(t *testing.T) { returnsEveryField(t, dial(t, connect, settings)) })
				})
			}
			settings.Host = address(t, strict)
			t.Run("is_rejected", func(t *testing.T) { isRejected(t, connect, settings) })
			t.Run("over_https", func(t *testing.T) { overHTTPS(t, connect, settings) })
		})
	}
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// replied returns what is wrong with a reply, or an empty string. The reply must have a request id and contain the
// wanted members that the SDK's model has.
func replied(client Client, action string, got, want map[string]any, more bool) string {
	if id, _ := got["RequestId"].(string); !uuid.MatchString(id) {
		return fmt.Sprintf("no request id in %v", got)
	}
	if difference := contains(got, known(client, action, want), more); difference != "" {
		return fmt.Sprintf("%s in %v", difference, got)
	}
	return ""
}

// refused returns what is wrong with an error, or an empty string. The error must be of the SDK's own type, with the
// wanted code and message and a request id.
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
		t.Fatalf("%s must be the address of a running emulator", server)
	}
	return host
}

// Decode reads JSON and keeps the text of its numbers.
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
