{% if not environment %}
export ALIBABA_CLOUD_ACCESS_KEY_ID={{ key_id }} ALIBABA_CLOUD_ACCESS_KEY_SECRET={{ key_secret }}

{% endif %}
aliyun {{ product }} {{ action }} --region {{ region }} --endpoint {{ address }} {% if https %}--secure{% else %}--insecure{% endif %}{{ parameters }}
