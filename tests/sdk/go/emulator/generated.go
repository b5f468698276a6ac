package emulator

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// generatedCall is a call of generated_calls.json.
type generatedCall struct {
	Name, Action string
	Parameters   map[string]any
	Reply        map[string]any
	Error        *struct{ Code, Message string }
}

// GeneratedProgramsRun generates programs for the calls of a cloud, compiles them together and runs them
// in order. modules maps each SDK to the directory of a module that requires it.
func GeneratedProgramsRun(t *testing.T, host, cloud, calls string, modules map[string]string) {
	text, err := os.ReadFile(calls)
	must(t, err)
	var clouds map[string][]generatedCall
	must(t, json.Unmarshal(text, &clouds))
	own := NewTenant(t, host)
	written := map[string]string{} // directories in modules
	for _, module := range modules {
		directory, err := os.MkdirTemp(module, "generated-")
		must(t, err)
		t.Cleanup(func() { os.RemoveAll(directory) })
		written[module] = directory
	}
	used := map[string]bool{}
	var programs []string
	for number, call := range clouds[cloud] {
		program := written[modules[write(t, host, own.Account, cloud, number, call, modules, written, used)]]
		programs = append(programs, filepath.Join(program, fmt.Sprint("program", number)))
	}
	if len(programs) == 0 || len(used) != len(modules) {
		t.Fatalf("%d programs use %v", len(programs), used)
	}
	binaries := t.TempDir()
	for module, directory := range written {
		inModule := "./" + filepath.Base(directory) + "/..."
		for _, command := range [][]string{
			{"gofmt", "-l", filepath.Base(directory)},
			{"go", "vet", inModule},
			{"go", "build", "-o", binaries, inModule},
		} {
			run := exec.Command(command[0], command[1:]...)
			run.Dir = module
			if output, err := run.CombinedOutput(); err != nil || len(output) > 0 {
				t.Fatalf("%v: %v\n%s", command, err, output)
			}
		}
	}
	for number, call := range clouds[cloud] {
		run := exec.Command(filepath.Join(binaries, filepath.Base(programs[number])))
		run.Env = append(os.Environ(),
			"ALIBABA_CLOUD_ACCESS_KEY_ID="+own.ID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET="+own.Key,
			"TENCENTCLOUD_SECRET_ID="+own.ID, "TENCENTCLOUD_SECRET_KEY="+own.Key)
		if wrong := printed(run, call); wrong != "" {
			program, _ := os.ReadFile(filepath.Join(programs[number], "main.go"))
			t.Errorf("%s: %s\n%s", call.Name, wrong, program)
		}
	}
}

// write writes the program for a call into the module of its SDK, and returns the name of the SDK.
func write(t *testing.T, host, account, cloud string, number int, call generatedCall, modules, written map[string]string, used map[string]bool) string {
	t.Helper()
	request, err := json.Marshal(map[string]any{
		"cloud": cloud, "action": call.Action, "parameters": call.Parameters, "account": account, "send": false,
	})
	must(t, err)
	var result struct {
		Code []struct{ Language, Sdk, Install, Text string }
	}
	must(t, json.Unmarshal(control(t, host, "POST", "call", string(request)), &result))
	for _, code := range result.Code {
		if code.Language != "go" {
			continue
		}
		module, known := modules[code.Sdk]
		if !known {
			t.Fatalf("%s: %s", call.Name, code.Sdk)
		}
		used[code.Sdk] = true
		pins, err := os.ReadFile(filepath.Join(module, "go.mod"))
		must(t, err)
		pinned := strings.Replace(strings.TrimPrefix(code.Install, "go get "), "@", " ", 1)
		if !strings.Contains(string(pins), pinned+"\n") {
			t.Errorf("%s differs from the version in go.mod", pinned)
		}
		directory := filepath.Join(written[module], fmt.Sprint("program", number))
		must(t, os.Mkdir(directory, 0o700))
		must(t, os.WriteFile(filepath.Join(directory, "main.go"), []byte(code.Text), 0o600))
		return code.Sdk
	}
	t.Fatalf("%s: no program", call.Name)
	return ""
}

// printed runs a program and returns the error in its output, or an empty string.
func printed(run *exec.Cmd, call generatedCall) string {
	var stderr strings.Builder
	run.Stderr = &stderr
	stdout, err := run.Output()
	if want := call.Error; want != nil {
		message := strings.ReplaceAll(stderr.String(), `\"`, `"`)
		if run.ProcessState.ExitCode() != 1 || !strings.Contains(message, want.Code) || !strings.Contains(message, want.Message) {
			return fmt.Sprintf("%v, %s%s where %v is wanted", err, stdout, message, *want)
		}
		return ""
	}
	if err != nil {
		return fmt.Sprintf("%v: %s", err, stderr.String())
	}
	var reply map[string]any
	if err := json.Unmarshal(stdout, &reply); err != nil {
		return fmt.Sprintf("%v: %s", err, stdout)
	}
	if response, whole := reply["Response"].(map[string]any); whole {
		reply = response
	}
	if difference := lacking(reply, call.Reply); difference != "" {
		return fmt.Sprintf("%s in %s", difference, stdout)
	}
	return ""
}

// lacking returns the part of want that is not in got.
func lacking(got, want any) string {
	switch want := want.(type) {
	case map[string]any:
		got, ok := got.(map[string]any)
		if !ok {
			return fmt.Sprintf("no object where %v is wanted", want)
		}
		for name, member := range want {
			if difference := lacking(got[name], member); difference != "" {
				return name + ": " + difference
			}
		}
	case []any:
		got, ok := got.([]any)
		if !ok || len(got) != len(want) {
			return fmt.Sprintf("%v where %v is wanted", got, want)
		}
		for index, item := range want {
			if difference := lacking(got[index], item); difference != "" {
				return difference
			}
		}
	default:
		if !reflect.DeepEqual(got, want) {
			return fmt.Sprintf("got %v, want %v", got, want)
		}
	}
	return ""
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
