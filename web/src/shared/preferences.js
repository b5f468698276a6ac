// The pickers of the language and the theme.

import { LANGUAGES, language, setLanguage, t } from '../i18n/index.js';
import { select } from './components.js';
import { byId } from './dom.js';
import { THEMES, setTheme, theme } from './theme.js';

/** @param {() => Promise<void>} redraw Called after the language has changed. */
export function preferences(redraw) {
  return [languagePicker(redraw), themePicker()];
}

/** @param {() => Promise<void>} redraw */
function languagePicker(redraw) {
  const names = Object.entries(LANGUAGES);
  const control = select(names, language(), {
    onchange: async () => {
      setLanguage(control.value === 'zh-CN' ? 'zh-CN' : 'en');
      await redraw();
      byId('language').focus();
    },
    id: 'language',
  });
  for (const option of control.options) option.lang = option.value;
  control.setAttribute('aria-label', t('language'));
  return control;
}

function themePicker() {
  const names = THEMES.map((name) => /** @type {const} */ ([name, t(`theme_${name}`)]));
  const control = select(names, theme(), {
    onchange: () => setTheme(THEMES.find((name) => name === control.value) ?? 'system'),
  });
  control.setAttribute('aria-label', t('theme'));
  return control;
}
