// Chinese sentences for the errors of the control API, by code.

/** @type {Readonly<Record<string, string>>} */
export const errors = {
  InvalidParameter: '请求的参数无效',
  InvalidBody: '请求体无效',
  InvalidFixture: '初始数据文件无效',
  Unauthorized: '令牌缺失或错误',
  HostNotAllowed: '不允许使用此主机名访问',
  CrossSiteRequest: '请求来自其他网站的页面',
  UnknownPath: '没有此路径',
  SnapshotNotFound: '没有此快照',
  TenantNotFound: '没有此租户',
  ClockNotFound: '此租户没有自己的时钟',
  FaultNotFound: '没有此故障规则',
  PolicyNotFound: '没有此权限策略',
  TooManyPolicies: '权限策略过多',
  AccessKeyNotFound: '服务器没有此账号的 AccessKey，请用 --access-key 添加',
  RequestNotFound: '请求日志中没有此请求',
  NoAuthority: '服务器使用 --tls-cert 启动，没有证书颁发机构',
  MethodNotAllowed: '此路径不支持该 HTTP 方法',
  ClockOutOfRange: '时钟的时间须在 1970 年至 9998 年之间',
  TooManyFaults: '故障规则数量已达上限',
  BodyTooLarge: '请求体过大',
  StoreFailed: '存储失败，原因见服务器日志',
  FixturesFailed: '无法重新加载服务器启动时的初始数据文件，原因见服务器日志',
};

/** The codes whose English message says what is wrong in the input. */
export const DETAILED = ['InvalidParameter', 'InvalidBody', 'InvalidFixture'];
