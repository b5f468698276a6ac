// Package sdk tests the emulator with the SSM client of the 2021 version of Tencent Cloud's SDK for Go, unmodified.
package sdk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	tcerrors "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	ssm "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/ssm/v20190923"
	"kms-emulator/tests/sdk/go/emulator"
	"kms-emulator/tests/sdk/go/tencent"
)

func TestTypedClient(t *testing.T) {
	tencent.Run(t, connect, tencent.AllForms)
}

func TestTypedClientLacksExactlyTheListedMembers(t *testing.T) {
	typed, err := connect(tencent.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	tencent.LacksExactlyTheListedMembers(t, "tencentcloud-sdk-go v1.0.162", typed.(client))
}

func TestExamplePrintsEverySecret(t *testing.T) {
	tencent.ExamplePrintsEverySecret(t, "../../../../examples/sdk/go/tencent/ssm/main.go")
}

type client struct{ *ssm.Client }

func connect(s tencent.Settings) (tencent.Client, error) {
	settings := profile.NewClientProfile()
	settings.SignMethod, settings.Language = s.Sign, s.Language
	settings.HttpProfile.Endpoint, settings.HttpProfile.Scheme, settings.HttpProfile.ReqMethod = s.Host, s.Scheme(), s.Method
	typed, err := ssm.NewClient(common.NewCredential(s.ID, s.Key), s.Region, settings)
	if err == nil && s.Authority != "" {
		typed.WithHttpTransport(emulator.Trusting(s.Authority))
	}
	return client{typed}, err
}

func (client) Refusal(err error) (tencent.Refusal, bool) {
	var e *tcerrors.TencentCloudSDKError
	if !errors.As(err, &e) {
		return tencent.Refusal{}, false
	}
	return tencent.Refusal{Code: e.GetCode(), Message: e.GetMessage(), RequestID: e.GetRequestId()}, true
}

// newRequest has the constructors, because Go cannot find functions by name at run time.
var newRequest = map[string]any{
	"CreateSecret":         ssm.NewCreateSecretRequest,
	"DeleteSecret":         ssm.NewDeleteSecretRequest,
	"DeleteSecretVersion":  ssm.NewDeleteSecretVersionRequest,
	"DescribeSecret":       ssm.NewDescribeSecretRequest,
	"DisableSecret":        ssm.NewDisableSecretRequest,
	"EnableSecret":         ssm.NewEnableSecretRequest,
	"GetRegions":           ssm.NewGetRegionsRequest,
	"GetSecretValue":       ssm.NewGetSecretValueRequest,
	"GetServiceStatus":     ssm.NewGetServiceStatusRequest,
	"ListSecretVersionIds": ssm.NewListSecretVersionIdsRequest,
	"ListSecrets":          ssm.NewListSecretsRequest,
	"PutSecretValue":       ssm.NewPutSecretValueRequest,
	"RestoreSecret":        ssm.NewRestoreSecretRequest,
	"UpdateDescription":    ssm.NewUpdateDescriptionRequest,
	"UpdateSecret":         ssm.NewUpdateSecretRequest,
}

func (c client) Call(action string, parameters map[string]any) (map[string]any, error) {
	text, err := json.Marshal(parameters)
	if err != nil {
		return nil, err
	}
	if len(c.Lacks(action, parameters, nil)) > 0 {
		return c.callWithoutModel(action, text)
	}
	request := reflect.ValueOf(newRequest[action]).Call(nil)[0]
	// This fails for a parameter that the model does not have.
	if err := request.Interface().(interface{ FromJsonString(string) error }).FromJsonString(string(text)); err != nil {
		return nil, err
	}
	results := reflect.ValueOf(c.Client).MethodByName(action).Call([]reflect.Value{request})
	if err, _ := results[1].Interface().(error); err != nil {
		return nil, err
	}
	return wire(results[0].Elem().FieldByName("Response")).(map[string]any), nil
}

// wire converts a model back to the JSON values that it was read from. The SDK's own JSON omits empty lists.
func wire(value reflect.Value) any {
	switch value.Kind() {
	case reflect.Pointer:
		if value.IsNil() {
			return nil
		}
		return wire(value.Elem())
	case reflect.Struct:
		members := map[string]any{}
		for i := range value.NumField() {
			members[value.Type().Field(i).Tag.Get("name")] = wire(value.Field(i))
		}
		return members
	case reflect.Slice:
		if value.IsNil() {
			return nil
		}
		items := []any{}
		for i := range value.Len() {
			items = append(items, wire(value.Index(i)))
		}
		return items
	case reflect.Int64, reflect.Uint64:
		return json.Number(fmt.Sprint(value.Interface()))
	}
	return value.Interface()
}

// callWithoutModel calls with parameters that the model lacks.
func (c client) callWithoutModel(action string, parameters []byte) (map[string]any, error) {
	request := &request{BaseRequest: &tchttp.BaseRequest{}}
	request.Init().WithApiInfo("ssm", ssm.APIVersion, action)
	decoder := json.NewDecoder(bytes.NewReader(parameters))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(request); err != nil {
		return nil, err
	}
	response := &response{BaseResponse: &tchttp.BaseResponse{}}
	if err := c.Send(request, response); err != nil {
		return nil, err
	}
	var reply map[string]any
	err := tencent.Decode(response.Response, &reply)
	return reply, err
}

type request struct {
	*tchttp.BaseRequest

	SecretName        *string       `json:"SecretName,omitempty" name:"SecretName"`
	VersionId         *string       `json:"VersionId,omitempty" name:"VersionId"`
	SecretString      *string       `json:"SecretString,omitempty" name:"SecretString"`
	Tags              []*ssm.Tag    `json:"Tags,omitempty" name:"Tags"`
	EncryptType       *uint64       `json:"EncryptType,omitempty" name:"EncryptType"`
	SearchSecretName  *string       `json:"SearchSecretName,omitempty" name:"SearchSecretName"`
	SecretType        *uint64       `json:"SecretType,omitempty" name:"SecretType"`
	ProductName       *string       `json:"ProductName,omitempty" name:"ProductName"`
	UserNamePrefix    *string       `json:"UserNamePrefix,omitempty" name:"UserNamePrefix"`
	InstanceID        *string       `json:"InstanceID,omitempty" name:"InstanceID"`
	Domains           []*string     `json:"Domains,omitempty" name:"Domains"`
	PrivilegesList    []*privileges `json:"PrivilegesList,omitempty" name:"PrivilegesList"`
	EnableRotation    *bool         `json:"EnableRotation,omitempty" name:"EnableRotation"`
	RotationBeginTime *string       `json:"RotationBeginTime,omitempty" name:"RotationBeginTime"`
	RotationFrequency *int64        `json:"RotationFrequency,omitempty" name:"RotationFrequency"`
	Frequency         *int64        `json:"Frequency,omitempty" name:"Frequency"`
	FlowID            *int64        `json:"FlowID,omitempty" name:"FlowID"`
	AdditionalConfig  *string       `json:"AdditionalConfig,omitempty" name:"AdditionalConfig"`
	ProjectId         *int64        `json:"ProjectId,omitempty" name:"ProjectId"`
	SSHKeyName        *string       `json:"SSHKeyName,omitempty" name:"SSHKeyName"`
	PayMode           *string       `json:"PayMode,omitempty" name:"PayMode"`
	ClientToken       *string       `json:"ClientToken,omitempty" name:"ClientToken"`
}

type privileges struct {
	PrivilegeName *string   `json:"PrivilegeName,omitempty" name:"PrivilegeName"`
	Database      *string   `json:"Database,omitempty" name:"Database"`
	Privileges    []*string `json:"Privileges,omitempty" name:"Privileges"`
}

type response struct {
	*tchttp.BaseResponse
	Response json.RawMessage
}

func (c client) Lacks(action string, parameters, reply map[string]any) []string {
	method := reflect.ValueOf(c.Client).MethodByName(action)
	if !method.IsValid() {
		return []string{action}
	}
	response, _ := method.Type().Out(0).Elem().FieldByName("Response")
	return append(lacked(method.Type().In(0), action, parameters), lacked(response.Type, action, reply)...)
}

// lacked returns the paths of the members of a value that a model does not have.
func lacked(model reflect.Type, path string, value any) (names []string) {
	for model.Kind() == reflect.Pointer || model.Kind() == reflect.Slice {
		model = model.Elem()
	}
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			path := path + "." + name
			if field, ok := model.FieldByName(name); ok {
				names = append(names, lacked(field.Type, path, member)...)
			} else {
				names = append(names, path)
			}
		}
	case []any:
		for _, item := range value {
			names = append(names, lacked(model, path, item)...)
		}
	}
	return names
}

func TestGeneratedProgramsRun(t *testing.T) {
	host := os.Getenv("KMS_EMULATOR_STRICT")
	emulator.GeneratedProgramsRun(t, host, "tencent", "../../generated_calls.json", map[string]string{
		"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/ssm":    ".",
		"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common": "../tencent_common",
	})
}
