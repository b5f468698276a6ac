// Chinese texts of the view Connect.

/** @type {Record<keyof typeof import('../en/connect.js').connect, string>} */
export const connect = {
  connect_help: '按以下设置让客户端访问此服务器。任何 SDK 都无需修改。',
  connect_settings: '客户端设置',
  connect_endpoint: '接入点',
  connect_protocol: '协议',
  connect_ca: 'CA 证书',
  connect_ca_help: '用于 https',
  connect_secret_unknown: '启动服务器时设置的密钥',
  connect_no_key: '此账号没有 AccessKey。请选择其他账号，或创建租户。',
  connect_create_tenant: '为我创建租户',
  connect_tenant_created: '已创建租户 {account}，其 AccessKey 已填入下方的设置和示例代码。',
  connect_program: '示例代码',
  connect_environment: '先设置 AccessKey',
  connect_latest: '最近一次请求',
  connect_waiting: '正在等待第一个请求…',
  connect_see_signature: '查看签名错误的原因',
};
