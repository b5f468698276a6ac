// Named states to come back to.

import { timeElement } from '../shared/clock.js';
import { button, emptyState, field, loading, table } from '../shared/components.js';
import { openDialog } from '../shared/dialog.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/errors.js';
import { keepFocus } from '../shared/focus.js';
import { number, t } from '../i18n/index.js';
import { say } from '../shared/announce.js';
import { holdingsOf, selectionFields, selectionQuery, selectionText } from './selection.js';
import { isAbort, request } from '../shared/http.js';
import { loadScopes } from '../shared/settings.js';

/** @typedef {{ name: string, created_at: string, secrets: number, cloud?: string, account?: string, region?: string }} Snapshot */

/** @type {import('./view.js').Part} */
export function snapshotsPart({ settings, countSecrets }, signal) {
  const list = h('div', {}, loading());
  const problem = h('div');
  const name = h('input', { required: true, spellcheck: 'false', autocomplete: 'off' });
  const what = selectionFields(settings, signal);

  const load = async () => {
    try {
      /** @type {{ snapshots: Snapshot[] }} */
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
      [t('snapshot_name'), t('snapshot_created'), t('snapshot_secrets'), t('snapshot_of'), t('version_actions')],
      snapshots.map((snapshot) => [
        h('span', { class: 'mono' }, snapshot.name),
        timeElement(new Date(snapshot.created_at)),
        number(snapshot.secrets),
        selectionText(snapshot),
        h(
          'div',
          { class: 'row' },
          button(t('snapshot_restore'), () => void restore(snapshot), {
            label: t('of_version', { action: t('snapshot_restore'), version: snapshot.name }),
          }),
          button(t('snapshot_delete'), () => remove(snapshot), {
            kind: 'danger',
            label: t('of_version', { action: t('snapshot_delete'), version: snapshot.name }),
          }),
        ),
      ]),
    );

  /** @param {Snapshot} snapshot */
  const restore = async (snapshot) => {
    fill(problem);
    try {
      const total = holdingsOf(snapshot, await loadScopes()).reduce((sum, each) => sum + each.secrets, 0);
      openDialog({
        title: t('snapshot_restore_title', { name: snapshot.name }),
        content: h(
          'p',
          {},
          t('snapshot_restore_goes', { what: selectionText(snapshot), count: number(total), secrets: number(snapshot.secrets) }),
        ),
        action: t('snapshot_restore'),
        dangerous: true,
        submit: async () => {
          const { removed, loaded } = await request(`/snapshots/${snapshot.name}/restore`, { method: 'POST', signal });
          countSecrets();
          say(t('reset_done', { removed: number(removed), loaded: number(loaded) }));
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
      content: h('p', {}, t('snapshot_delete_goes')),
      action: t('snapshot_delete'),
      dangerous: true,
      submit: async () => {
        await request(`/snapshots/${snapshot.name}`, { method: 'DELETE', signal });
        await load();
      },
      onclose: keepFocus,
    });

  /** @param {SubmitEvent} event */
  const onsubmit = async (event) => {
    event.preventDefault();
    fill(problem);
    try {
      const query = selectionQuery(what.chosen());
      const saved = await request(`/snapshots/${encodeURIComponent(name.value.trim())}?${query}`, { method: 'PUT', signal });
      say(t('snapshot_saved', { name: saved.name, count: number(saved.secrets) }));
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
    h(
      'section',
      {},
      h('h2', {}, t('snapshot_save')),
      h(
        'form',
        { class: 'stack', onsubmit, autocomplete: 'off' },
        h('div', { class: 'control-fields' }, field(t('snapshot_name'), name, { help: t('snapshot_name_help') })),
        what.element,
        h('div', {}, h('button', { type: 'submit', class: 'primary' }, t('snapshot_save'))),
      ),
    ),
  );
}
