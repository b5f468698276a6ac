// Chinese sentences for the hints of the emulator, by code. The English ones are in the header `x-emulator-hint`.

/** @typedef {import('../../shared/control_api.js').Hint} Hint */

/** @type {Record<Exclude<Hint['code'], 'signature'>, string>} */
export const hints = {
  filter_value: '`{value}` 不是 {key} 的有效值。规则：{rule}',
  filter_part: '有凭据的 {key} 为 `{text}`，其中包含筛选的值，但并不相同；使用 --alibaba-filter-match contains 可按部分内容匹配',
  filter_member: 'Filters 中的 `{name}` 不起作用，应为 `{member}`',
  parameter_member: '`{name}` 不起作用：应直接使用参数 `{parameter}`',
  parameter_similar: '{action} 没有参数 `{name}`，应为 `{parameter}`',
  parameter_unknown: '{action} 没有参数 `{name}`',
  secret_without_value: '凭据 `{secret}` 没有凭据值：请在初始数据文件中添加 `Versions`，或设置 --default-secret-value',
  secret_in_other_region: '凭据 `{secret}` 位于地域 {region}；请求的是账号 {own_account}、地域 {own_region}',
  secret_in_other_account: '凭据 `{secret}` 位于账号 {account}、地域 {region}；请求的是账号 {own_account}、地域 {own_region}',
  secret_in_other_cloud: '凭据 `{secret}` 位于{cloud}（账号 {account}、地域 {region}）；请求的是账号 {own_account}、地域 {own_region}',
  secret_out_of_reach: '凭据 `{secret}` 位于账号 {account}、地域 {region}，此操作无法访问；请求的是账号 {own_account}、地域 {own_region}',
  secret_policy:
    '凭据 `{secret}` 位于账号 {account}、地域 {region}，其凭据策略不允许账号 {own_account} 执行 {action}；请求的是账号 {own_account}、地域 {own_region}',
  tenant_expired: 'AccessKey `{access_key_id}` 的租户已于 {time} 到期',
  tenant_deleted: 'AccessKey `{access_key_id}` 的租户已于 {time} 删除',
  tenant_unknown: 'AccessKey `{access_key_id}` 的租户不存在：已到期、已删除，或属于其他服务器',
  policy_rejected: '权限策略无效：{error}',
  policy_denies: '权限策略 {policy} 的语句 {statement} 拒绝对资源 {resource} 执行 {action}',
  policy_lacks_permission: '没有权限策略语句允许对资源 {resource} 执行 {action}',
  role_account: '模拟器的账号为 16 位数字，`{role}` 中的账号不是',
  no_endpoints: '模拟器只有 kms 和 sts 的接入点',
  token_malformed: '令牌被拒绝：不是包含 iss、sub、aud 和 exp 的 JSON Web Token',
  token_not_yet_valid: '令牌被拒绝：尚未到 nbf 的时间',
  token_expired: '令牌被拒绝：令牌已过期',
  token_issuer: '令牌被拒绝：--oidc-issuer 中没有其签发者',
  token_audience: '令牌被拒绝：受众与 --oidc-issuer 中的不同',
  token_keys: '令牌被拒绝：无法读取签发者的公钥：{error}',
  token_key_set: '令牌被拒绝：签发者的公钥不是 JSON Web Key Set',
  token_signature: '令牌被拒绝：签名不是用签发者的密钥生成的',
  client_key_signature: '签名不是用该 ClientKey 的私钥生成的',
  client_key_missing: '该 AccessKey ID 只有 AccessKey Secret，而 KMS 实例 API 需要公钥：--client-key',
};
