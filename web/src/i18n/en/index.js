// English texts. Each view has its own file.

import { call } from './call.js';
import { connect } from './connect.js';
import { controls } from './controls.js';
import { journal } from './journal.js';
import { keys } from './keys.js';
import { secrets } from './secrets.js';

export const en = {
  ...connect,
  ...secrets,
  ...keys,
  ...call,
  ...journal,
  ...controls,

  // Header
  nav: 'Views',
  nav_connect: 'Connect',
  nav_secrets: 'Secrets',
  nav_keys: 'Keys',
  nav_call: 'Call',
  nav_journal: 'Journal',
  nav_controls: 'Controls',
  skip: 'Skip to the content',
  version: 'Version {version}',
  language: 'Language',
  theme: 'Theme',
  theme_system: 'System theme',
  theme_light: 'Light theme',
  theme_dark: 'Dark theme',

  // Scope
  cloud_alibaba: 'Alibaba Cloud KMS',
  cloud_tencent: 'Tencent Cloud SSM',
  scope: 'Cloud, account and region',
  scope_cloud: 'Cloud',
  scope_account: 'Account',
  scope_region: 'Region',
  scope_counts: 'The number of secrets is in parentheses.',
  scope_other: 'Other…',
  scope_other_account: 'Other account',
  scope_other_account_help: 'An account number has 16 digits. An account that does not exist yet is empty.',
  scope_other_region: 'Other region',
  scope_other_region_help: 'A region ID of the cloud, for example eu-central-1.',
  scope_choose: 'Select',

  // Token of the control API
  token_title: 'This server requires a token',
  token_needed: 'It was started with --control-token.',
  token_rejected: 'The server rejected the token.',
  token_label: 'Token',
  token_characters: 'A token consists of ASCII letters, digits and symbols. Check whether an input method is on.',
  token_help: 'The token is kept until this tab is closed. It is never written to the address.',
  token_action: 'Continue',
  token_missing: 'The server requires a token. Reload the page to enter it.',

  // Components
  yes: 'yes',
  no: 'no',
  actions: 'Actions',
  action_on: '{action}: {name}',
  cancel: 'Cancel',
  close: 'Close',
  copy: 'Copy',
  copy_not_allowed: 'The browser does not allow this page to copy.',
  copy_label: 'Copy: {what}',
  copied: 'Copied.',
  copy_by_hand: 'The browser does not allow this page to copy. The text is selected: press Ctrl+C or ⌘C.',
  delete: 'Delete',
  hide: 'Hide',
  input_hide: 'Hide the input of {name}',
  input_show: 'Show the input of {name}',
  json_to_send: 'JSON to send',
  loading: 'Loading…',
  reload: 'Reload',
  remove: 'Remove',
  retry: 'Try again',
  show: 'Show',

  // Status bar
  status_no_faults: 'No faults',
  status_faults: 'Faults: {count}',
  status_faults_left: 'Faults: {count}, hits left: {left}',
  status_account: 'Account {account}',
  status_tenant: 'Tenant {account}',
  status_rate: 'Requests/min: {count}',

  // Keys and commands
  keys_title: 'Keyboard shortcuts',
  keys_key: 'Key',
  keys_effect: 'Effect',
  keys_search: 'Search',
  keys_palette: 'Commands',
  keys_rows: 'Move between rows',
  palette_title: 'Find a view, an operation or a control',
  palette_commands: 'Commands',

  dialog_escape: 'Press Escape again to discard the input.',
  invalid_required: 'Enter a value.',
  invalid_number: 'Enter a number.',

  // Times
  time_local: '{time} in your time zone',
  time_left: 'in {duration}',
  time_due: 'due now',
  one_day: '{count} day',
  unit_year: '{count} yr',
  unit_day: '{count} days',
  unit_hour: '{count} hr',
  unit_minute: '{count} min',
  unit_second: '{count} sec',

  // Errors
  starting: 'The server is starting',
  starting_progress: 'Loaded {loaded} of {secrets} secrets.',
  error_start: 'The server cannot be reached',
  error_unreachable: 'The server does not respond. Check that it is running, then try again.',
  error_control: 'The server returned {code}: {text}',
  error_page: 'This page has an error: {text}',
  error_cloud: '{action} failed with {code}: {text}',
  error_hint: 'Hint of the emulator: {hint}',
  error_status: 'HTTP status {status}.',
  error_in_journal: 'Show the request in the journal',
  error_no_code: 'no code',
  error_unreadable: 'the response is not valid JSON. A fault may have truncated it.',
};
