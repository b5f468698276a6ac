package tencent

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
)

// seed is the default list, newest first.
var seed = []string{
	"shop-legacy-token", "payment-api-cert", "payment-api-key", "mail-relay", "shop-db-readonly", "shop-db-password",
}

// A list call, the expected names, and the expected total of all pages.
type list struct {
	name       string
	parameters map[string]any
	want       []string
	total      string
}

func lists(t *testing.T, client Client) {
	tag := func(key string, values ...any) any { return map[string]any{"TagKey": key, "TagValue": values} }
	listsPages(t, client)
	assertLists(t, client, []list{
		{"newest_first", map[string]any{}, seed, "6"},
		{"oldest_first", map[string]any{"OrderType": 1}, reversed(seed), "6"},
		{"disabled", map[string]any{"State": 2}, []string{"shop-db-readonly"}, "1"},
		{"pending_deletion", map[string]any{"State": 3}, []string{"shop-legacy-token"}, "1"},
		{"by_part_of_the_name", map[string]any{"SearchSecretName": "shop-db"},
			[]string{"shop-db-readonly", "shop-db-password"}, "2"},
		{"with_both_tags", map[string]any{"TagFilters": []any{tag("env", "prod"), tag("team", "shop")}},
			[]string{"shop-db-password"}, "1"},
		{"with_one_of_two_values_of_a_tag", map[string]any{"TagFilters": []any{tag("env", "prod", "staging")}},
			[]string{"shop-legacy-token", "payment-api-cert", "payment-api-key", "shop-db-readonly", "shop-db-password"}, "5"},
		{"of_cloud_products", map[string]any{"SecretType": 1}, []string{"mysql-reports", "mysql-orders"}, "2"},
	})
}

func listsPages(t *testing.T, client Client) {
	assertLists(t, client, []list{
		{"first_page", map[string]any{"Limit": 4}, seed[:4], "6"},
		{"second_page", map[string]any{"Offset": 4, "Limit": 4}, seed[4:], "6"},
		{"empty_page_past_the_end", map[string]any{"Offset": 6}, []string{}, "6"},
	})
}

func assertLists(t *testing.T, client Client, lists []list) {
	for _, list := range lists {
		t.Run(list.name, func(t *testing.T) {
			got, err := client.Call("ListSecrets", list.parameters)
			must(t, err)
			want := map[string]any{"TotalCount": json.Number(list.total), "SecretMetadatas": named(list.want)}
			if wrong := replied(client, "ListSecrets", got, want, false); wrong != "" {
				t.Error(wrong)
			}
		})
	}
}

func returnsEveryField(t *testing.T, client Client) {
	got, err := client.Call("ListSecrets", map[string]any{})
	must(t, err)
	listed, _ := got["SecretMetadatas"].([]any)
	want := known(client, "ListSecrets", everyField(t)).(map[string]any)["SecretMetadatas"].([]any)
	for _, secret := range want {
		if !slices.ContainsFunc(listed, func(got any) bool { return reflect.DeepEqual(got, secret) }) {
			t.Errorf("%v is not in %v", secret, listed)
		}
	}
}

// everyField is a list reply with all fields of two secrets. Numbers are decoded so that they differ from texts.
func everyField(t *testing.T) (reply map[string]any) {
	t.Helper()
	must(t, Decode([]byte(`{"SecretMetadatas": [
		{
			"SecretName": "payment-api-key", "Description": "Key of the payment gateway",
			"KmsKeyId": "31da3478-85b2-11f1-9b54-525400f44230", "KmsKeyType": "CUSTOMER",
			"CreateUin": 100012345678, "CreateUinString": "100012345678", "TargetUin": 0, "TargetUinString": "0",
			"Status": "Enabled", "DeleteTime": 0, "CreateTime": 1716202800,
			"RotationStatus": 0, "NextRotationTime": 0, "RotationFrequency": 0, "RotationBeginTime": "",
			"SecretType": 0, "ProductName": "default", "ResourceName": "", "ProjectID": 0, "AssociatedInstanceIDs": [],
			"ResourceID": "1250000000_100012345678_customize_1716202800182311000_RcI",
			"EncryptType": 0, "EncryptSwitching": false
		},
		{
			"SecretName": "shop-legacy-token", "Description": "Replaced by payment-api-key",
			"KmsKeyId": "f1fbfa71-ef0f-43e2-8c1c-0120a1fa5ae8", "KmsKeyType": "DEFAULT",
			"CreateUin": 100012345678, "CreateUinString": "100012345678", "TargetUin": 0, "TargetUinString": "0",
			"Status": "PendingDelete", "DeleteTime": 4070908800, "CreateTime": 1727740800,
			"RotationStatus": 0, "NextRotationTime": 0, "RotationFrequency": 0, "RotationBeginTime": "",
			"SecretType": 0, "ProductName": "default", "ResourceName": "", "ProjectID": 0, "AssociatedInstanceIDs": [],
			"ResourceID": "1250000000_100012345678_customize_1727740800182311000_RcI",
			"EncryptType": 0, "EncryptSwitching": false
		}
	]}`), &reply))
	return reply
}

func reversed(names []string) []string {
	names = slices.Clone(names)
	slices.Reverse(names)
	return names
}

func named(names []string) []any {
	secrets := []any{}
	for _, name := range names {
		secrets = append(secrets, map[string]any{"SecretName": name})
	}
	return secrets
}
