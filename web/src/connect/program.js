// A program that connects, in the language that was selected last.

import { codeTabs } from '../call/code.js';
import { messageLanguage, t } from '../i18n/index.js';
import { codeBlock, loading } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/error_message.js';
import { isAbort } from '../shared/errors.js';
import { request } from '../shared/http.js';
import { rememberSdk, sdk } from '../shared/sdk.js';

/** @typedef {import('../shared/control_api.js').Scope} Scope */

/** The variables that programs read the access key from. */
const VARIABLES = {
  alibaba: ['ALIBABA_CLOUD_ACCESS_KEY_ID', 'ALIBABA_CLOUD_ACCESS_KEY_SECRET'],
  tencent: ['TENCENTCLOUD_SECRET_ID', 'TENCENTCLOUD_SECRET_KEY'],
};

/** The parameter for the page size, so that the program shows one. */
const PARAMETERS = { alibaba: { PageSize: 10 }, tencent: { Limit: 10 } };

/**
 * @param {Scope} scope
 * @param {import('./view.js').ClientKey | null} key
 * @param {AbortSignal} signal
 */
export function programSection(scope, key, signal) {
  const code = h('div', {}, loading());
  const load = async () => {
    try {
      const body = {
        ...scope,
        action: 'ListSecrets',
        parameters: PARAMETERS[scope.cloud],
        language: messageLanguage(),
        https: location.protocol === 'https:',
        send: false,
      };
      const call = await request('/call', { method: 'post', body, signal });
      fill(code, codeTabs(call, sdk() || 'python', rememberSdk));
    } catch (error) {
      if (!isAbort(error)) fill(code, errorMessage(error, () => void load()));
    }
  };
  if (key) void load();
  else fill(code);
  return h(
    'section',
    { class: 'stack connect-program' },
    h('h2', {}, t('connect_program')),
    key && !key.isInPrograms && environmentBlock(scope, key),
    code,
  );
}

/**
 * The shell commands that set the variables of programs.
 *
 * @param {Scope} scope
 * @param {import('./view.js').ClientKey} key
 */
function environmentBlock({ cloud }, { id, secret }) {
  const [idName, secretName] = VARIABLES[cloud];
  const text = `export ${idName}=${id}\nexport ${secretName}=${secret ?? '…'}`;
  return codeBlock(t('connect_environment'), text, { wrap: true }).element;
}
