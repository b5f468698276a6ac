package kmsemulator

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// ErrBinaryNotFound is the error of [Launch] if it finds no program kms-emulator to start.
var ErrBinaryNotFound = errors.New("the program kms-emulator was not found: use WithBinary, set KMS_EMULATOR_BIN to its " +
	"path, add its directory to PATH, or set KMS_EMULATOR_ENDPOINT to use a running server")

// readyPrefix precedes the URL in the line that the program prints as soon as it listens.
const readyPrefix = "kms-emulator listening on "

// stopTimeout is how long a server may take to stop before it is killed.
const stopTimeout = 10 * time.Second

// process is a server that this process has started.
type process struct {
	url    string
	log    tail
	stdin  io.Closer
	cmd    *exec.Cmd
	exited chan struct{}
	err    error // of Wait; valid once exited is closed
}

// findBinary returns the path of the program.
func findBinary(chosen string) (string, error) {
	source := "WithBinary"
	if chosen == "" {
		chosen, source = os.Getenv("KMS_EMULATOR_BIN"), "KMS_EMULATOR_BIN"
	}
	if chosen == "" {
		path, err := exec.LookPath("kms-emulator")
		if err != nil {
			return "", ErrBinaryNotFound
		}
		return path, nil
	}
	if _, err := os.Stat(chosen); err != nil {
		return "", fmt.Errorf("%s: %w: %w", source, err, ErrBinaryNotFound)
	}
	return chosen, nil
}

// startProcess starts the program, and waits until it prints its URL.
func startProcess(ctx context.Context, s settings) (*process, error) {
	path, err := findBinary(s.binary)
	if err != nil {
		return nil, err
	}
	args := []string{"--listen", "127.0.0.1:0"}
	for _, fixture := range s.fixtures {
		args = append(args, "--fixtures", fixture)
	}
	// Not CommandContext: the context limits the start, not the life of the server.
	cmd := exec.Command(path, append(args, s.args...)...)
	cmd.Env = environment(s.token)
	p := &process{cmd: cmd, exited: make(chan struct{})}
	cmd.Stderr = &p.log
	if s.log != nil {
		cmd.Stderr = io.MultiWriter(&p.log, s.log)
	}
	// The server stops at the end of its standard input: the system closes this pipe when this process ends, even if it
	// is killed.
	if p.stdin, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	listening := make(chan string, 1)
	go func() {
		scanner := bufio.NewScanner(stdout)
		for scanner.Scan() {
			if url, ok := strings.CutPrefix(scanner.Text(), readyPrefix); ok {
				listening <- url
				break
			}
		}
		// Read on, so that the server never blocks on a full pipe.
		_, _ = io.Copy(io.Discard, stdout)
		p.err = cmd.Wait()
		close(p.exited)
	}()
	select {
	case p.url = <-listening:
		return p, nil
	case <-p.exited:
		return nil, p.failure()
	case <-ctx.Done():
		return nil, errors.Join(fmt.Errorf("%s printed no URL: %w", path, context.Cause(ctx)), p.stop())
	}
}

// environment returns the environment of the server: that of this process without settings for servers, which are
// passed as options.
func environment(token string) []string {
	var variables []string
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "KMS_EMULATOR_") {
			variables = append(variables, variable)
		}
	}
	variables = append(variables, "KMS_EMULATOR_EXIT_WITH_STDIN=true")
	if token != "" {
		variables = append(variables, "KMS_EMULATOR_CONTROL_TOKEN="+token)
	}
	return variables
}

// failure describes the exit of a server that should run; exited must be closed.
func (p *process) failure() error {
	return fmt.Errorf("%s exited (%v): %s", p.cmd.Path, p.cmd.ProcessState, strings.TrimSpace(p.log.String()))
}

// stop stops the server and waits until it has exited.
func (p *process) stop() error {
	select {
	case <-p.exited:
		if p.err != nil {
			return fmt.Errorf("kmsemulator: %w", p.failure())
		}
		return nil
	default:
	}
	// The end of standard input stops the server on every system; SIGINT is not available on Windows.
	_ = p.stdin.Close()
	select {
	case <-p.exited:
		return nil
	case <-time.After(stopTimeout):
		_ = p.cmd.Process.Kill()
		<-p.exited
		return fmt.Errorf("kmsemulator: %s was killed: it did not stop within %v", p.cmd.Path, stopTimeout)
	}
}

// tail is a writer that keeps the end of what is written.
type tail struct {
	mutex sync.Mutex
	bytes []byte
}

// tailBytes is the size of the log that is kept.
const tailBytes = 16 << 10

func (t *tail) Write(written []byte) (int, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.bytes = append(t.bytes, written...)
	if excess := len(t.bytes) - tailBytes; excess > 0 {
		t.bytes = append(t.bytes[:0], t.bytes[excess:]...)
	}
	return len(written), nil
}

func (t *tail) String() string {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return string(t.bytes)
}
