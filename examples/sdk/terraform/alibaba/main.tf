terraform {
  required_providers {
    alicloud = {
      source = "aliyun/alicloud"
    }
  }
}

provider "alicloud" {
  access_key   = "test"
  secret_key   = "test"
  region       = "cn-hangzhou"
  account_type = "Domestic"
  protocol     = "HTTP"

  endpoints {
    kms = "127.0.0.1:8080"
  }
}

data "alicloud_kms_secrets" "all" {}

output "names" {
  value = data.alicloud_kms_secrets.all.names
}
