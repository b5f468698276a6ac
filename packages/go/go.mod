module kms-emulator/packages/go

go 1.24
