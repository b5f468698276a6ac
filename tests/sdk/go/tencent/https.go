package tencent

import (
	"strings"
	"testing"

	"kms-emulator/tests/sdk/go/emulator"
)

func overHTTPS(t *testing.T, connect Connect, settings Settings) {
	settings.Authority = emulator.Authority(t, settings.Host)
	t.Run("lists_every_secret_once_on_pages", func(t *testing.T) { listsPages(t, dial(t, connect, settings)) })
	t.Run("runs_the_life_cycle", func(t *testing.T) { lifeCycle(t, connect, settings, ofSSM) })
	t.Run("is_rejected_with_a_wrong_key", func(t *testing.T) {
		settings := settings
		settings.Key = "wrong"
		client := dial(t, connect, settings)
		_, err := client.Call("ListSecrets", map[string]any{})
		if wrong := refused(client, err, "AuthFailure.SignatureFailure", signatureFailure); wrong != "" {
			t.Error(wrong)
		}
	})
	t.Run("does_not_connect_to_a_server_of_an_unknown_authority", func(t *testing.T) {
		settings := settings
		settings.Host = address(t, lenient)
		_, err := dial(t, connect, settings).Call("ListSecrets", map[string]any{})
		// Compared as text, because the error of the SDK cannot be unwrapped.
		if err == nil || !strings.Contains(err.Error(), "certificate signed by unknown authority") {
			t.Errorf("got %v", err)
		}
	})
}
