package tencent

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// SnippetPrintsEverySecretName runs a program shown to users as it is, but for the address, with the packages of
// the module under test.
func SnippetPrintsEverySecretName(t *testing.T, path string) {
	program, err := os.ReadFile(path)
	must(t, err)
	if strings.Count(string(program), "127.0.0.1:8080") != 1 {
		t.Fatal("want 127.0.0.1:8080 once in the program")
	}
	copied := filepath.Join(t.TempDir(), "main.go")
	must(t, os.WriteFile(copied, []byte(strings.Replace(string(program), "127.0.0.1:8080", address(t, lenient), 1)), 0o600))

	run := exec.Command("go", "run", copied)
	run.Stderr = os.Stderr
	got, err := run.Output()
	must(t, err)
	if want := strings.Join(seed, "\n") + "\n"; string(got) != want {
		t.Errorf("got:\n%swant:\n%s", got, want)
	}
}
