package tencent

import (
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"kms-emulator/tests/sdk/go/emulator"
)

// A step of tencent_life_cycle.json or tencent_services.json. The suites of all languages run these steps.
type step struct {
	Name, Action string
	Parameters   map[string]any
	Reply        map[string]any
	More         bool // whether lists of the reply may be longer
	Error        *struct{ Code, Message string }
}

func lifeCycle(t *testing.T, connect Connect, settings Settings, scenario string) {
	own := emulator.NewTenant(t, settings.Host)
	settings.ID, settings.Key = own.ID, own.Key
	client := dial(t, connect, settings)
	for _, step := range steps(t, scenario, own.Account) {
		got, err := client.Call(step.Action, step.Parameters)
		var wrong string
		switch {
		case step.Error != nil:
			wrong = refused(client, err, step.Error.Code, step.Error.Message)
		case err != nil:
			t.Fatalf("%s: %v", step.Name, err)
		default:
			wrong = replied(client, step.Action, got, step.Reply, step.More)
		}
		if wrong != "" {
			t.Errorf("%s: %s", step.Name, wrong)
		}
	}
}

// steps returns the steps of a file with the account number, which some replies contain.
func steps(t *testing.T, scenario, account string) (steps []step) {
	t.Helper()
	replace := []string{"{run}", "go", `"{account as a number}"`, account, "{account}", account}
	read(t, "../../"+scenario, &steps, replace...)
	return steps
}

func read(t *testing.T, path string, into any, replace ...string) {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	must(t, Decode([]byte(strings.NewReplacer(replace...).Replace(string(text))), into))
}

// known returns the part of a reply that the SDK's model has.
func known(client Client, action string, reply map[string]any) any {
	if typed, ok := client.(Typed); ok {
		return without(typed.Lacks(action, nil, reply), action, reply)
	}
	return reply
}

func without(lacked []string, path string, value any) any {
	switch value := value.(type) {
	case map[string]any:
		kept := map[string]any{}
		for name, member := range value {
			if path := path + "." + name; !slices.Contains(lacked, path) {
				kept[name] = without(lacked, path, member)
			}
		}
		return kept
	case []any:
		kept := []any{}
		for _, item := range value {
			kept = append(kept, without(lacked, path, item))
		}
		return kept
	}
	return value
}

// contains returns the first difference if got does not contain want.
func contains(got, want any, more bool) string {
	switch want := want.(type) {
	case map[string]any:
		got, ok := got.(map[string]any)
		if !ok {
			return fmt.Sprintf("no object where %v is wanted", want)
		}
		for name, member := range want {
			if difference := contains(got[name], member, more); difference != "" {
				return name + ": " + difference
			}
		}
	case []any:
		got, ok := got.([]any)
		if !ok || len(got) != len(want) && !(more && len(got) > len(want)) {
			return fmt.Sprintf("%v where %d items are wanted", got, len(want))
		}
		for index, item := range want {
			if difference := contains(got[index], item, more); difference != "" {
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

// LacksExactlyTheListedMembers compares the operations and members that an SDK's model lacks with
// tencent_not_offered.json.
func LacksExactlyTheListedMembers(t *testing.T, sdk string, typed Typed) {
	lacked := map[string]bool{}
	for _, step := range append(steps(t, ofSSM, "1"), step{Action: "ListSecrets", Reply: everyField(t)}) {
		for _, name := range typed.Lacks(step.Action, step.Parameters, step.Reply) {
			lacked[name] = true
		}
	}
	var listed map[string][]string
	read(t, "../../tencent_not_offered.json", &listed)
	if got := slices.Sorted(maps.Keys(lacked)); !slices.Equal(got, listed[sdk]) {
		t.Errorf("%s does not offer %q, tencent_not_offered.json says %q", sdk, got, listed[sdk])
	}
}
