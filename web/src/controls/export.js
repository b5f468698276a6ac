// Downloads the secrets of the server or of a scope as a fixture file.

import { t } from '../i18n/index.js';
import { announce } from '../shared/announce.js';
import { checkField } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { download } from '../shared/download.js';
import { errorMessage } from '../shared/error_message.js';
import { isAbort } from '../shared/errors.js';
import { open } from '../shared/http.js';
import { scopeFilterFields } from './scope_filter.js';
import { formSection } from './section.js';

/** @type {import('./view.js').Tab} */
export function exportSection({ settings }, signal) {
  const filterFields = scopeFilterFields(settings, signal);
  const values = h('input', { type: 'checkbox' });
  const result = h('div');

  const exportAll = async () => {
    fill(result);
    try {
      const query = { ...filterFields.chosen(), values: values.checked ? 'true' : undefined };
      const response = await open('/state', { query, signal });
      download(values.checked ? 'kms-emulator-with-values.json' : 'kms-emulator.json', await response.blob());
      announce(t('export_done'));
    } catch (error) {
      if (!isAbort(error)) fill(result, errorMessage(error));
    }
  };

  return formSection({
    title: t('export_title'),
    help: t('export_help'),
    fields: [filterFields.element, checkField(t('export_values'), values)],
    action: t('export_action'),
    submit: () => void exportAll(),
    result,
  });
}
