// Chinese texts. Each view has its own file.

import { call } from './call.js';
import { connect } from './connect.js';
import { controls } from './controls.js';
import { journal } from './journal.js';
import { keys } from './keys.js';
import { secrets } from './secrets.js';

/** @type {Record<keyof typeof import('../en/index.js').en, string>} */
export const zh = {
  ...connect,
  ...secrets,
  ...keys,
  ...call,
  ...journal,
  ...controls,

  // Header
  nav: '视图',
  nav_connect: '连接',
  nav_secrets: '凭据',
  nav_keys: '密钥',
  nav_call: '调用',
  nav_journal: '请求日志',
  nav_controls: '控制',
  skip: '跳到正文',
  version: '版本 {version}',
  language: '语言',
  theme: '主题',
  theme_system: '跟随系统主题',
  theme_light: '浅色主题',
  theme_dark: '深色主题',

  // Scope
  cloud_alibaba: '阿里云 KMS',
  cloud_tencent: '腾讯云 SSM',
  scope: '云、账号和地域',
  scope_cloud: '云',
  scope_account: '账号',
  scope_region: '地域',
  scope_counts: '括号内为凭据数量。',
  scope_other: '其他…',
  scope_other_account: '其他账号',
  scope_other_account_help: '账号为 16 位数字。尚不存在的账号没有任何凭据。',
  scope_other_region: '其他地域',
  scope_other_region_help: '云厂商的地域 ID，例如 eu-central-1。',
  scope_choose: '选择',

  // Token of the control API
  token_title: '此服务器需要令牌',
  token_needed: '服务器启动时设置了 --control-token。',
  token_rejected: '服务器拒绝了该令牌。',
  token_label: '令牌',
  token_characters: '令牌只包含 ASCII 字母、数字和符号。请检查输入法是否已开启。',
  token_help: '令牌只保存到关闭此标签页为止，不会写入地址。',
  token_action: '继续',
  token_missing: '此服务器需要令牌。请重新加载页面并输入令牌。',

  // Components
  yes: '是',
  no: '否',
  actions: '操作',
  action_on: '{action}：{name}',
  cancel: '取消',
  close: '关闭',
  copy: '复制',
  copy_not_allowed: '浏览器不允许此页面复制。',
  copy_label: '复制：{what}',
  copied: '已复制。',
  copy_by_hand: '浏览器不允许此页面复制。文本已选中，请按 Ctrl+C 或 ⌘C。',
  delete: '删除',
  hide: '隐藏',
  input_hide: '隐藏 {name} 的输入内容',
  input_show: '显示 {name} 的输入内容',
  json_to_send: '将发送的 JSON',
  loading: '正在加载…',
  reload: '刷新',
  remove: '删除',
  retry: '重试',
  show: '显示',

  // Status bar
  status_no_faults: '无故障规则',
  status_faults: '故障规则：{count} 条',
  status_faults_left: '故障规则：{count} 条，剩余 {left} 次',
  status_account: '账号 {account}',
  status_tenant: '租户 {account}',
  status_rate: '每分钟请求数：{count}',

  // Keys and commands
  keys_title: '键盘快捷键',
  keys_key: '按键',
  keys_effect: '作用',
  keys_search: '搜索',
  keys_palette: '命令',
  keys_rows: '在各行之间移动',
  palette_title: '查找视图、操作或控制',
  palette_commands: '命令',

  dialog_escape: '再按一次 Esc 将放弃已输入的内容。',
  invalid_required: '请填写此项。',
  invalid_number: '请输入数字。',

  // Times
  time_local: '您所在时区的 {time}',
  time_left: '{duration}后',
  time_due: '已到期',
  one_day: '{count} 天',
  unit_year: '{count} 年',
  unit_day: '{count} 天',
  unit_hour: '{count} 小时',
  unit_minute: '{count} 分钟',
  unit_second: '{count} 秒',

  // Errors
  starting: '服务器正在启动',
  starting_progress: '已加载 {loaded} 个凭据，共 {secrets} 个。',
  error_start: '无法访问服务器',
  error_unreachable: '服务器没有响应。请确认它正在运行，然后重试。',
  error_control: '服务器返回 {code}：{text}',
  error_page: '此页面出错：{text}',
  error_cloud: '{action} 调用失败，错误码 {code}：{text}',
  error_hint: '模拟器提示：{hint}',
  error_status: 'HTTP 状态码 {status}。',
  error_in_journal: '在请求日志中查看此请求',
  error_no_code: '无错误码',
  error_unreadable: '响应不是有效的 JSON，可能被注入的故障截断。',
};
