module kms-emulator/tests/sdk/go/tencent

go 1.24
