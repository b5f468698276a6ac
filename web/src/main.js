// The entry point: shows the view in the address, and updates it when the address changes.
//
// A view is a function that takes a context and returns a View immediately. It loads its data afterwards, with
// `context.signal`.

import { number } from './i18n/format.js';
import { language, loadTexts, t } from './i18n/index.js';
import { current, format, go, onChange, parse } from './shared/address.js';
import { closeDialogs } from './shared/dialog.js';
import { byId, fill, h } from './shared/dom.js';
import { errorMessage } from './shared/error_message.js';
import { focusHeading } from './shared/focus.js';
import { drawHeader } from './shared/header.js';
import { listenToKeys, showKeys } from './shared/keyboard.js';
import { onTokenNeeded } from './shared/http.js';
import { loadOperations } from './shared/operations.js';
import { openPalette } from './shared/palette.js';
import { scopeOf } from './shared/scope.js';
import { loadReadiness, loadSettings } from './shared/settings.js';
import { drawStatusBar } from './shared/status_bar.js';
import { showTheme, theme } from './shared/theme.js';
import { askForToken } from './shared/token_dialog.js';

/** @typedef {import('./shared/control_api.js').Settings} Settings */

/**
 * @typedef {object} Context
 * @property {Readonly<Record<string, string>>} values The values in the address.
 * @property {import('./shared/control_api.js').Scope} scope
 * @property {Settings} settings
 * @property {AbortSignal} signal Aborted when the view is left.
 * @property {() => void} countSecrets To be called after secrets were created or deleted.
 */

/**
 * @typedef {object} View
 * @property {string} title
 * @property {HTMLElement} element Contains one h1.
 * @property {(context: Context) => void} [update] Called when values change, but neither path, scope nor `name`. A view
 *   without it is created again.
 * @property {() => void} [dispose] Called when the view is left, for cleanup that the signal does not do.
 */

/** @typedef {(context: Context) => View} CreateView */

/** @typedef {Pick<Context, 'values' | 'scope'>} Target */

/** @typedef {(target: Target) => void} Prefetch Requests the data of the first view before anything is drawn. */

/** @type {Record<string, { load: () => Promise<{ view: CreateView, prefetch?: Prefetch }>, section: string }>} The views by path, with their section of the navigation. */
const VIEWS = {
  connect: { load: () => import('./connect/view.js'), section: 'connect' },
  secrets: { load: () => import('./secrets/list_view.js'), section: 'secrets' },
  secret: { load: () => import('./secrets/secret_view.js'), section: 'secrets' },
  keys: { load: () => import('./keys/list_view.js'), section: 'keys' },
  key: { load: () => import('./keys/key_view.js'), section: 'keys' },
  call: { load: () => import('./call/view.js'), section: 'call' },
  journal: { load: () => import('./journal/view.js'), section: 'journal' },
  controls: { load: () => import('./controls/view.js'), section: 'controls' },
};

/** The view for an address without a known path. */
const HOME = 'connect';

/** @param {string} path */
function viewOf(path) {
  return Object.hasOwn(VIEWS, path) ? VIEWS[path] : undefined;
}

/** @type {{ key: string, view: View, abort: AbortController } | null} */
let shown = null;
/** The number of the latest call of `show`. Earlier calls that finish later have no effect. */
let latestTurn = 0;

/**
 * @param {Settings} settings
 * @param {import('./shared/header.js').Header} header
 * @param {{ show: (scope: import('./shared/control_api.js').Scope) => void }} statusBar
 */
async function show(settings, header, statusBar) {
  const { hash } = location;
  const { path, values } = parse(hash);
  const entry = viewOf(path);
  if (!entry) {
    go(format(HOME, values), { replace: true });
    return;
  }
  const scope = scopeOf(values, settings);
  header.show(entry.section, scope);
  statusBar.show(scope);
  latestTurn += 1;
  const turn = latestTurn;
  const { view: create } = await entry.load();
  if (turn !== latestTurn) return;
  const key = JSON.stringify([path, scope, values.name, language()]);
  const countSecrets = () => void header.countSecrets();
  if (shown?.key === key && shown.view.update) {
    shown.view.update({ values, scope, settings, signal: shown.abort.signal, countSecrets });
  } else {
    const abort = new AbortController();
    replaceView(key, create({ values, scope, settings, signal: abort.signal, countSecrets }), abort);
  }
  document.title = `${shown?.view.title} – kms-emulator`;
  markShown(hash);
}

/**
 * Notes the address whose view is shown. The address of the window changes before.
 *
 * @param {string} hash
 */
function markShown(hash) {
  byId('main').dataset.shown = hash;
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
  if (before) closeDialogs();
  shown = { key, view, abort };
  byId('main').replaceChildren(view.element);
  scrollTo(0, 0);
  // The first view does not take the focus, nor does a view that was selected in the header.
  if (before && !byId('header').contains(document.activeElement)) focusHeading();
}

/**
 * Shows the progress of the server's start until it responds.
 *
 * @template T
 * @param {Promise<T>} response
 * @returns {Promise<T>}
 */
async function withProgress(response) {
  let isDone = false;
  const showProgress = async () => {
    const readiness = await loadReadiness();
    if (isDone || readiness.status === 'ready') return;
    const { loaded, secrets } = readiness;
    const progress = secrets && t('starting_progress', { loaded: number(loaded), secrets: number(secrets) });
    fill(byId('main'), h('h1', {}, t('starting')), h('p', {}, progress));
  };
  // If this fails, the awaited response fails as well.
  const timer = setInterval(() => showProgress().catch(() => {}), 500);
  try {
    return await response;
  } finally {
    isDone = true;
    clearInterval(timer);
  }
}

async function prepareLanguage() {
  await loadTexts();
  document.documentElement.lang = language();
}

/**
 * Draws the page, and draws it again when the language changes.
 *
 * @param {Settings} settings
 */
function draw(settings) {
  /** @type {import('./shared/header.js').Header} */
  let header;
  /** @type {ReturnType<typeof drawStatusBar> | null} */
  let statusBar = null;
  const showView = async () => {
    if (statusBar) await show(settings, header, statusBar).catch(showError);
  };
  const redraw = async () => {
    await prepareLanguage();
    await drawAll();
  };
  const drawAll = async () => {
    header = drawHeader(settings);
    statusBar?.dispose();
    statusBar = drawStatusBar(settings, redraw, showKeys);
    void header.countSecrets();
    await showView();
  };
  // Before the first view, because `show` changes an address with an unknown path.
  onChange(() => void showView());
  listenToKeys(() => openPalette(scopeOf(current().values, settings).cloud));
  void drawAll();
}

/** @param {unknown} error */
function showError(error) {
  // The next view is created again.
  shown?.abort.abort();
  shown?.view.dispose?.();
  shown = null;
  fill(
    byId('main'),
    h('h1', {}, t('error_start')),
    errorMessage(error, () => location.reload()),
  );
  markShown(location.hash);
}

async function start() {
  showTheme(theme());
  const prepared = prepareLanguage();
  onTokenNeeded(async () => {
    await prepared;
    return askForToken();
  });
  // Nearly all views need the operations: requesting them now saves a round trip.
  loadOperations(current().values.cloud === 'tencent' ? 'tencent' : 'alibaba').catch(() => {});
  try {
    const [settings] = await Promise.all([withProgress(loadSettings()), prepared]);
    const { path, values } = current();
    const first = await (viewOf(path) ?? viewOf(HOME))?.load();
    first?.prefetch?.({ values, scope: scopeOf(values, settings) });
    draw(settings);
  } catch (error) {
    showError(error);
  }
}

void start();
