// Package sdk tests the emulator with Alibaba Cloud's own SDKs for Go, unmodified.
//
// The servers under test have the secrets of fixtures/seed.json. Expected values are written by hand,
// not copied from replies.
package sdk

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	sdkerrors "github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"
)

// seed has the listed secrets of the fixtures, ordered by creation time, then by name.
var seed = []secret{
	{"shop/db/password", "Generic", "2024-03-04T08:15:30Z", "2025-09-01T02:00:11Z", "", "", []string{"env=prod", "team=shop"}},
	{"shop/db/readonly", "Generic", "2024-03-04T08:16:02Z", "2024-03-04T08:16:02Z", "", "", []string{"env=staging", "team=shop"}},
	{"payment.api-cert", "Generic", "2024-05-20T11:00:00Z", "2024-05-20T11:00:00Z", "", "", []string{}},
	{"payment.api-key", "Generic", "2024-05-20T11:00:00Z", "2024-05-20T11:00:00Z", "", "", []string{"env=prod"}},
	{"orders/rds", "Rds", "2024-11-11T00:30:00Z", "2025-11-11T00:30:00Z", "", "", []string{"env=prod", "team=orders"}},
	{"acs/ram/user/deployer", "RAMCredentials", "2025-01-15T06:45:59Z", "2025-06-15T06:45:59Z", "", "", []string{}},
	{"acs/ecs/bastion", "ECS", "2025-02-01T23:59:59Z", "2025-02-01T23:59:59Z", "", "ecs", []string{"env=staging"}},
	{"legacy-token", "Generic", "2025-07-07T07:07:07Z", "2025-08-08T08:08:08Z", "2099-08-08T08:08:08Z", "", []string{}},
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func TestListsEverySecretInOrderOfCreationWithItsFields(t *testing.T) {
	eachSDKAndServer(t, func(t *testing.T, c client, owingService bool) {
		got, want := list(t, c, query{}), withoutTags(seedAs(owingService))
		if !reflect.DeepEqual(got.secrets, want) {
			t.Errorf("secrets:\n got %+v\nwant %+v", got.secrets, want)
		}
		if got.number != 1 || got.size != 10 || got.total != 8 {
			t.Errorf("page %d of size %d, %d in total; want page 1 of size 10, 8 in total", got.number, got.size, got.total)
		}
	})
}

func TestFetchesTagsOnlyOnRequest(t *testing.T) {
	eachSDKAndServer(t, func(t *testing.T, c client, owingService bool) {
		got, want := list(t, c, query{fetchTags: "true"}).secrets, seedAs(owingService)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("secrets:\n got %+v\nwant %+v", got, want)
		}
		for _, s := range list(t, c, query{fetchTags: "false"}).secrets {
			if s.tags != nil {
				t.Errorf("%s has tags %v although FetchTags is false", s.name, s.tags)
			}
		}
	})
}

func TestPagesHaveEverySecretOnce(t *testing.T) {
	eachSDKAndServer(t, func(t *testing.T, c client, _ bool) {
		listsPages(t, c)
	})
}

func listsPages(t *testing.T, c client) {
	for i, want := range [][]secret{seed[0:3], seed[3:6], seed[6:8], {}} { // the last page is past the end
		got := list(t, c, query{number: i + 1, size: 3})
		if !reflect.DeepEqual(names(got.secrets), names(want)) {
			t.Errorf("page %d: got %q, want %q", i+1, names(got.secrets), names(want))
		}
		if got.number != i+1 || got.size != 3 || got.total != 8 {
			t.Errorf("page %d: got page %d of size %d, %d in total", i+1, got.number, got.size, got.total)
		}
	}
	if got := list(t, c, query{size: 100}); len(got.secrets) != 8 {
		t.Errorf("the largest page has %d secrets, want 8", len(got.secrets))
	}
}

func TestFiltersNarrowTheList(t *testing.T) {
	cases := []struct {
		name, filters string
		want          []string
	}{
		{"a_tag_key", `[{"Key":"TagKey","Values":["team"]}]`,
			[]string{"shop/db/password", "shop/db/readonly", "orders/rds"}},
		{"both_of_two_keys", `[{"Key":"TagKey","Values":["team"]},{"Key":"SecretType","Values":["Generic"]}]`,
			[]string{"shop/db/password", "shop/db/readonly"}},
		{"any_of_several_values", `[{"Key":"TagValue","Values":["orders","staging"]}]`,
			[]string{"shop/db/readonly", "orders/rds", "acs/ecs/bastion"}},
		{"a_name_with_a_slash", `[{"Key":"SecretName","Values":["shop/db/password"]}]`,
			[]string{"shop/db/password"}},
		{"part_of_a_name_which_matches_nothing", `[{"Key":"SecretName","Values":["shop/db"]}]`,
			[]string{}},
		{"a_description_with_spaces_a_comma_and_a_hash", `[{"Key":"Description","Values":["Client certificate, PKCS#12"]}]`,
			[]string{"payment.api-cert"}},
		// Matches nothing. The SDKs encode these characters differently, and strict mode checks the signature.
		{"characters_that_need_encoding", `[{"Key":"Description","Values":["a+b *~'()!%2F&=?é密"]}]`,
			[]string{}},
	}
	eachSDKAndServer(t, func(t *testing.T, c client, _ bool) {
		for _, filter := range cases {
			t.Run("by_"+filter.name, func(t *testing.T) {
				got := list(t, c, query{filters: filter.filters})
				if !reflect.DeepEqual(names(got.secrets), filter.want) || got.total != len(filter.want) {
					t.Errorf("got %q, %d in total; want %q", names(got.secrets), got.total, filter.want)
				}
			})
		}
	})
}

func TestInvalidPageSizeReturnsTheErrorTypeOfTheSDK(t *testing.T) {
	eachSDKAndServer(t, func(t *testing.T, c client, _ bool) {
		refusesAPageSize(t, c)
	})
}

func refusesAPageSize(t *testing.T, c client) {
	_, err := c.listSecrets(query{size: 101})
	refused(t, c, err, 400, "InvalidParameter", `The specified parameter PageSize is not valid.`)
}

func TestUnsupportedActionReturnsTheErrorTypeOfTheSDK(t *testing.T) {
	eachSDKAndServer(t, func(t *testing.T, c client, _ bool) {
		refused(t, c, c.listPolicies(), 400, "UnsupportedOperation", "This action is not supported.")
	})
}

func TestStrictModeRejectsAWrongSecret(t *testing.T) {
	for _, sdk := range sdks {
		t.Run(sdk.name, func(t *testing.T) {
			c := dial(t, sdk.connect, "KMS_EMULATOR_STRICT", "test", "wrong")
			_, err := c.listSecrets(query{})
			refused(t, c, err, 400, "IncompleteSignature", "")
		})
	}
}

func TestStrictModeRejectsAnUnknownKeyID(t *testing.T) {
	for _, sdk := range sdks {
		t.Run(sdk.name, func(t *testing.T) {
			c := dial(t, sdk.connect, "KMS_EMULATOR_STRICT", "unknown", "test")
			_, err := c.listSecrets(query{})
			refused(t, c, err, 404, "InvalidAccessKeyId.NotFound", "")
		})
	}
}

// The classic SDK compares the string to sign in the error with its own. If they are equal, the secret is wrong.
func TestClassicSDKRecommendsToCheckTheSecret(t *testing.T) {
	c := dial(t, classicClient("JSON"), "KMS_EMULATOR_STRICT", "test", "wrong")
	_, err := c.listSecrets(query{filters: `[{"Key":"TagKey","Values":["a *~/"]}]`})
	var e *sdkerrors.ServerError
	if !errors.As(err, &e) || e.Recommend() != "InvalidAccessKeySecret: Please check you AccessKeySecret" {
		t.Errorf("got %v", err)
	}
}

// This SDK parses XML, but not XML errors, so it cannot run the tests of the other entries of sdks.
func TestClassicSDKReadsXML(t *testing.T) {
	c := dial(t, classicClient("XML"), "KMS_EMULATOR_STRICT", "test", "test")
	want := withoutTags(seedAs(false))
	if got := list(t, c, query{}).secrets; !reflect.DeepEqual(got, want) {
		t.Errorf("secrets:\n got %+v\nwant %+v", got, want)
	}
}

// The example programs run with the address of the server under test.
func TestExamplesPrintEverySecret(t *testing.T) {
	for _, name := range []string{"kms20160120", "alibaba_cloud_sdk_go"} {
		t.Run(name, func(t *testing.T) {
			program, err := os.ReadFile(filepath.Join("../../../examples/sdk/go/alibaba", name, "main.go"))
			must(t, err)
			if strings.Count(string(program), "127.0.0.1:8080") != 1 {
				t.Fatal("the program must contain 127.0.0.1:8080 exactly once")
			}
			copied := filepath.Join(t.TempDir(), "main.go")
			must(t, os.WriteFile(copied, []byte(strings.Replace(string(program), "127.0.0.1:8080", address(t, "KMS_EMULATOR"), 1)), 0o600))

			run := exec.Command("go", "run", copied)
			run.Stderr = os.Stderr
			output, err := run.Output()
			must(t, err)
			var reply struct {
				SecretList struct {
					Secret []struct{ SecretName string }
				}
			}
			must(t, json.Unmarshal(output, &reply))
			var got []string
			for _, secret := range reply.SecretList.Secret {
				got = append(got, secret.SecretName)
			}
			if !slices.Equal(got, names(seed)) {
				t.Errorf("got %q, want %q", got, names(seed))
			}
		})
	}
}

// eachSDKAndServer runs a check with a valid key on both servers, which must give the same replies.
func eachSDKAndServer(t *testing.T, check func(t *testing.T, c client, owingService bool)) {
	for _, sdk := range sdks {
		for _, server := range []string{"KMS_EMULATOR", "KMS_EMULATOR_STRICT"} {
			t.Run(sdk.name+"/"+server, func(t *testing.T) {
				check(t, dial(t, sdk.connect, server, "test", "test"), sdk.owingService)
			})
		}
	}
}

func dial(t *testing.T, connect connect, server, id, secret string) client {
	t.Helper()
	c, err := connect(access{host: address(t, server), id: id, secret: secret})
	must(t, err)
	return c
}

func address(t *testing.T, server string) string {
	t.Helper()
	host := os.Getenv(server)
	if host == "" {
		t.Fatalf("%s must be the address of a running emulator", server)
	}
	return host
}

func list(t *testing.T, c client, q query) page {
	t.Helper()
	got, err := c.listSecrets(q)
	must(t, err)
	if !uuid.MatchString(got.requestID) || got.headerID != got.requestID {
		t.Errorf("request id %q in the body, %q in the header; want the same UUID", got.requestID, got.headerID)
	}
	return got
}

// refused requires an error of the SDK's own type. An empty message matches any message.
func refused(t *testing.T, c client, err error, status int, code, message string) {
	t.Helper()
	got, err := c.refusal(err)
	must(t, err)
	if got.status != status || got.code != code || (message != "" && got.message != message) || !uuid.MatchString(got.requestID) {
		t.Errorf("got %+v, want %d %s %q and a request id", got, status, code, message)
	}
}

func seedAs(owingService bool) []secret {
	secrets := append([]secret{}, seed...)
	for i := range secrets {
		if !owingService {
			secrets[i].owingService = ""
		}
	}
	return secrets
}

func withoutTags(secrets []secret) []secret {
	for i := range secrets {
		secrets[i].tags = nil
	}
	return secrets
}

func names(secrets []secret) []string {
	names := []string{}
	for _, s := range secrets {
		names = append(names, s.name)
	}
	return names
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
