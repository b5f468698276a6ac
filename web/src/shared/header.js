// The header of the page: navigation, scope, language and theme.

import { LANGUAGES, language, setLanguage, t } from '../i18n/index.js';
import { link } from './address.js';
import { select } from './components.js';
import { byId, fill, h } from './dom.js';
import { focusHeading } from './focus.js';
import { scopePickers } from './scope.js';
import { loadScopes } from './settings.js';
import { THEMES, setTheme, theme } from './theme.js';

const VIEWS = /** @type {const} */ (['secrets', 'call', 'journal', 'controls']);

/**
 * @typedef {object} Header
 * @property {(view: string, scope: import('./control_api.js').Scope) => void} show Marks the current view and scope.
 * @property {() => Promise<void>} countSecrets Updates the number of secrets of each account and region.
 */

/**
 * @param {import('./control_api.js').Settings} settings
 * @param {() => Promise<void>} redraw Called after the language has changed.
 * @returns {Header}
 */
export function drawHeader(settings, redraw) {
  const pickers = scopePickers(settings);
  const links = VIEWS.map((name) => ({ name, element: h('a', {}, t(`nav_${name}`)) }));
  fill(
    byId('header'),
    h('button', { type: 'button', class: 'skip', onclick: () => focusHeading() }, t('skip')),
    h('div', { class: 'brand', title: t('version', { version: settings.version }) }, 'kms-emulator'),
    h(
      'nav',
      { 'aria-label': t('nav') },
      links.map(({ element }) => element),
    ),
    pickers.element,
    h('div', { class: 'preferences' }, languagePicker(redraw), themePicker()),
  );

  return {
    show: (view, scope) => {
      for (const { name, element } of links) {
        element.setAttribute('href', link(name));
        if (name === view) element.setAttribute('aria-current', 'page');
        else element.removeAttribute('aria-current');
      }
      pickers.show(scope);
    },
    countSecrets: async () => {
      try {
        pickers.setCounts(await loadScopes());
      } catch {
        // The requests of the view fail as well, and the view shows the error.
      }
    },
  };
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
