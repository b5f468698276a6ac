// The start: what the address asks for is shown, and again whenever it changes.
//
// A view is a function that is given a context and returns a View, at once: what it has to wait
// for it loads afterwards, with `context.signal`, and fills in.

import { current, format, go, onChange } from './shared/address.js';
import { byId, fill, h } from './shared/dom.js';
import { errorMessage } from './shared/errors.js';
import { focusHeading } from './shared/focus.js';
import { drawHeader } from './shared/header.js';
import { language, number, prepareLanguage, t } from './i18n/index.js';
import { scopeOf } from './shared/scope.js';
import { onTokenNeeded } from './shared/http.js';
import { loadOperations, loadProgress, loadSettings } from './shared/settings.js';
import { showTheme, theme } from './shared/theme.js';
import { askForToken } from './shared/token_dialog.js';

/**
 * @typedef {object} Context
 * @property {Readonly<Record<string, string>>} values What the address says behind `?`.
 * @property {import('./shared/scope.js').Scope} scope
 * @property {import('./shared/settings.js').Settings} settings
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

/** @typedef {Pick<Context, 'values' | 'scope'>} Wanted */

/** @typedef {(wanted: Wanted) => void} AskAhead Asks for what the first view will show, before anything is drawn. */

/** @type {Record<string, { load: () => Promise<{ view: MakeView, askAhead?: AskAhead }>, part: string }>} Each path, and its part of the navigation. */
const VIEWS = {
  secrets: { load: () => import('./secrets/list_view.js'), part: 'secrets' },
  secret: { load: () => import('./secrets/secret_view.js'), part: 'secrets' },
  call: { load: () => import('./call/view.js'), part: 'call' },
  journal: { load: () => import('./journal/view.js'), part: 'journal' },
  controls: { load: () => import('./controls/view.js'), part: 'controls' },
};

/** The path of an address that names none. */
const HOME = 'secrets';

/** @param {string} path */
function viewOf(path) {
  return Object.hasOwn(VIEWS, path) ? VIEWS[path] : undefined;
}

/** @type {{ key: string, view: View, abort: AbortController } | null} */
let shown = null;
/** Counts what was wanted, so that a view that comes late is not shown in the place of another. */
let wanted = 0;

/**
 * @param {import('./shared/settings.js').Settings} settings
 * @param {import('./shared/header.js').Header} header
 */
async function show(settings, header) {
  const { path, values } = current();
  const entry = viewOf(path);
  if (!entry) {
    go(format(HOME, values), { replace: true });
    return;
  }
  const scope = scopeOf(values, settings);
  header.show(entry.part, scope);
  wanted += 1;
  const turn = wanted;
  const { view: make } = await entry.load();
  if (turn !== wanted) return;
  const key = JSON.stringify([path, scope, values.name, language()]);
  const countSecrets = () => void header.count();
  if (shown?.key === key && shown.view.update) {
    shown.view.update({ values, scope, settings, signal: shown.abort.signal, countSecrets });
  } else {
    const abort = new AbortController();
    replaceView(key, make({ values, scope, settings, signal: abort.signal, countSecrets }), abort);
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

/**
 * Tells how far the server is, for as long as its first answer takes.
 *
 * @template T
 * @param {Promise<T>} answer
 * @returns {Promise<T>}
 */
async function withProgress(answer) {
  let isOver = false;
  const show = async () => {
    const { loaded, secrets } = await loadProgress();
    if (isOver || loaded === undefined) return;
    const progress = secrets && t('starting_progress', { loaded: number(loaded), secrets: number(secrets) });
    fill(byId('main'), h('h1', {}, t('starting')), h('p', {}, progress));
  };
  // What fails here fails for the answer too.
  const timer = setInterval(() => show().catch(() => {}), 500);
  try {
    return await answer;
  } finally {
    isOver = true;
    clearInterval(timer);
  }
}

/**
 * Draws the page, and again in another language.
 *
 * @param {import('./shared/settings.js').Settings} settings
 */
function draw(settings) {
  /** @type {import('./shared/header.js').Header} */
  let header;
  const showOrTell = () => show(settings, header).catch(tell);
  const drawAll = async () => {
    header = drawHeader(settings, async () => {
      await prepareLanguage();
      await drawAll();
    });
    void header.count();
    await showOrTell();
  };
  // First of all: an address that names nothing is changed at once.
  onChange(() => void showOrTell());
  void drawAll();
}

/** @param {unknown} error */
function tell(error) {
  // Whatever is asked for next is made anew.
  shown?.abort.abort();
  shown?.view.dispose?.();
  shown = null;
  fill(byId('main'), h('h1', {}, t('error_start')), errorMessage(error, () => location.reload()));
}

async function start() {
  showTheme(theme());
  const prepared = prepareLanguage();
  onTokenNeeded(async () => {
    await prepared;
    return askForToken();
  });
  // Nearly all views need it; asked for now it does not come after the settings.
  loadOperations(current().values.cloud === 'tencent' ? 'tencent' : 'alibaba').catch(() => {});
  try {
    const [settings] = await Promise.all([withProgress(loadSettings()), prepared]);
    const { path, values } = current();
    const first = await (viewOf(path) ?? viewOf(HOME))?.load();
    first?.askAhead?.({ values, scope: scopeOf(values, settings) });
    draw(settings);
  } catch (error) {
    tell(error);
  }
}

void start();
