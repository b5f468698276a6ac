// The header of the page: navigation and scope.

import { t } from '../i18n/index.js';
import { link } from './address.js';
import { byId, fill, h } from './dom.js';
import { focusHeading } from './focus.js';
import { scopePickers } from './scope.js';
import { loadScopes } from './settings.js';

const VIEWS = /** @type {const} */ (['connect', 'secrets', 'keys', 'call', 'journal', 'controls']);

/**
 * @typedef {object} Header
 * @property {(view: string, scope: import('./control_api.js').Scope) => void} show Marks the current view and scope.
 * @property {() => Promise<void>} countSecrets Updates the number of secrets of each account and region.
 */

/**
 * @param {import('./control_api.js').Settings} settings
 * @returns {Header}
 */
export function drawHeader(settings) {
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
