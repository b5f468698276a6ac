// The value of a version. It is loaded when the user asks for it.

import { t } from '../i18n/index.js';
import { announce } from '../shared/announce.js';
import { copy } from '../shared/clipboard.js';
import { badge, button, codeBlock } from '../shared/components.js';
import { h } from '../shared/dom.js';
import { errorMessage } from '../shared/error_message.js';
import { isAbort } from '../shared/errors.js';

/**
 * Buttons to show, hide and copy a value.
 *
 * @param {string} version
 * @param {() => Promise<{ text: string, isBinary: boolean }>} read
 * @param {AbortSignal} signal Hides the value.
 */
export function valueElement(version, read, signal) {
  const output = h('div');
  let isShown = false;

  const hide = () => {
    isShown = false;
    output.replaceChildren();
    label();
  };

  const show = async () => {
    try {
      const { text, isBinary } = await read();
      const { element } = codeBlock(t('value_of', { version }), text, { wrap: true });
      if (isBinary) element.querySelector('.code-label')?.append(' ', badge(t('value_binary')));
      output.replaceChildren(element);
      isShown = true;
      label();
    } catch (error) {
      if (!isAbort(error)) output.replaceChildren(errorMessage(error));
    }
  };

  const copyHidden = async () => {
    try {
      const isCopied = await copy((await read()).text);
      announce(isCopied ? t('copied') : t('value_copy_by_hand'));
    } catch (error) {
      if (!isAbort(error)) output.replaceChildren(errorMessage(error));
    }
  };

  const toggle = button('', () => (isShown ? hide() : void show()));
  const label = () => {
    toggle.textContent = isShown ? t('hide') : t('show');
    toggle.setAttribute('aria-label', t(isShown ? 'hide_value' : 'show_value', { version }));
    toggle.setAttribute('aria-expanded', String(isShown));
  };
  label();

  signal.addEventListener('abort', hide);
  // The browser may keep the page in its back/forward cache.
  addEventListener('pagehide', hide, { signal });
  const copier = button(t('copy'), () => void copyHidden(), { label: t('copy_value', { version }) });
  return h('div', { class: 'stack value' }, h('div', { class: 'row' }, toggle, copier), output);
}
