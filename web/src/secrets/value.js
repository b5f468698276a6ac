// The value of a version: not in the page before it is asked for.

import { badge, button, codeBlock } from '../shared/components.js';
import { copy } from '../shared/clipboard.js';
import { h } from '../shared/dom.js';
import { errorMessage } from '../shared/errors.js';
import { t } from '../i18n/index.js';
import { say } from '../shared/announce.js';
import { isAbort } from '../shared/http.js';

/**
 * Buttons to show, hide and copy a value, with a place for it.
 *
 * @param {string} version
 * @param {() => Promise<{ text: string, isBinary: boolean }>} read
 * @param {AbortSignal} signal Hides it.
 */
export function valueElement(version, read, signal) {
  const place = h('div');
  let isShown = false;

  const hide = () => {
    isShown = false;
    place.replaceChildren();
    label();
  };

  const show = async () => {
    try {
      const { text, isBinary } = await read();
      const { element } = codeBlock(t('value_of', { version }), text);
      element.classList.add('wrap');
      if (isBinary) element.querySelector('.code-label')?.append(' ', badge(t('value_binary')));
      place.replaceChildren(element);
      isShown = true;
      label();
    } catch (error) {
      if (!isAbort(error)) place.replaceChildren(errorMessage(error));
    }
  };

  const copyHidden = async () => {
    try {
      const isCopied = await copy((await read()).text);
      say(isCopied ? t('copied') : t('value_copy_by_hand'));
    } catch (error) {
      if (!isAbort(error)) place.replaceChildren(errorMessage(error));
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
  // A page that the browser keeps for going back to is left too.
  addEventListener('pagehide', hide, { signal });
  const copier = button(t('copy'), () => void copyHidden(), { label: t('copy_value', { version }) });
  return h('div', { class: 'stack value' }, h('div', { class: 'row' }, toggle, copier), place);
}
