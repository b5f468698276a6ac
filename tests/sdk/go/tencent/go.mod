module kms-emulator/tests/sdk/go/tencent

go 1.24

require kms-emulator/tests/sdk/go/emulator v0.0.0

replace kms-emulator/tests/sdk/go/emulator => ../emulator
