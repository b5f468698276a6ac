package tencent

import "testing"

const signatureFailure = "The provided credentials could not be validated. Please check your signature is correct."

func isRejected(t *testing.T, connect Connect, settings Settings) {
	region := "Region" // the name in the error message; TC3 has the region in a header
	if settings.Sign == "TC3-HMAC-SHA256" {
		region = "X-TC-Region"
	}
	cases := []struct {
		name          string
		with          func(*Settings)
		code, message string
	}{
		{"with_a_wrong_key", func(s *Settings) { s.Key = "wrong" }, "AuthFailure.SignatureFailure", signatureFailure},
		{"in_Chinese", func(s *Settings) { s.Key, s.Language = "wrong", "zh-CN" }, "AuthFailure.SignatureFailure",
			"请求签名验证失败，请检查您的签名计算是否正确。"},
		{"with_an_unknown_key_id", func(s *Settings) { s.ID = "unknown" }, "AuthFailure.SecretIdNotFound",
			"The SecretId is not found, please ensure that your SecretId is correct."},
		{"in_an_unknown_region", func(s *Settings) { s.Region = "ap-nowhere" }, "InvalidParameterValue",
			"A value specified in `" + region + "` is not valid, is unsupported, or cannot be used."},
	}
	for _, refusal := range cases {
		t.Run(refusal.name, func(t *testing.T) {
			settings := settings
			refusal.with(&settings)
			client := dial(t, connect, settings)
			_, err := client.Call("ListSecrets", map[string]any{})
			if wrong := refused(client, err, refusal.code, refusal.message); wrong != "" {
				t.Error(wrong)
			}
		})
	}
}
