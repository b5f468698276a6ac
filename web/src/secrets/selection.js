// The secrets that are selected in the list, and what can be done with all of them.

import { number } from '../i18n/format.js';
import { t } from '../i18n/index.js';
import { announce } from '../shared/announce.js';
import { button } from '../shared/components.js';
import { openDialog } from '../shared/dialog.js';
import { fill, h } from '../shared/dom.js';
import { UserError } from '../shared/errors.js';
import { loadOperation, parameterOf } from '../shared/operations.js';
import { downloadFixture } from './fixture_file.js';
import { tagsEditor } from './tags.js';

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
   * @param {string} action
   * @param {readonly Secret[]} secrets
   * @param {(secret: Secret) => Record<string, unknown>} parameters
   */
  const runAll = async (action, secrets, parameters) => {
    let done = 0;
    try {
      for (const secret of secrets) {
        await cloud.run(scope, action, parameters(secret), signal);
        names.delete(secret.name);
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
      content: [h('p', {}, t(`selection_${kind}`)), nameList(eligible(kind))],
      action: t(kind),
      dangerous: kind === 'delete',
      submit: () => runAll(cloud.bulk[kind].action, eligible(kind), ({ name }) => cloud.bulk[kind].parameters(name)),
    });

  const openTags = async () => {
    const { action, parameter } = cloud.bulkTag;
    const { max_items: max } = parameterOf(await loadOperation(scope.cloud, action), parameter);
    const editor = tagsEditor({ max: max ?? Infinity });
    openDialog({
      title: t('add_tags'),
      content: [h('p', {}, t('selection_tag')), nameList(selected()), editor.element],
      action: t('add_tags'),
      submit: async () => {
        const tags = editor.tags();
        if (tags.length === 0) throw new UserError(t('selection_no_tags'));
        await runAll(action, selected(), (secret) => cloud.bulkTag.parameters(scope, secret, tags));
      },
    });
  };

  const draw = () => {
    bar.hidden = names.size === 0;
    fill(
      bar,
      h('span', { role: 'status' }, t('selection_count', { count: number(names.size) })),
      button(t('add_tags'), () => void openTags()),
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

/** @param {readonly Secret[]} secrets */
function nameList(secrets) {
  return h('ul', { class: 'mono names' }, secrets.map(({ name }) => h('li', {}, name)));
}
