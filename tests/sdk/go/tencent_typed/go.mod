module kms-emulator/tests/sdk/go/tencent_typed

go 1.24

require (
	github.com/tencentcloud/tencentcloud-sdk-go v1.0.162
	kms-emulator/tests/sdk/go/emulator v0.0.0
	kms-emulator/tests/sdk/go/tencent v0.0.0
)

replace (
	kms-emulator/tests/sdk/go/emulator => ../emulator
	kms-emulator/tests/sdk/go/tencent => ../tencent
)
