module kms-emulator/tests/clients/go/seal

go 1.24

replace (
	kms-emulator/packages/go => ../../../../packages/go
	kms-emulator/tests/sdk/go/emulator => ../../../sdk/go/emulator
)

require (
	github.com/aliyun/alibaba-cloud-sdk-go v1.61.1800
	github.com/hashicorp/go-kms-wrapping/v2 v2.0.17
	github.com/hashicorp/go-kms-wrapping/wrappers/alicloudkms/v2 v2.0.4
	kms-emulator/packages/go v0.0.0-00010101000000-000000000000
	kms-emulator/tests/sdk/go/emulator v0.0.0-00010101000000-000000000000
)

require (
	github.com/hashicorp/go-secure-stdlib/parseutil v0.1.9 // indirect
	github.com/hashicorp/go-secure-stdlib/strutil v0.1.2 // indirect
	github.com/hashicorp/go-sockaddr v1.0.6 // indirect
	github.com/hashicorp/go-uuid v1.0.3 // indirect
	github.com/jmespath/go-jmespath v0.3.0 // indirect
	github.com/json-iterator/go v1.1.9 // indirect
	github.com/mitchellh/mapstructure v1.5.0 // indirect
	github.com/modern-go/concurrent v0.0.0-20180306012644-bacd9c7ef1dd // indirect
	github.com/modern-go/reflect2 v1.0.1 // indirect
	github.com/ryanuber/go-glob v1.0.0 // indirect
	google.golang.org/protobuf v1.33.0 // indirect
	gopkg.in/ini.v1 v1.66.2 // indirect
)
