// Loads a fixture or `.env` file that is dropped onto the list, after a preview.

import { t } from '../i18n/index.js';
import { announce } from '../shared/announce.js';
import { message } from '../shared/components.js';
import { openDialog } from '../shared/dialog.js';
import { h } from '../shared/dom.js';
import { errorMessage } from '../shared/error_message.js';
import { sendText } from '../shared/http.js';
import { namesInFile } from './file_names.js';

/** How many names the preview shows. */
const MAX_NAMES = 50;

/**
 * Accepts files on the page until the signal.
 *
 * @param {import('../main.js').Context} context
 * @param {HTMLElement} problem Where errors are shown.
 * @param {() => void} ondone
 */
export function acceptFiles({ scope, countSecrets, signal }, problem, ondone) {
  const main = document.body;
  const isFile = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes('Files') ?? false;
  const over = (/** @type {DragEvent} */ event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    main.classList.add('dropping');
  };
  const leave = () => main.classList.remove('dropping');
  const drop = async (/** @type {DragEvent} */ event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    leave();
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    problem.replaceChildren();
    try {
      preview(file.name, await file.text());
    } catch (error) {
      problem.replaceChildren(errorMessage(error));
    }
  };
  /**
   * @param {string} fileName
   * @param {string} text
   */
  const preview = (fileName, text) => {
    const names = namesInFile(text);
    openDialog({
      title: t('drop_title', { file: fileName }),
      content:
        names.length > 0
          ? [
              h('p', {}, t('drop_help', { count: names.length, account: scope.account, region: scope.region })),
              h('ul', { class: 'mono names' }, names.slice(0, MAX_NAMES).map((name) => h('li', {}, name))),
              names.length > MAX_NAMES && h('p', { class: 'faint' }, t('tags_more', { count: names.length - MAX_NAMES })),
            ]
          : message('warning', h('p', {}, t('drop_unknown'))),
      action: t('drop_action'),
      submit: async () => {
        const { loaded } = await sendText('/state', { cloud: scope.cloud, account: scope.account, region: scope.region }, text);
        countSecrets();
        announce(t('drop_done', { count: loaded }));
        ondone();
      },
    });
  };
  main.addEventListener('dragover', over, { signal });
  main.addEventListener('dragleave', leave, { signal });
  main.addEventListener('drop', drop, { signal });
  signal.addEventListener('abort', leave);
}
