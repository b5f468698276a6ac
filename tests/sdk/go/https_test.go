package sdk

import (
	"strings"
	"testing"

	"kms-emulator/tests/sdk/go/emulator"
)

func TestOverHTTPS(t *testing.T) {
	host := address(t, "KMS_EMULATOR_STRICT")
	authority := emulator.Authority(t, host)
	for _, sdk := range sdks {
		t.Run(sdk.name, func(t *testing.T) {
			connect := func(t *testing.T, host, id, secret string) client {
				c, err := sdk.connect(access{host, id, secret, authority})
				must(t, err)
				return c
			}
			t.Run("lists_every_secret_once_on_pages", func(t *testing.T) {
				listsPages(t, connect(t, host, "test", "test"))
			})
			t.Run("runs_the_life_cycle", func(t *testing.T) {
				own := emulator.NewTenant(t, host)
				runLifeCycle(t, sdk.name, connect(t, host, own.ID, own.Key))
			})
			t.Run("returns_the_error_type_of_the_SDK", func(t *testing.T) {
				refusesAPageSize(t, connect(t, host, "test", "test"))
			})
			t.Run("does_not_connect_to_a_server_of_an_unknown_authority", func(t *testing.T) {
				_, err := connect(t, address(t, "KMS_EMULATOR"), "test", "test").listSecrets(query{})
				// Compared as text, because the errors of the SDKs cannot be unwrapped.
				if err == nil || !strings.Contains(err.Error(), "certificate signed by unknown authority") {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}
