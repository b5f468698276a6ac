package sdk

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	teakms "github.com/alibabacloud-go/kms-20160120/v3/client"
	"github.com/alibabacloud-go/tea/tea"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	sdkerrors "github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	classickms "github.com/aliyun/alibaba-cloud-sdk-go/services/kms"
	"kms-emulator/tests/sdk/go/emulator"
)

// client is the interface of the tests to an SDK, so that all SDKs run the same tests.
type client interface {
	listSecrets(query) (page, error)
	listPolicies() error
	// refusal converts the SDK's own error type, and fails for any other error.
	refusal(error) (refusal, error)
}

// query has the parameters of ListSecrets; zero values are not sent.
type query struct {
	number, size       int
	filters, fetchTags string
}

type page struct {
	secrets             []secret
	number, size, total int
	requestID, headerID string // of the body and of the reply header x-acs-request-id
}

type secret struct {
	name, kind, created, updated, plannedDelete, owingService string
	tags                                                      []string // key=value; nil when the reply has no Tags
}

type refusal struct {
	status                   int
	code, message, requestID string
}

// access is the address and access key of a client. With a trusted authority, the client uses https.
type access struct{ host, id, secret, authority string }

type connect func(access) (client, error)

var sdks = []struct {
	name         string
	connect      connect
	owingService bool // whether the SDK's model has the field
}{
	{"kms-20160120_signing_ACS3", teaClient(openapi.Config{}), true},
	{"kms-20160120_signing_ACS3_with_SM3", teaClient(openapi.Config{SignatureAlgorithm: tea.String("ACS3-HMAC-SM3")}), true},
	{"kms-20160120_signing_V1", teaClient(openapi.Config{SignatureAlgorithm: tea.String("v2")}), true},
	{"kms-20160120_signing_ACS4", teaClient(openapi.Config{SignatureVersion: tea.String("v4")}), true},
	{"kms-20160120_signing_ACS4_with_SM3", teaClient(openapi.Config{SignatureVersion: tea.String("v4"), SignatureAlgorithm: tea.String("ACS4-HMAC-SM3")}), true},
	{"alibaba-cloud-sdk-go_signing_V1", classicClient("JSON"), false},
}

// teaSDK is the current generation: kms-20160120 on darabonba-openapi.
type teaSDK struct{ *teakms.Client }

func teaClient(config openapi.Config) connect {
	return func(a access) (client, error) {
		config := config // the SDK keeps the pointer
		config.SetEndpoint(a.host).SetProtocol("HTTP").SetAccessKeyId(a.id).SetAccessKeySecret(a.secret)
		if a.authority != "" {
			config.SetProtocol("HTTPS").SetCa(a.authority)
		}
		sdk, err := teakms.NewClient(&config)
		return teaSDK{sdk}, err
	}
}

func (sdk teaSDK) listSecrets(q query) (page, error) {
	request := &teakms.ListSecretsRequest{
		PageNumber: given(int32(q.number)), PageSize: given(int32(q.size)),
		Filters: given(q.filters), FetchTags: given(q.fetchTags),
	}
	reply, err := sdk.ListSecrets(request)
	if err != nil {
		return page{}, err
	}
	body := reply.Body
	result := page{
		number: int(tea.Int32Value(body.PageNumber)), size: int(tea.Int32Value(body.PageSize)),
		total:     int(tea.Int32Value(body.TotalCount)),
		requestID: tea.StringValue(body.RequestId), headerID: tea.StringValue(reply.Headers["x-acs-request-id"]),
	}
	for _, s := range body.SecretList.Secret {
		one := secret{
			name: tea.StringValue(s.SecretName), kind: tea.StringValue(s.SecretType),
			created: tea.StringValue(s.CreateTime), updated: tea.StringValue(s.UpdateTime),
			plannedDelete: tea.StringValue(s.PlannedDeleteTime), owingService: tea.StringValue(s.OwingService),
		}
		if s.Tags != nil {
			one.tags = []string{}
			for _, tag := range s.Tags.Tag {
				one.tags = append(one.tags, tea.StringValue(tag.TagKey)+"="+tea.StringValue(tag.TagValue))
			}
		}
		result.secrets = append(result.secrets, one)
	}
	return result, nil
}

func (sdk teaSDK) listPolicies() error {
	_, err := sdk.ListPolicies(&teakms.ListPoliciesRequest{})
	return err
}

func (teaSDK) refusal(err error) (refusal, error) {
	var e *tea.SDKError
	if !errors.As(err, &e) {
		return refusal{}, fmt.Errorf("want *tea.SDKError, got %T: %v", err, err)
	}
	var data struct{ RequestId string } // the SDK returns the body of the reply as JSON
	if err := json.Unmarshal([]byte(tea.StringValue(e.Data)), &data); err != nil {
		return refusal{}, err
	}
	// The SDK adds the status before the server's message and the request id after it. With ACS4 it prints
	// a pointer instead of the id, so only the words around them are matched.
	status := tea.IntValue(e.StatusCode)
	message := strings.TrimPrefix(tea.StringValue(e.Message), fmt.Sprintf("code: %d, ", status))
	message, _, _ = strings.Cut(message, " request id: ")
	return refusal{status, tea.StringValue(e.Code), message, data.RequestId}, nil
}

// given returns nil for a zero value, which omits it from the request.
func given[T comparable](value T) *T {
	var zero T
	if value == zero {
		return nil
	}
	return &value
}

// classicSDK is the previous generation: alibaba-cloud-sdk-go.
type classicSDK struct {
	*classickms.Client
	format string
}

func classicClient(format string) connect {
	return func(a access) (client, error) {
		config := sdk.NewConfig() // plain HTTP is this SDK's default
		if a.authority != "" {
			config.WithScheme("HTTPS").Transport = emulator.Trusting(a.authority)
		}
		key := credentials.NewAccessKeyCredential(a.id, a.secret)
		sdk, err := classickms.NewClientWithOptions("cn-hangzhou", config, key)
		if err == nil {
			sdk.Domain = a.host
		}
		return classicSDK{sdk, format}, err
	}
}

func (sdk classicSDK) listSecrets(q query) (page, error) {
	request := classickms.CreateListSecretsRequest()
	request.AcceptFormat = sdk.format
	if q.number != 0 {
		request.PageNumber = requests.NewInteger(q.number)
	}
	if q.size != 0 {
		request.PageSize = requests.NewInteger(q.size)
	}
	request.Filters, request.FetchTags = q.filters, q.fetchTags
	reply, err := sdk.ListSecrets(request)
	if err != nil {
		return page{}, err
	}
	result := page{
		number: reply.PageNumber, size: reply.PageSize, total: reply.TotalCount,
		requestID: reply.RequestId, headerID: strings.Join(reply.GetHttpHeaders()["X-Acs-Request-Id"], ","),
	}
	for _, s := range reply.SecretList.Secret {
		one := secret{
			name: s.SecretName, kind: s.SecretType, created: s.CreateTime, updated: s.UpdateTime,
			plannedDelete: s.PlannedDeleteTime,
		}
		if s.Tags.Tag != nil {
			one.tags = []string{}
			for _, tag := range s.Tags.Tag {
				one.tags = append(one.tags, tag.TagKey+"="+tag.TagValue)
			}
		}
		result.secrets = append(result.secrets, one)
	}
	return result, nil
}

func (sdk classicSDK) listPolicies() error {
	_, err := sdk.ListPolicies(classickms.CreateListPoliciesRequest())
	return err
}

func (classicSDK) refusal(err error) (refusal, error) {
	var e *sdkerrors.ServerError
	if !errors.As(err, &e) {
		return refusal{}, fmt.Errorf("want *errors.ServerError, got %T: %v", err, err)
	}
	return refusal{e.HttpStatus(), e.ErrorCode(), e.Message(), e.RequestId()}, nil
}
