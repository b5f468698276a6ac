// Downloads secrets as a fixture file.

import { t } from '../i18n/index.js';
import { announce } from '../shared/announce.js';
import { checkField } from '../shared/components.js';
import { openDialog } from '../shared/dialog.js';
import { download } from '../shared/download.js';
import { h } from '../shared/dom.js';
import { request } from '../shared/http.js';

/**
 * Asks whether to include the values, and downloads the secrets with these names.
 *
 * @param {import('./cloud.js').Scope} scope
 * @param {readonly string[]} names
 * @param {AbortSignal} signal
 */
export function downloadFixture(scope, names, signal) {
  const values = h('input', { type: 'checkbox' });
  openDialog({
    title: t('download_fixture'),
    content: [h('p', {}, t('download_fixture_help', { count: names.length })), checkField(t('export_values'), values)],
    action: t('export_action'),
    submit: async () => {
      const query = { ...scope, values: values.checked ? 'true' : undefined };
      const files = /** @type {unknown[]} */ (await request('/state', { query, signal }));
      download('kms-emulator.json', JSON.stringify(onlyNamed(files, new Set(names)), null, 2));
      announce(t('export_done'));
    },
  });
}

/**
 * The files of an export with only some of their secrets.
 *
 * @param {readonly any[]} files
 * @param {ReadonlySet<string>} names
 */
export function onlyNamed(files, names) {
  const isNamed = (/** @type {any} */ secret) => names.has(secret.SecretName);
  return files
    .map((file) =>
      file.SecretList
        ? { ...file, SecretList: { Secret: file.SecretList.Secret.filter(isNamed) } }
        : { ...file, SecretMetadatas: file.SecretMetadatas.filter(isNamed) },
    )
    .filter((file) => (file.SecretList?.Secret ?? file.SecretMetadatas).length > 0);
}
