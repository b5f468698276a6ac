// The start: what the address asks for is shown, and again whenever it changes.
//
// A view is a function that is given a context and returns a View, at once: what it has to wait
// for it loads afterwards, with `context.signal`, and fills in.

import { current, format, go, onChange } from './address.js';
import { view as call } from './call.js';
import { view as controls } from './controls.js';
import { byId, fill, h } from './dom.js';
import { errorMessage } from './errors.js';
import { focusHeading } from './focus.js';
import { drawHeader } from './header.js';
import { language, prepareLanguage, t } from './i18n.js';
import { view as journal } from './journal.js';
import { scopeOf } from './scope.js';
import { view as secret } from './secret.js';
import { view as secrets } from './secrets.js';
import { onTokenNeeded } from './server.js';
import { loadSettings } from './settings.js';
import { showTheme, theme } from './theme.js';
import { askForToken } from './token.js';

/**
 * @typedef {object} Context
 * @property {Readonly<Record<string, string>>} values What the address says behind `?`.
 * @property {import('./scope.js').Scope} scope
 * @property {import('./settings.js').Settings} settings
 * @property {AbortSignal} signal Aborted when the view is left.
 * @property {() => void} countSecrets To be called when secrets have come or gone.
 */

/**
 * @typedef {object} View
 * @property {string} title
 * @property {HTMLElement} element With one h1.
 * @property {(context: Context) => void} [update] Takes other values for the same path and scope;
 *   without it the view is made anew, as it is for another `name`.
 * @property {() => void} [dispose] For what does not end by the signal.
 */

/** @typedef {(context: Context) => View} MakeView */

/** @type {Record<string, { make: MakeView, part: string }>} Each path, and its part of the navigation. */
const VIEWS = {
  secrets: { make: secrets, part: 'secrets' },
  secret: { make: secret, part: 'secrets' },
  call: { make: call, part: 'call' },
  journal: { make: journal, part: 'journal' },
  controls: { make: controls, part: 'controls' },
};

/** @type {{ key: string, view: View, abort: AbortController } | null} */
let shown = null;

/**
 * @param {import('./settings.js').Settings} settings
 * @param {ReturnType<typeof drawHeader>} header
 */
function show(settings, header) {
  const { path, values } = current();
  const entry = VIEWS[path];
  if (!entry) {
    go(format('secrets', values), { replace: true });
    return;
  }
  const scope = scopeOf(values, settings);
  header.show(entry.part, scope);
  const key = JSON.stringify([path, scope, values.name, language()]);
  const abort = shown?.key === key && shown.view.update ? shown.abort : new AbortController();
  /** @type {Context} */
  const context = { values, scope, settings, signal: abort.signal, countSecrets: () => void header.count() };
  if (shown?.view.update && shown.key === key) {
    shown.view.update(context);
  } else {
    replaceView(key, entry.make(context), abort);
  }
  document.title = `${shown?.view.title} – kms-emulator`;
}

/**
 * @param {string} key
 * @param {View} view
 * @param {AbortController} abort
 */
function replaceView(key, view, abort) {
  const before = shown;
  before?.abort.abort();
  before?.view.dispose?.();
  shown = { key, view, abort };
  byId('main').replaceChildren(view.element);
  scrollTo(0, 0);
  // At the first view, and while something in the header is used, the focus stays where it is.
  if (before && !byId('header').contains(document.activeElement)) focusHeading();
}

async function start() {
  showTheme(theme());
  onTokenNeeded(askForToken);
  try {
    const [settings] = await Promise.all([loadSettings(), prepareLanguage()]);
    /** @type {ReturnType<typeof drawHeader>} */
    let header;
    const draw = () => {
      header = drawHeader(settings, async () => {
        await prepareLanguage();
        draw();
      });
      show(settings, header);
      void header.count();
    };
    // First of all: an address that names nothing is changed at once.
    onChange(() => show(settings, header));
    draw();
  } catch (error) {
    fill(byId('main'), h('h1', {}, t('error_start')), errorMessage(error, () => location.reload()));
  }
}

void start();
