package sdk

import (
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/responses"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/kms"
)

// constructors creates the request and the response of an operation.
type constructors func() (requests.AcsRequest, responses.AcsResponse)

func constructorsOf[Q requests.AcsRequest, R responses.AcsResponse](request func() Q, response func() R) constructors {
	return func() (requests.AcsRequest, responses.AcsResponse) { return request(), response() }
}

// classicCalls has the constructors of the classic SDK, because Go cannot find functions by name at run time. GetKmsInstance is
// missing: there VswitchIds and ZoneIds are texts, so the SDK cannot decode the lists that the vendor documents.
var classicCalls = map[string]constructors{
	"AsymmetricDecrypt":               constructorsOf(kms.CreateAsymmetricDecryptRequest, kms.CreateAsymmetricDecryptResponse),
	"AsymmetricEncrypt":               constructorsOf(kms.CreateAsymmetricEncryptRequest, kms.CreateAsymmetricEncryptResponse),
	"AsymmetricSign":                  constructorsOf(kms.CreateAsymmetricSignRequest, kms.CreateAsymmetricSignResponse),
	"AsymmetricVerify":                constructorsOf(kms.CreateAsymmetricVerifyRequest, kms.CreateAsymmetricVerifyResponse),
	"CancelKeyDeletion":               constructorsOf(kms.CreateCancelKeyDeletionRequest, kms.CreateCancelKeyDeletionResponse),
	"CreateAlias":                     constructorsOf(kms.CreateCreateAliasRequest, kms.CreateCreateAliasResponse),
	"CreateKey":                       constructorsOf(kms.CreateCreateKeyRequest, kms.CreateCreateKeyResponse),
	"CreateKeyVersion":                constructorsOf(kms.CreateCreateKeyVersionRequest, kms.CreateCreateKeyVersionResponse),
	"CreateSecret":                    constructorsOf(kms.CreateCreateSecretRequest, kms.CreateCreateSecretResponse),
	"Decrypt":                         constructorsOf(kms.CreateDecryptRequest, kms.CreateDecryptResponse),
	"DeleteAlias":                     constructorsOf(kms.CreateDeleteAliasRequest, kms.CreateDeleteAliasResponse),
	"DeleteKeyMaterial":               constructorsOf(kms.CreateDeleteKeyMaterialRequest, kms.CreateDeleteKeyMaterialResponse),
	"DeleteSecret":                    constructorsOf(kms.CreateDeleteSecretRequest, kms.CreateDeleteSecretResponse),
	"DescribeAccountKmsStatus":        constructorsOf(kms.CreateDescribeAccountKmsStatusRequest, kms.CreateDescribeAccountKmsStatusResponse),
	"DescribeKey":                     constructorsOf(kms.CreateDescribeKeyRequest, kms.CreateDescribeKeyResponse),
	"DescribeKeyVersion":              constructorsOf(kms.CreateDescribeKeyVersionRequest, kms.CreateDescribeKeyVersionResponse),
	"DescribeRegions":                 constructorsOf(kms.CreateDescribeRegionsRequest, kms.CreateDescribeRegionsResponse),
	"DescribeSecret":                  constructorsOf(kms.CreateDescribeSecretRequest, kms.CreateDescribeSecretResponse),
	"DisableKey":                      constructorsOf(kms.CreateDisableKeyRequest, kms.CreateDisableKeyResponse),
	"EnableKey":                       constructorsOf(kms.CreateEnableKeyRequest, kms.CreateEnableKeyResponse),
	"Encrypt":                         constructorsOf(kms.CreateEncryptRequest, kms.CreateEncryptResponse),
	"ExportDataKey":                   constructorsOf(kms.CreateExportDataKeyRequest, kms.CreateExportDataKeyResponse),
	"GenerateAndExportDataKey":        constructorsOf(kms.CreateGenerateAndExportDataKeyRequest, kms.CreateGenerateAndExportDataKeyResponse),
	"GenerateDataKey":                 constructorsOf(kms.CreateGenerateDataKeyRequest, kms.CreateGenerateDataKeyResponse),
	"GenerateDataKeyWithoutPlaintext": constructorsOf(kms.CreateGenerateDataKeyWithoutPlaintextRequest, kms.CreateGenerateDataKeyWithoutPlaintextResponse),
	"GetKeyPolicy":                    constructorsOf(kms.CreateGetKeyPolicyRequest, kms.CreateGetKeyPolicyResponse),
	"GetParametersForImport":          constructorsOf(kms.CreateGetParametersForImportRequest, kms.CreateGetParametersForImportResponse),
	"GetPublicKey":                    constructorsOf(kms.CreateGetPublicKeyRequest, kms.CreateGetPublicKeyResponse),
	"GetRandomPassword":               constructorsOf(kms.CreateGetRandomPasswordRequest, kms.CreateGetRandomPasswordResponse),
	"GetSecretPolicy":                 constructorsOf(kms.CreateGetSecretPolicyRequest, kms.CreateGetSecretPolicyResponse),
	"GetSecretValue":                  constructorsOf(kms.CreateGetSecretValueRequest, kms.CreateGetSecretValueResponse),
	"ImportKeyMaterial":               constructorsOf(kms.CreateImportKeyMaterialRequest, kms.CreateImportKeyMaterialResponse),
	"ListAliases":                     constructorsOf(kms.CreateListAliasesRequest, kms.CreateListAliasesResponse),
	"ListAliasesByKeyId":              constructorsOf(kms.CreateListAliasesByKeyIdRequest, kms.CreateListAliasesByKeyIdResponse),
	"ListKeyVersions":                 constructorsOf(kms.CreateListKeyVersionsRequest, kms.CreateListKeyVersionsResponse),
	"ListKeys":                        constructorsOf(kms.CreateListKeysRequest, kms.CreateListKeysResponse),
	"ListKmsInstances":                constructorsOf(kms.CreateListKmsInstancesRequest, kms.CreateListKmsInstancesResponse),
	"ListResourceTags":                constructorsOf(kms.CreateListResourceTagsRequest, kms.CreateListResourceTagsResponse),
	"ListSecretVersionIds":            constructorsOf(kms.CreateListSecretVersionIdsRequest, kms.CreateListSecretVersionIdsResponse),
	"ListSecrets":                     constructorsOf(kms.CreateListSecretsRequest, kms.CreateListSecretsResponse),
	"ListTagResources":                constructorsOf(kms.CreateListTagResourcesRequest, kms.CreateListTagResourcesResponse),
	"OpenKmsService":                  constructorsOf(kms.CreateOpenKmsServiceRequest, kms.CreateOpenKmsServiceResponse),
	"PutSecretValue":                  constructorsOf(kms.CreatePutSecretValueRequest, kms.CreatePutSecretValueResponse),
	"ReEncrypt":                       constructorsOf(kms.CreateReEncryptRequest, kms.CreateReEncryptResponse),
	"RestoreSecret":                   constructorsOf(kms.CreateRestoreSecretRequest, kms.CreateRestoreSecretResponse),
	"RotateSecret":                    constructorsOf(kms.CreateRotateSecretRequest, kms.CreateRotateSecretResponse),
	"ScheduleKeyDeletion":             constructorsOf(kms.CreateScheduleKeyDeletionRequest, kms.CreateScheduleKeyDeletionResponse),
	"SetDeletionProtection":           constructorsOf(kms.CreateSetDeletionProtectionRequest, kms.CreateSetDeletionProtectionResponse),
	"SetKeyPolicy":                    constructorsOf(kms.CreateSetKeyPolicyRequest, kms.CreateSetKeyPolicyResponse),
	"SetSecretPolicy":                 constructorsOf(kms.CreateSetSecretPolicyRequest, kms.CreateSetSecretPolicyResponse),
	"TagResource":                     constructorsOf(kms.CreateTagResourceRequest, kms.CreateTagResourceResponse),
	"TagResources":                    constructorsOf(kms.CreateTagResourcesRequest, kms.CreateTagResourcesResponse),
	"UntagResource":                   constructorsOf(kms.CreateUntagResourceRequest, kms.CreateUntagResourceResponse),
	"UntagResources":                  constructorsOf(kms.CreateUntagResourcesRequest, kms.CreateUntagResourcesResponse),
	"UpdateAlias":                     constructorsOf(kms.CreateUpdateAliasRequest, kms.CreateUpdateAliasResponse),
	"UpdateKeyDescription":            constructorsOf(kms.CreateUpdateKeyDescriptionRequest, kms.CreateUpdateKeyDescriptionResponse),
	"UpdateRotationPolicy":            constructorsOf(kms.CreateUpdateRotationPolicyRequest, kms.CreateUpdateRotationPolicyResponse),
	"UpdateSecret":                    constructorsOf(kms.CreateUpdateSecretRequest, kms.CreateUpdateSecretResponse),
	"UpdateSecretRotationPolicy":      constructorsOf(kms.CreateUpdateSecretRotationPolicyRequest, kms.CreateUpdateSecretRotationPolicyResponse),
	"UpdateSecretVersionStage":        constructorsOf(kms.CreateUpdateSecretVersionStageRequest, kms.CreateUpdateSecretVersionStageResponse),
}
