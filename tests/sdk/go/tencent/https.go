package tencent

import (
	"strings"
	"testing"

	"kms-emulator/tests/sdk/go/emulator"
)

func overHTTPS(t *testing.T, connect Connect, settings Settings) {
	settings.Authority = emulator.Authority(t, settings.Host)
	t.Run("shows_every_secret_once_on_pages", func(t *testing.T) { showsPages(t, dial(t, connect, settings)) })
	t.Run("goes_through_the_life_cycle", func(t *testing.T) { lifeCycle(t, connect, settings) })
	t.Run("is_refused_with_a_wrong_key", func(t *testing.T) {
		settings := settings
		settings.Key = "wrong"
		client := dial(t, connect, settings)
		_, err := client.Call("ListSecrets", map[string]any{})
		if wrong := refused(client, err, "AuthFailure.SignatureFailure", signatureFailure); wrong != "" {
			t.Error(wrong)
		}
	})
	t.Run("does_not_connect_to_a_server_whose_authority_it_was_not_told_of", func(t *testing.T) {
		settings := settings
		settings.Host = address(t, lenient)
		_, err := dial(t, connect, settings).Call("ListSecrets", map[string]any{})
		// As a text, because the SDK puts the error into its own, which cannot be unwrapped.
		if err == nil || !strings.Contains(err.Error(), "certificate signed by unknown authority") {
			t.Errorf("got %v", err)
		}
	})
}
