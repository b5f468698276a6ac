// The secrets that are selected in the list, and what can be done with all of them.

import { number } from '../i18n/format.js';
import { t } from '../i18n/index.js';
import { announce } from '../shared/announce.js';
import { button } from '../shared/components.js';
import { openDialog } from '../shared/dialog.js';
import { fill, h } from '../shared/dom.js';
import { downloadFixture } from './fixture_file.js';

/** @typedef {import('./cloud.js').Secret} Secret */

/**
 * @param {import('../main.js').Context} context
 * @param {import('./cloud.js').Cloud} cloud
 * @param {() => void} onchange Called after secrets have changed.
 */
export function selection({ scope, signal, countSecrets }, cloud, onchange) {
  /** @type {Set<string>} */
  const names = new Set();
  /** @type {readonly Secret[]} */
  let listed = [];
  const bar = h('div', { class: 'row selection-bar', role: 'group', 'aria-label': t('selection') });
  bar.hidden = true;

  const selected = () => listed.filter(({ name }) => names.has(name));

  /**
   * Runs an operation on each secret. Secrets that were changed leave the selection; the first error ends it.
   *
   * @param {'delete' | 'restore'} kind
   */
  const runAll = async (kind) => {
    const { action, parameters } = cloud.bulk[kind];
    let done = 0;
    try {
      for (const { name } of eligible(kind)) {
        await cloud.run(scope, action, parameters(name), signal);
        names.delete(name);
        done += 1;
      }
    } finally {
      countSecrets();
      onchange();
    }
    announce(t('selection_done', { action, count: number(done) }));
  };

  /** @param {'delete' | 'restore'} kind */
  const eligible = (kind) => selected().filter(({ state }) => (state === 'pending_deletion') === (kind === 'restore'));

  /** @param {'delete' | 'restore'} kind */
  const confirm = (kind) =>
    openDialog({
      title: t(kind),
      content: [h('p', {}, t(`selection_${kind}`)), h('ul', { class: 'mono names' }, eligible(kind).map(({ name }) => h('li', {}, name)))],
      action: t(kind),
      dangerous: kind === 'delete',
      submit: () => runAll(kind),
    });

  const draw = () => {
    bar.hidden = names.size === 0;
    fill(
      bar,
      h('span', { role: 'status' }, t('selection_count', { count: number(names.size) })),
      eligible('delete').length > 0 && button(t('delete'), () => confirm('delete'), { kind: 'danger' }),
      eligible('restore').length > 0 && button(t('restore'), () => confirm('restore')),
      button(t('download_fixture'), () => downloadFixture(scope, [...names], signal)),
      button(t('selection_clear'), () => {
        names.clear();
        for (const box of document.querySelectorAll('main .with-check input')) if (box instanceof HTMLInputElement) box.checked = false;
        draw();
      }),
    );
  };

  return {
    bar,
    /** @param {readonly Secret[]} secrets The secrets that are listed now. Others leave the selection. */
    keep: (secrets) => {
      listed = secrets;
      const known = new Set(secrets.map(({ name }) => name));
      for (const name of names) if (!known.has(name)) names.delete(name);
      draw();
    },
    /** @param {string} name */
    checkbox: (name) => {
      const box = h('input', {
        type: 'checkbox',
        checked: names.has(name),
        'aria-label': t('selection_select', { name }),
        onchange: () => {
          if (box.checked) names.add(name);
          else names.delete(name);
          draw();
        },
      });
      return box;
    },
  };
}
