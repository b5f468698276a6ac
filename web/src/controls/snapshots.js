// Snapshots of the secrets: saved, restored and deleted.

import { number } from '../i18n/format.js';
import { t } from '../i18n/index.js';
import { announce } from '../shared/announce.js';
import { button, emptyState, field, loading, table } from '../shared/components.js';
import { openDialog } from '../shared/dialog.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/error_message.js';
import { isAbort } from '../shared/errors.js';
import { restoreFocus } from '../shared/focus.js';
import { request } from '../shared/http.js';
import { loadScopes } from '../shared/settings.js';
import { timeElement } from '../shared/time_elements.js';
import { matchingScopes, scopeFilterFields, scopeFilterText, totalSecrets } from './scope_filter.js';
import { formSection } from './section.js';
import { snapshotDifferences } from './snapshot_differences.js';

/** @typedef {import('../shared/control_api.js').Snapshot} Snapshot */

/** @type {import('./view.js').Tab} */
export function snapshotsTab({ settings, countSecrets }, signal) {
  const list = h('div', {}, loading());
  const problem = h('div');
  const comparison = h('div');
  const name = h('input', { required: true, spellcheck: 'false', autocomplete: 'off' });
  const filterFields = scopeFilterFields(settings, signal);

  const load = async () => {
    try {
      const { snapshots } = await request('/snapshots', { signal });
      fill(list, snapshots.length > 0 ? snapshotsTable(snapshots) : emptyState(t('snapshots_none'), h('p', {}, t('snapshots_none_next'))));
    } catch (error) {
      if (!isAbort(error))
        fill(
          list,
          errorMessage(error, () => void load()),
        );
    }
  };

  /** @param {Snapshot[]} snapshots */
  const snapshotsTable = (snapshots) =>
    table(
      t('controls_snapshots'),
      [t('snapshot_name'), t('snapshot_created'), t('snapshot_secrets'), t('snapshot_scope'), t('actions')],
      snapshots.map((snapshot) => [
        h('span', { class: 'mono' }, snapshot.name),
        timeElement(new Date(snapshot.created_at)),
        number(snapshot.secrets),
        scopeFilterText(snapshot),
        h(
          'div',
          { class: 'row' },
          button(t('snapshot_restore'), () => void restore(snapshot), {
            label: t('action_on', { action: t('snapshot_restore'), name: snapshot.name }),
          }),
          button(t('compare'), () => compare(snapshot.name, snapshots), {
            label: t('action_on', { action: t('compare'), name: snapshot.name }),
          }),
          button(t('delete'), () => remove(snapshot), {
            kind: 'danger',
            label: t('action_on', { action: t('delete'), name: snapshot.name }),
          }),
        ),
      ]),
    );

  /**
   * @param {string} name
   * @param {readonly Snapshot[]} snapshots
   */
  const compare = (name, snapshots) => {
    const others = snapshots.map((snapshot) => snapshot.name).filter((other) => other !== name);
    fill(comparison, snapshotDifferences(name, others, signal));
    comparison.querySelector('h2')?.focus();
  };

  /** @param {Snapshot} snapshot */
  const restore = async (snapshot) => {
    fill(problem);
    try {
      const total = totalSecrets(matchingScopes(snapshot, await loadScopes()));
      openDialog({
        title: t('snapshot_restore_title', { name: snapshot.name }),
        content: h(
          'p',
          {},
          t('snapshot_restore_effect', { scope: scopeFilterText(snapshot), count: number(total), secrets: number(snapshot.secrets) }),
        ),
        action: t('snapshot_restore'),
        dangerous: true,
        submit: async () => {
          const { removed, loaded } = await request('/snapshots/{name}/restore', {
            method: 'post',
            path: { name: snapshot.name },
            signal,
          });
          countSecrets();
          fill(comparison);
          announce(t('reset_done', { removed: number(removed), loaded: number(loaded) }));
        },
      });
    } catch (error) {
      if (!isAbort(error)) fill(problem, errorMessage(error));
    }
  };

  /** @param {Snapshot} snapshot */
  const remove = (snapshot) =>
    openDialog({
      title: t('snapshot_delete_title', { name: snapshot.name }),
      content: h('p', {}, t('snapshot_delete_effect')),
      action: t('delete'),
      dangerous: true,
      submit: async () => {
        await request('/snapshots/{name}', { method: 'delete', path: { name: snapshot.name }, signal });
        await load();
      },
      onclose: restoreFocus,
    });

  const save = async () => {
    fill(problem);
    try {
      const saved = await request('/snapshots/{name}', {
        method: 'put',
        path: { name: name.value.trim() },
        query: filterFields.chosen(),
        signal,
      });
      announce(t('snapshot_saved', { name: saved.name, count: number(saved.secrets) }));
      name.value = '';
      await load();
    } catch (error) {
      if (!isAbort(error)) fill(problem, errorMessage(error));
    }
  };

  void load();
  return h(
    'div',
    { class: 'stack' },
    h('p', { class: 'help' }, t('snapshots_help')),
    list,
    problem,
    comparison,
    formSection({
      title: t('snapshot_save'),
      fields: [
        h('div', { class: 'control-fields' }, field(t('snapshot_name'), name, { help: t('snapshot_name_help') })),
        filterFields.element,
      ],
      action: t('snapshot_save'),
      submit: () => void save(),
    }),
  );
}
