// Package sdk tests the emulator with the generic client of Tencent Cloud's current SDK for Go, unmodified.
package sdk

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	tcerrors "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	"kms-emulator/tests/sdk/go/emulator"
	"kms-emulator/tests/sdk/go/tencent"
)

// serviceOf returns the product and the version of the service that has an operation.
func serviceOf(action string) (service, version string) {
	switch {
	case strings.Contains(action, "ResourceTag"):
		return "tag", "2018-08-13"
	case strings.HasPrefix(action, "AssumeRole"), action == "GetCallerIdentity", action == "GetFederationToken":
		return "sts", "2018-08-13"
	}
	return "ssm", "2019-09-23"
}

// The SDK's CommonRequest sends its parameters only with a TC3 POST; with other methods it drops them.
func TestCommonRequest(t *testing.T) {
	connect := func(s tencent.Settings) (tencent.Client, error) { return commonRequests{connect(s)}, nil }
	tencent.Run(t, connect, []tencent.Form{{Sign: "TC3-HMAC-SHA256", Method: "POST"}})
}

func TestModelledRequest(t *testing.T) {
	connect := func(s tencent.Settings) (tencent.Client, error) { return modelledRequests{connect(s)}, nil }
	tencent.Run(t, connect, tencent.AllForms)
}

func TestExamplePrintsEverySecret(t *testing.T) {
	tencent.ExamplePrintsEverySecret(t, "../../../../examples/sdk/go/tencent/common/main.go")
}

type client struct{ *common.Client }

func connect(s tencent.Settings) client {
	settings := profile.NewClientProfile()
	settings.SignMethod, settings.Language = s.Sign, s.Language
	settings.HttpProfile.Endpoint, settings.HttpProfile.Scheme, settings.HttpProfile.ReqMethod = s.Host, s.Scheme(), s.Method
	generic := common.NewCommonClient(common.NewCredential(s.ID, s.Key), s.Region, settings)
	if s.Authority != "" {
		generic.WithHttpTransport(emulator.Trusting(s.Authority))
	}
	return client{generic}
}

func (client) Refusal(err error) (tencent.Refusal, bool) {
	var e *tcerrors.TencentCloudSDKError
	if !errors.As(err, &e) {
		return tencent.Refusal{}, false
	}
	return tencent.Refusal{Code: e.GetCode(), Message: e.GetMessage(), RequestID: e.GetRequestId()}, true
}

type commonRequests struct{ client }

func (c commonRequests) Call(action string, parameters map[string]any) (map[string]any, error) {
	text, err := json.Marshal(parameters)
	if err != nil {
		return nil, err
	}
	service, version := serviceOf(action)
	request := tchttp.NewCommonRequest(service, version, action)
	if err := request.SetActionParameters(text); err != nil {
		return nil, err
	}
	response := tchttp.NewCommonResponse()
	if err := c.Send(request, response); err != nil {
		return nil, err
	}
	var body struct{ Response map[string]any }
	err = tencent.Decode(response.GetBody(), &body)
	return body.Response, err
}

type modelledRequests struct{ client }

func (c modelledRequests) Call(action string, parameters map[string]any) (map[string]any, error) {
	request := &request{BaseRequest: &tchttp.BaseRequest{}}
	service, version := serviceOf(action)
	request.Init().WithApiInfo(service, version, action)
	text, err := json.Marshal(parameters)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(request); err != nil {
		return nil, err
	}
	response := &response{BaseResponse: &tchttp.BaseResponse{}}
	if err := c.Send(request, response); err != nil {
		return nil, err
	}
	var reply map[string]any
	err = tencent.Decode(response.Response, &reply)
	return reply, err
}

// request is a model for all actions. It has the structure of the SDK's models, so the SDK flattens it likewise.
type request struct {
	*tchttp.BaseRequest

	SecretName           *string       `json:"SecretName,omitempty" name:"SecretName"`
	VersionId            *string       `json:"VersionId,omitempty" name:"VersionId"`
	Description          *string       `json:"Description,omitempty" name:"Description"`
	SecretBinary         *string       `json:"SecretBinary,omitempty" name:"SecretBinary"`
	SecretString         *string       `json:"SecretString,omitempty" name:"SecretString"`
	Tags                 []*tag        `json:"Tags,omitempty" name:"Tags"`
	EncryptType          *uint64       `json:"EncryptType,omitempty" name:"EncryptType"`
	RecoveryWindowInDays *uint64       `json:"RecoveryWindowInDays,omitempty" name:"RecoveryWindowInDays"`
	Offset               *uint64       `json:"Offset,omitempty" name:"Offset"`
	Limit                *uint64       `json:"Limit,omitempty" name:"Limit"`
	OrderType            *uint64       `json:"OrderType,omitempty" name:"OrderType"`
	State                *uint64       `json:"State,omitempty" name:"State"`
	SearchSecretName     *string       `json:"SearchSecretName,omitempty" name:"SearchSecretName"`
	TagFilters           []*tagFilter  `json:"TagFilters,omitempty" name:"TagFilters"`
	SecretType           *uint64       `json:"SecretType,omitempty" name:"SecretType"`
	ProductName          *string       `json:"ProductName,omitempty" name:"ProductName"`
	UserNamePrefix       *string       `json:"UserNamePrefix,omitempty" name:"UserNamePrefix"`
	InstanceID           *string       `json:"InstanceID,omitempty" name:"InstanceID"`
	Domains              []*string     `json:"Domains,omitempty" name:"Domains"`
	PrivilegesList       []*privileges `json:"PrivilegesList,omitempty" name:"PrivilegesList"`
	EnableRotation       *bool         `json:"EnableRotation,omitempty" name:"EnableRotation"`
	RotationBeginTime    *string       `json:"RotationBeginTime,omitempty" name:"RotationBeginTime"`
	RotationFrequency    *int64        `json:"RotationFrequency,omitempty" name:"RotationFrequency"`
	Frequency            *int64        `json:"Frequency,omitempty" name:"Frequency"`
	FlowID               *int64        `json:"FlowID,omitempty" name:"FlowID"`
	AdditionalConfig     *string       `json:"AdditionalConfig,omitempty" name:"AdditionalConfig"`
	ProjectId            *int64        `json:"ProjectId,omitempty" name:"ProjectId"`
	SSHKeyName           *string       `json:"SSHKeyName,omitempty" name:"SSHKeyName"`
	PayMode              *string       `json:"PayMode,omitempty" name:"PayMode"`
	ClientToken          *string       `json:"ClientToken,omitempty" name:"ClientToken"`
	Resource             *string       `json:"Resource,omitempty" name:"Resource"`
	TagKey               *string       `json:"TagKey,omitempty" name:"TagKey"`
	TagValue             *string       `json:"TagValue,omitempty" name:"TagValue"`
	ReplaceTags          []*tag        `json:"ReplaceTags,omitempty" name:"ReplaceTags"`
	DeleteTags           []*tag        `json:"DeleteTags,omitempty" name:"DeleteTags"`
	ServiceType          *string       `json:"ServiceType,omitempty" name:"ServiceType"`
	ResourcePrefix       *string       `json:"ResourcePrefix,omitempty" name:"ResourcePrefix"`
	ResourceRegion       *string       `json:"ResourceRegion,omitempty" name:"ResourceRegion"`
	ResourceIds          []*string     `json:"ResourceIds,omitempty" name:"ResourceIds"`
	ResourceId           *string       `json:"ResourceId,omitempty" name:"ResourceId"`
	RoleArn              *string       `json:"RoleArn,omitempty" name:"RoleArn"`
	RoleSessionName      *string       `json:"RoleSessionName,omitempty" name:"RoleSessionName"`
	DurationSeconds      *int64        `json:"DurationSeconds,omitempty" name:"DurationSeconds"`
	ProviderId           *string       `json:"ProviderId,omitempty" name:"ProviderId"`
	WebIdentityToken     *string       `json:"WebIdentityToken,omitempty" name:"WebIdentityToken"`
	Name                 *string       `json:"Name,omitempty" name:"Name"`
	Policy               *string       `json:"Policy,omitempty" name:"Policy"`
}

type privileges struct {
	PrivilegeName *string   `json:"PrivilegeName,omitempty" name:"PrivilegeName"`
	Database      *string   `json:"Database,omitempty" name:"Database"`
	Privileges    []*string `json:"Privileges,omitempty" name:"Privileges"`
}

type tag struct {
	TagKey   *string `json:"TagKey,omitempty" name:"TagKey"`
	TagValue *string `json:"TagValue,omitempty" name:"TagValue"`
}

type tagFilter struct {
	TagKey   *string   `json:"TagKey,omitempty" name:"TagKey"`
	TagValue []*string `json:"TagValue,omitempty" name:"TagValue"`
}

type response struct {
	*tchttp.BaseResponse
	Response json.RawMessage
}
