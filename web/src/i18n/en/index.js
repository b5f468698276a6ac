// English texts. Each view has a file of its own.

import { call } from './call.js';
import { controls } from './controls.js';
import { journal } from './journal.js';
import { secrets } from './secrets.js';

export const en = {
  ...secrets,
  ...call,
  ...journal,
  ...controls,

  // The page around the views
  nav: 'Views',
  nav_secrets: 'Secrets',
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

  // Whose secrets are shown
  scope: 'Cloud, account and region',
  scope_cloud: 'Cloud',
  scope_account: 'Account',
  scope_region: 'Region',
  scope_other: 'Another…',
  scope_other_account: 'Another account',
  scope_other_account_help:
    'An account number has 16 digits. One that is not known yet is an account of its own, empty at first.',
  scope_other_region: 'Another region',
  scope_other_region_help: 'As the cloud spells it, for example eu-central-1.',
  scope_choose: 'Choose',

  // The token of the controls
  token_title: 'This server asks for a token',
  token_needed: 'It was started with --control-token.',
  token_refused: 'The server does not know the token that was given.',
  token_label: 'Token',
  token_characters: 'A token has ASCII letters, digits and signs only. Look whether an input method is on.',
  token_help: 'It is kept until this tab is closed, and never becomes part of the address.',
  token_action: 'Continue',
  token_missing: 'The server answers only with its token. Load the page again to give it.',

  // Components
  cancel: 'Cancel',
  close: 'Close',
  copy: 'Copy',
  copy_label: 'Copy: {what}',
  copied: 'Copied.',
  copy_by_hand: 'The browser does not let this page copy. The text is selected: press Ctrl+C or ⌘C.',
  loading: 'Loading…',
  retry: 'Try again',

  // Times
  time_local: '{time} in your time zone',
  time_left: 'in {duration}',
  time_due: 'due now',
  one_day: '{count} day',
  unit_day: '{count} days',
  unit_hour: '{count} hr',
  unit_minute: '{count} min',
  unit_second: '{count} sec',

  // Errors
  starting: 'The server is starting',
  starting_progress: 'It has loaded {loaded} of {secrets} secrets.',
  error_start: 'The server cannot be asked',
  error_unreachable: 'The server does not answer. Look whether it is running, then try again.',
  error_control: 'The server answers {code}: {text}',
  error_page: 'Something went wrong in this page: {text}',
  error_cloud: '{action} was refused with {code}: {text}',
  error_hint: 'The emulator adds: {hint}',
  error_status: 'HTTP status {status}.',
  error_in_journal: 'See the request in the journal',
  error_no_code: 'no code',
  error_unreadable: 'the answer cannot be read. A fault may have cut or changed it.',
};
