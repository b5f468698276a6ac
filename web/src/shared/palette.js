// The command palette: finds views, operations and controls by their names.

import { t, translated } from '../i18n/index.js';
import { go, link } from './address.js';
import { fill, h, uniqueId } from './dom.js';
import { loadOperations } from './operations.js';

/** @typedef {{ text: string, detail: string, run: () => void }} Command */

/** How many commands are listed. */
const MAX_LISTED = 12;

const VIEWS = /** @type {const} */ (['connect', 'secrets', 'keys', 'call', 'journal', 'controls']);
const CONTROLS = /** @type {const} */ (['clock', 'faults', 'reset', 'snapshots', 'tenants', 'coverage']);

/** @param {import('./control_api.js').CloudName} cloud */
export function openPalette(cloud) {
  const listId = uniqueId('commands');
  const list = h('ul', { id: listId, role: 'listbox', class: 'commands', 'aria-label': t('palette_commands') });
  const input = h('input', {
    type: 'text',
    role: 'combobox',
    'aria-label': t('palette_title'),
    'aria-controls': listId,
    'aria-expanded': 'true',
    'aria-autocomplete': 'list',
    placeholder: t('palette_title'),
    autocomplete: 'off',
    spellcheck: 'false',
    oninput: () => draw(),
    onkeydown: (/** @type {KeyboardEvent} */ event) => onkeydown(event),
  });
  const dialog = h('dialog', { class: 'palette', 'aria-label': t('palette_title') }, input, list);
  let commands = commandsOfViews();
  /** @type {Command[]} */
  let found = [];
  let at = 0;

  const draw = () => {
    found = matching(commands, input.value).slice(0, MAX_LISTED);
    at = 0;
    fill(
      list,
      found.map(({ text, detail }, index) =>
        h('li', { role: 'option', id: `${listId}-${index}`, onclick: () => run(index) }, h('span', {}, text), h('span', { class: 'faint' }, detail)),
      ),
    );
    mark();
  };
  const mark = () => {
    [...list.children].forEach((item, index) => item.setAttribute('aria-selected', String(index === at)));
    if (found.length > 0) input.setAttribute('aria-activedescendant', `${listId}-${at}`);
    else input.removeAttribute('aria-activedescendant');
  };
  /** @param {number} index */
  const run = (index) => {
    dialog.close();
    found[index]?.run();
  };
  /** @param {KeyboardEvent} event */
  const onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length > 0) {
      at = (at + step + found.length) % found.length;
      mark();
    } else if (event.key === 'Enter' && !event.isComposing) {
      run(at);
    } else {
      return;
    }
    event.preventDefault();
  };

  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  draw();
  loadOperations(cloud).then(
    (operations) => {
      const calls = operations.map(({ action, summary }) => ({
        text: action,
        detail: translated(summary),
        run: () => go(link('call', { action })),
      }));
      commands = [...commands, ...calls];
      draw();
    },
    () => {},
  );
}

/** @returns {Command[]} */
function commandsOfViews() {
  const views = VIEWS.map((name) => ({ text: t(`nav_${name}`), detail: '', run: () => go(link(name)) }));
  const controls = CONTROLS.map((part) => ({ text: t(`controls_${part}`), detail: t('nav_controls'), run: () => go(link('controls', { part })) }));
  const create = { text: t('create_secret'), detail: t('nav_secrets'), run: () => go(link('secrets', { form: 'create' })) };
  const createKey = { text: t('create_key'), detail: t('nav_keys'), run: () => go(link('keys', { form: 'create' })) };
  return [...views, create, createKey, ...controls];
}

/**
 * The commands with all words: first those whose text starts with the first word.
 *
 * @param {readonly Command[]} commands
 * @param {string} query
 */
export function matching(commands, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = commands.filter(({ text, detail }) => words.every((word) => `${text} ${detail}`.toLowerCase().includes(word)));
  const rank = (/** @type {Command} */ { text }) => {
    const lower = text.toLowerCase();
    if (words.length === 0 || lower.startsWith(words[0] ?? '')) return 0;
    return lower.includes(words[0] ?? '') ? 1 : 2;
  };
  return found.sort((one, other) => rank(one) - rank(other));
}
