package sdk

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/alibabacloud-go/tea/tea"
	"kms-emulator/tests/sdk/go/emulator"
)

// A step of life_cycle.json. The suites of all languages run these steps.
type step struct {
	Name, Action string
	Parameters   map[string]any
	Reply        map[string]any
	More         bool // whether lists of the reply may be longer
	Error        *struct {
		Status        int
		Code, Message string
	}
	// Save has the paths of members of the reply by the names with which later steps use them.
	Save map[string]string
	// Encrypt has the names of saved public keys, with which 32 zero bytes are encrypted, by the names of the results.
	Encrypt map[string]string
}

// caller calls an operation with parameters by their wire names. It returns the SDK's reply by wire names,
// or nil if the SDK lacks the operation.
type caller interface {
	client
	call(action string, parameters map[string]any) (map[string]any, error)
}

func TestLifeCycle(t *testing.T) {
	for _, sdk := range sdks {
		for _, variable := range []string{"KMS_EMULATOR", "KMS_EMULATOR_STRICT"} {
			t.Run(sdk.name+"/"+variable, func(t *testing.T) {
				own := emulator.NewTenant(t, address(t, variable))
				runLifeCycle(t, sdk.name, dial(t, sdk.connect, variable, own.ID, own.Key))
			})
		}
	}
}

func runLifeCycle(t *testing.T, sdk string, c client) {
	var steps []step
	read(t, "../life_cycle.json", &steps)
	var missing []string
	saved := map[string]string{}
	for _, step := range steps {
		if !take(t, c.(caller), fill(t, step, saved), saved) && !slices.Contains(missing, step.Action) {
			missing = append(missing, step.Action)
		}
	}
	slices.Sort(missing)
	var notOffered map[string][]string
	read(t, "../not_offered.json", &notOffered)
	name, _, _ := strings.Cut(sdk, "_signing")
	name = strings.Replace(name, "kms-20160120", "alibabacloud-go/kms-20160120", 1)
	if !slices.Equal(missing, notOffered[name]) {
		t.Errorf("%s does not offer %q, not_offered.json says %q", name, missing, notOffered[name])
	}
}

func read(t *testing.T, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	must(t, json.Unmarshal([]byte(strings.ReplaceAll(string(text), "{run}", "go")), into))
}

// fill returns a step with the values that earlier steps have saved.
func fill(t *testing.T, template step, saved map[string]string) (filled step) {
	t.Helper()
	for name, key := range template.Encrypt {
		der, err := base64.StdEncoding.DecodeString(saved[key])
		must(t, err)
		public, err := x509.ParsePKIXPublicKey(der)
		must(t, err)
		encrypted, err := rsa.EncryptPKCS1v15(rand.Reader, public.(*rsa.PublicKey), make([]byte, 32))
		must(t, err)
		saved[name] = base64.StdEncoding.EncodeToString(encrypted)
	}
	text, err := json.Marshal(template)
	must(t, err)
	for name, value := range saved {
		text = bytes.ReplaceAll(text, []byte("{"+name+"}"), []byte(value))
	}
	must(t, json.Unmarshal(text, &filled))
	return filled
}

// member returns a member of a reply by its path, of the first item of each list.
func member(t *testing.T, reply any, path string) string {
	t.Helper()
	for _, name := range strings.Split(path, ".") {
		if items, isList := reply.([]any); isList && len(items) > 0 {
			reply = items[0]
		}
		members, _ := reply.(map[string]any)
		reply = members[name]
	}
	text, isText := reply.(string)
	if !isText {
		t.Fatalf("no text at %s", path)
	}
	return text
}

// take runs a step, saves values of its reply, and returns whether the SDK has the operation.
func take(t *testing.T, c caller, step step, saved map[string]string) bool {
	reply, err := c.call(step.Action, step.Parameters)
	switch {
	case err == nil && reply == nil:
		return false
	case step.Error != nil && err == nil:
		t.Errorf("%s: expected an error, got %v", step.Name, reply)
	case step.Error != nil:
		refused, other := c.refusal(err)
		if other != nil {
			t.Fatalf("%s: %v", step.Name, other)
		}
		want := step.Error
		if refused.status != want.Status || refused.code != want.Code || refused.message != want.Message {
			t.Errorf("%s: got %+v, want %+v", step.Name, refused, *want)
		}
	case err != nil:
		t.Fatalf("%s: %v", step.Name, err)
	default:
		if difference := contains(reply, step.Reply, step.More); difference != "" {
			t.Errorf("%s: %s in %v", step.Name, difference, reply)
		}
		if id, _ := reply["RequestId"].(string); !uuid.MatchString(id) {
			t.Errorf("%s: request id %q", step.Name, id)
		}
		for name, path := range step.Save {
			saved[name] = member(t, reply, path)
		}
	}
	return true
}

// contains returns the first difference if got does not contain want. An empty list may be absent, because the
// classic SDK does not distinguish them.
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
		got, _ := got.([]any)
		if len(got) != len(want) && !(more && len(got) > len(want)) {
			return fmt.Sprintf("%d items where %d are wanted", len(got), len(want))
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

func (sdk teaSDK) call(action string, parameters map[string]any) (map[string]any, error) {
	method := reflect.ValueOf(sdk.Client).MethodByName(action)
	if !method.IsValid() {
		return nil, nil
	}
	var arguments []reflect.Value
	if method.Type().NumIn() == 1 {
		request := reflect.New(method.Type().In(0).Elem())
		if err := tea.Convert(parameters, request.Interface()); err != nil {
			return nil, err
		}
		for name := range parameters {
			if !hasMember(request.Elem().Type(), name) {
				return nil, nil
			}
		}
		arguments = append(arguments, request)
	}
	results := method.Call(arguments)
	if err, _ := results[1].Interface().(error); err != nil {
		return nil, err
	}
	return asMap(results[0].Elem().FieldByName("Body").Interface())
}

func hasMember(kind reflect.Type, name string) bool {
	for i := range kind.NumField() {
		if tag, _, _ := strings.Cut(kind.Field(i).Tag.Get("json"), ","); tag == name {
			return true
		}
	}
	return false
}

func asMap(value any) (result map[string]any, err error) {
	text, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(text, &result)
	}
	return result, err
}

func (sdk classicSDK) call(action string, parameters map[string]any) (map[string]any, error) {
	create, offered := classicCalls[action]
	if !offered {
		return nil, nil
	}
	request, response := create()
	fields := reflect.ValueOf(request).Elem()
	for name, value := range parameters {
		field := fields.FieldByName(name)
		switch value := value.(type) {
		case []any:
			list := reflect.New(field.Type().Elem())
			if err := tea.Convert(value, list.Interface()); err != nil {
				return nil, err
			}
			field.Set(list)
		case map[string]any:
			text, err := json.Marshal(value)
			if err != nil {
				return nil, err
			}
			field.SetString(string(text))
		default:
			field.SetString(fmt.Sprint(value))
		}
	}
	request.SetDomain(sdk.Domain)
	if err := sdk.DoAction(request, response); err != nil {
		return nil, err
	}
	// The reply as decoded by the SDK, by wire names.
	return asMap(response)
}
