// Package kmsemulator runs kms-emulator, a local emulator of Alibaba Cloud KMS and Tencent Cloud SSM, in tests.
//
// [Start] starts a server for a test and stops it after the test. [Emulator.Tenant] creates an account for a test, with
// its own access key and clock, so tests with a tenant each can run in parallel:
//
//	func TestRetry(t *testing.T) {
//		t.Parallel()
//		tenant := kmsemulator.Start(t).Tenant(t)
//		tenant.Secrets(map[string]string{"db": "hunter2"})
//		tenant.Fault(kmsemulator.FaultRule{
//			Match: kmsemulator.FaultMatch{Action: "GetSecretValue"},
//			Error: "Rejected.Throttling",
//			Times: 1,
//		})
//		// An SDK client for tenant.Endpoint(), with tenant.AccessKeyID and tenant.AccessKeySecret.
//	}
//
// A server starts in some milliseconds. To share one among the tests of a package, start it with [Launch] in TestMain.
//
// # The server
//
// If the environment variable KMS_EMULATOR_ENDPOINT has an address such as http://127.0.0.1:8080, the server that already
// listens there is used, with the token KMS_EMULATOR_CONTROL_TOKEN for its control API. Otherwise the program
// kms-emulator is started: the one of [WithBinary], else of the environment variable KMS_EMULATOR_BIN, else of PATH. The
// module kms-emulator/packages/go/container starts the container image instead.
//
// A server that was started stops when the test process ends, even if that is killed.
package kmsemulator

// Version is the version of kms-emulator that this package belongs to.
const Version = "0.1.0"
