//go:build rrsa

package externalsecrets

import (
	"context"
	"os"
	"testing"

	esv1 "github.com/external-secrets/external-secrets/apis/externalsecrets/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	kubernetes "sigs.k8s.io/controller-runtime/pkg/client/fake"
)

// The requests to STS ignore HTTPS_PROXY, so this test is run in the network of the suite of credentials.
func TestRoleOfAPodReadsASecret(t *testing.T) {
	store := &esv1.SecretStore{
		TypeMeta: metav1.TypeMeta{Kind: esv1.SecretStoreKind},
		Spec: esv1.SecretStoreSpec{Provider: &esv1.SecretStoreProvider{Alibaba: &esv1.AlibabaProvider{
			RegionID: "cn-hangzhou",
			Auth: esv1.AlibabaAuth{RRSAAuth: &esv1.AlibabaRRSAAuth{
				OIDCProviderARN:   os.Getenv("ALIBABA_CLOUD_OIDC_PROVIDER_ARN"),
				OIDCTokenFilePath: os.Getenv("ALIBABA_CLOUD_OIDC_TOKEN_FILE"),
				RoleARN:           os.Getenv("ALIBABA_CLOUD_ROLE_ARN"),
				SessionName:       os.Getenv("ALIBABA_CLOUD_ROLE_SESSION_NAME"),
			}},
		}}},
	}
	provider, err := esv1.GetProvider(store)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.ValidateStore(store); err != nil {
		t.Fatal(err)
	}
	client, err := provider.NewClient(context.Background(), store, kubernetes.NewClientBuilder().Build(), "default")
	if err != nil {
		t.Fatal(err)
	}
	// A secret of the seed.
	expect(t, client, esv1.ExternalSecretDataRemoteRef{Key: "shop/db/password"}, "correct horse battery staple")
}
