terraform {
  required_providers {
    alicloud = {
      source = "aliyun/alicloud"
    }
  }
}

provider "alicloud" {
{% if not environment %}
  access_key   = {{ key_id }}
  secret_key   = {{ key_secret }}
{% endif %}
  region       = {{ region }}
  account_type = "Domestic"
  protocol     = {{ protocol|upper }}

  endpoints {
    kms = {{ address }}
  }
}

{{ block }}
