module kms-emulator/tests/sdk/go/emulator

go 1.24
