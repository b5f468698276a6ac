//go:build unix

package kmsemulator_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	kmsemulator "kms-emulator/packages/go"
)

// childVariable makes the test binary start a server and wait until it is killed.
const childVariable = "TEST_CHILD_STARTS_A_SERVER"

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) == "" {
		os.Exit(m.Run())
	}
	emulator, err := kmsemulator.Launch(ctx)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(emulator.Endpoint())
	time.Sleep(time.Hour)
}

func TestServerStopsWhenTheTestProcessIsKilled(t *testing.T) {
	t.Parallel()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childVariable+"=1")
	stdout, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	deadline := time.AfterFunc(time.Minute, func() { _ = child.Process.Kill() })
	defer deadline.Stop()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	endpoint := strings.TrimSpace(line)
	if err != nil || !accepts(endpoint) {
		t.Errorf("the child printed %q, %v", line, err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // returns that the child was killed
	for deadline := time.Now().Add(30 * time.Second); accepts(endpoint); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s still accepts connections", endpoint)
		}
	}
}
