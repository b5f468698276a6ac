// The view of a key: its metadata, aliases, tags and versions, the operations on it, and those that use it.

import { richText, t, translated } from '../i18n/index.js';
import { changed, go, link } from '../shared/address.js';
import { announce } from '../shared/announce.js';
import { readClock } from '../shared/clock.js';
import { button, emptyState, facts, loading, message, table, withCode } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/error_message.js';
import { isAbort } from '../shared/errors.js';
import { restoreFocus } from '../shared/focus.js';
import { loadOperations } from '../shared/operations.js';
import { timeElement, timeLeftElement } from '../shared/time_elements.js';
import { alibaba } from '../secrets/alibaba.js';
import { openForm } from '../secrets/operation_form.js';
import { tagsSection } from '../secrets/secret_sections.js';
import { stateBadge } from '../secrets/state_badge.js';
import { FORMS, keyParameters, usesOf } from './forms.js';
import { readKey } from './keys.js';

/** @typedef {import('./keys.js').Key} Key */
/** @typedef {Awaited<ReturnType<typeof readKey>>} Loaded */
/** @typedef {import('../shared/control_api.js').Operation} Operation */

/** @type {import('../main.js').CreateView} */
export function view(context) {
  const { scope, signal } = context;
  const id = context.values.name ?? '';
  const actions = h('div', { class: 'row' });
  const body = h('div', {}, loading());
  const element = h(
    'div',
    {},
    h('p', {}, h('a', { href: link('keys') }, t('back_to_keys'))),
    h('div', { class: 'row apart view-head' }, h('h1', { class: 'mono' }, id), actions),
    body,
  );
  let values = context.values;
  /** @type {Loaded | null} */
  let loaded = null;
  /** @type {Promise<{ close: () => void }> | null} */
  let dialog = null;

  const load = async () => {
    try {
      const [read, operations] = await Promise.all([readKey(scope, id, signal), loadOperations('alibaba'), readClock(values.account)]);
      loaded = read;
      draw(read, operations);
      showForm();
    } catch (error) {
      if (isAbort(error)) return;
      fill(actions);
      fill(body, errorMessage(error, () => void load()));
    }
  };

  /**
   * @param {Loaded} loaded
   * @param {readonly Operation[]} operations
   */
  const draw = ({ key, versions, tags }, operations) => {
    fill(
      actions,
      FORMS.filter((form) => form.isOffered(key)).map((form) =>
        button(t(form.title), () => go(changed({ form: form.name })), { kind: form.isDangerous ? 'danger' : '' }),
      ),
    );
    fill(
      body,
      description(key),
      h('section', {}, h('h2', {}, t('key_aliases')), aliasList(key.aliases)),
      tagsSection(tags, (tag) => void run('UntagResource', { KeyId: key.id, TagKeys: JSON.stringify([tag]) })),
      h(
        'section',
        {},
        h('h2', {}, t('versions')),
        table(
          t('versions'),
          [t('version_id'), t('secret_created_at')],
          versions.map((version) => [h('code', {}, version.id), timeElement(version.created)]),
        ),
      ),
      usesSection(key, versions, operations),
      h('details', { class: 'more' }, h('summary', {}, t('more_from', { action: 'DescribeKey' })), facts(others(key))),
    );
  };

  /** @param {readonly string[]} aliases */
  const aliasList = (aliases) => {
    if (aliases.length === 0) return h('p', { class: 'faint' }, t('key_no_aliases'));
    const items = aliases.map((name) =>
      h('li', { class: 'badge' }, name, button('×', () => void run('DeleteAlias', { AliasName: name }), { kind: 'quiet', label: t('alias_remove', { name }) })),
    );
    return h('ul', { class: 'badges tags' }, items);
  };

  /**
   * @param {string} action
   * @param {Record<string, unknown>} parameters
   */
  const run = async (action, parameters) => {
    try {
      await alibaba.run(scope, action, parameters, signal);
      announce(t('done', { action }));
      await load();
      restoreFocus();
    } catch (error) {
      if (!isAbort(error)) body.prepend(errorMessage(error));
    }
  };

  const showForm = () => {
    const form = FORMS.find((each) => each.name === values.form);
    if (!form || !loaded) {
      void dialog?.then((open) => open.close());
      return;
    }
    const { key } = loaded;
    const ondone = async () => {
      announce(t('done', { action: form.action }));
      await load();
      restoreFocus();
    };
    dialog ??= openForm(form, { scope, cloud: alibaba, fixed: { KeyId: key.id }, description: key.description }, () => void ondone(), onclose);
    dialog.catch((error) => {
      onclose();
      body.prepend(errorMessage(error));
    });
  };

  const onclose = () => {
    dialog = null;
    if (!signal.aborted && location.hash.startsWith('#/key?')) go(changed({ form: '' }), { replace: true });
  };

  void load();
  return {
    title: id,
    element,
    update: (next) => {
      values = next.values;
      showForm();
    },
    dispose: () => void dialog?.then((open) => open.close()),
  };
}

/** @param {Key} key */
function description(key) {
  return [
    h('p', { class: key.description ? null : 'faint' }, key.description || t('no_description')),
    key.plannedDeletion && message('warning', h('p', {}, richText('deletion_planned', { time: timeLeftElement(key.plannedDeletion) }))),
    facts([
      [t('key_state'), stateBadge(key.state)],
      [t('key_spec'), key.spec],
      [t('key_usage'), key.usage],
      [t('key_origin'), key.origin],
      [t('key_next_rotation'), key.nextRotation ? timeLeftElement(key.nextRotation) : h('span', { class: 'faint' }, t('key_no_rotation'))],
      [t('secret_created_at'), timeElement(key.created)],
    ]),
  ];
}

/**
 * Links to the forms of the operations that use the key.
 *
 * @param {Key} key
 * @param {Loaded['versions']} versions
 * @param {readonly Operation[]} operations
 */
function usesSection(key, versions, operations) {
  const uses = usesOf(key).flatMap((action) => operations.find((operation) => operation.action === action) ?? []);
  const rows = uses.map((operation) => [
    h('a', { href: link('call', { action: operation.action, parameters: JSON.stringify(keyParameters(key, versions, operation)) }), class: 'mono' }, operation.action),
    h('span', {}, withCode(translated(operation.summary))),
  ]);
  return h(
    'section',
    {},
    h('h2', {}, t('key_try')),
    rows.length > 0 ? table(t('key_try'), [t('journal_filter_action'), t('secret_description')], rows) : emptyState(t('key_no_uses')),
  );
}

/** The members of a description that have a separate place in the view. */
const SHOWN = new Set(['KeyId', 'KeyState', 'KeySpec', 'KeyUsage', 'Origin', 'Description', 'CreationDate', 'NextRotationDate', 'DeleteDate']);

/** @param {Key} key */
function others({ metadata }) {
  return Object.entries(metadata)
    .filter(([name, value]) => !SHOWN.has(name) && value !== '')
    .map(([name, value]) => /** @type {const} */ ([name, h('code', {}, String(value))]));
}
