{% if not environment %}
export TENCENTCLOUD_SECRET_ID={{ key_id }} TENCENTCLOUD_SECRET_KEY={{ key_secret }}

{% endif %}
tccli {{ service }} {{ action }} --region {{ region }} --endpoint {{ url }}{{ parameters }}
