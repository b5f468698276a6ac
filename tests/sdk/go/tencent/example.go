package tencent

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// ExamplePrintsEverySecret runs an example program with the address of the server under test and the packages of the
// module under test.
func ExamplePrintsEverySecret(t *testing.T, path string) {
	program, err := os.ReadFile(path)
	must(t, err)
	if strings.Count(string(program), "127.0.0.1:8080") != 1 {
		t.Fatal("the program must contain 127.0.0.1:8080 exactly once")
	}
	copied := filepath.Join(t.TempDir(), "main.go")
	must(t, os.WriteFile(copied, []byte(strings.Replace(string(program), "127.0.0.1:8080", address(t, lenient), 1)), 0o600))

	run := exec.Command("go", "run", copied)
	run.Stderr = os.Stderr
	output, err := run.Output()
	must(t, err)
	var reply struct {
		Response struct {
			SecretMetadatas []struct{ SecretName string }
		}
	}
	must(t, json.Unmarshal(output, &reply))
	var got []string
	for _, secret := range reply.Response.SecretMetadatas {
		got = append(got, secret.SecretName)
	}
	if !slices.Equal(got, seed) {
		t.Errorf("got %q, want %q", got, seed)
	}
}
