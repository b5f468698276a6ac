package sdk

import (
	"testing"

	"kms-emulator/tests/sdk/go/emulator"
)

func TestGeneratedProgramsRun(t *testing.T) {
	emulator.GeneratedProgramsRun(t, address(t, "KMS_EMULATOR_STRICT"), "alibaba", "../generated_calls.json", map[string]string{
		"github.com/alibabacloud-go/kms-20160120/v3": ".",
	})
}
