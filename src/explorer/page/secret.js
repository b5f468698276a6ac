// One secret: what it is, its versions with their values, and what can be done with it.

import { changed, go, link } from './address.js';
import { readClock, timeElement, timeLeftElement } from './clock.js';
import { cloudOf } from './cloud.js';
import { badge, button, emptyState, facts, loading, message, table } from './components.js';
import { fill, h } from './dom.js';
import { CloudError, errorMessage } from './errors.js';
import { keepFocus } from './focus.js';
import { t } from './i18n.js';
import { openForm } from './operation_form.js';
import { pager } from './pager.js';
import { say } from './say.js';
import { isAbort } from './server.js';
import { loadOperation } from './settings.js';
import { stateBadge } from './state.js';
import { tagText } from './tags.js';
import { valueElement } from './value.js';

/** @typedef {import('./main.js').Context} Context */
/** @typedef {import('./cloud.js').Secret} Secret */
/** @typedef {import('./cloud.js').Version} Version */
/** @typedef {import('./cloud.js').Form} Form */
/** @typedef {{ total: number, size: number, versions: Version[] }} Versions */

/** @type {import('./main.js').MakeView} */
export function view(context) {
  const { scope, signal } = context;
  const name = context.values.name ?? '';
  const cloud = cloudOf(scope);
  const actions = h('div', { class: 'row' });
  const body = h('div', {}, loading());
  const element = h(
    'div',
    {},
    h('p', {}, h('a', { href: link('secrets') }, t('back_to_secrets'))),
    h('div', { class: 'row apart view-head' }, h('h1', { class: 'mono' }, name), actions),
    body,
  );

  let values = context.values;
  /** @type {{ secret: Secret, versions: Versions } | null} */
  let known = null;
  /** What hides the values that are shown, when they are drawn anew. */
  let drawing = new AbortController();
  /** @type {Promise<{ close: () => void }> | null} */
  let dialog = null;

  /** @type {import('./cloud.js').Cloud['run']} */
  const run = cloud.run;

  const load = async () => {
    try {
      const page = Number(values.versions) || 1;
      const [description, versions, create] = await Promise.all([
        run(scope, 'DescribeSecret', cloud.describeParameters(name), signal),
        run(scope, 'ListSecretVersionIds', cloud.versionsParameters(name, page), signal),
        loadOperation(scope.cloud, 'CreateSecret'),
        readClock(),
      ]);
      known = { secret: cloud.readDescription(description), versions: cloud.readVersions(versions) };
      draw(known.secret, known.versions, restOf(description, create));
      showForm();
    } catch (error) {
      if (isAbort(error)) return;
      fill(actions);
      fill(body, errorMessage(error, () => void load()), error instanceof CloudError && h('p', {}, t('secret_missing')));
    }
  };

  /**
   * @param {Secret} secret
   * @param {Versions} versions
   * @param {[string, string][]} rest
   */
  const draw = (secret, versions, rest) => {
    drawing.abort();
    drawing = new AbortController();
    const forms = cloud.forms.filter((form) => form.offered(secret));
    fill(actions, forms.filter(({ ofVersion }) => !ofVersion).map((form) => opener(form)));
    fill(
      body,
      secret.plannedDeletion && message('warning', h('p', {}, t('deletion_planned'), ' ', timeLeftElement(secret.plannedDeletion))),
      facts([
        [t('secret_description'), secret.description || h('span', { class: 'faint' }, t('no_description'))],
        [t('secret_type'), secret.type],
        [t('secret_state'), stateBadge(secret.state)],
        [t('secret_created_at'), timeElement(secret.created)],
        ...(secret.updated ? [/** @type {[string, Node]} */ ([t('secret_updated_at'), timeElement(secret.updated)])] : []),
      ]),
      tagsSection(secret),
      versionsSection(versions, forms.filter(({ ofVersion }) => ofVersion)),
      h('details', { class: 'more' }, h('summary', {}, t('more_facts')), facts(rest.map(([key, value]) => [key, h('code', {}, value)]))),
    );
  };

  /**
   * @param {Form} form
   * @param {string} [version]
   */
  const opener = (form, version) =>
    button(t(form.title), () => go(changed({ form: form.name, version })), {
      kind: form.dangerous ? 'danger' : '',
      label: version && t('of_version', { action: t(form.title), version }),
    });

  /** @param {Secret} secret */
  const tagsSection = (secret) => {
    if (!secret.tags) return h('section', {}, h('h2', {}, t('secret_tags')), h('p', { class: 'faint' }, t('tags_not_told')));
    const list = secret.tags.map((tag) =>
      h('li', { class: 'badge' }, tagText(tag), cloud.untag && button('×', () => void removeTag(tag.key), { kind: 'quiet', label: t('tag_remove', { tag: tagText(tag) }) })),
    );
    const none = h('p', { class: 'faint' }, t('no_tags'));
    return h('section', {}, h('h2', {}, t('secret_tags')), list.length > 0 ? h('ul', { class: 'badges tags' }, list) : none);
  };

  /** @param {string} key */
  const removeTag = async (key) => {
    if (!cloud.untag) return;
    const { action, parameters } = cloud.untag(name, key);
    try {
      await run(scope, action, parameters, signal);
      say(t('done', { action }));
      await load();
      keepFocus();
    } catch (error) {
      if (!isAbort(error)) body.prepend(errorMessage(error));
    }
  };

  /**
   * @param {Versions} versions
   * @param {Form[]} forms
   */
  const versionsSection = ({ total, size, versions }, forms) => {
    const hasStages = versions.some(({ stages }) => stages !== null);
    const columns = [t('version_id'), ...(hasStages ? [t('version_stages')] : []), t('secret_created_at'), t('version_value')];
    if (forms.length > 0) columns.push(t('version_actions'));
    const rows = versions.map(({ id, created, stages }) => [
      h('code', {}, id),
      ...(hasStages ? [stages && stages.length > 0 && h('div', { class: 'badges' }, stages.map((stage) => badge(stage)))] : []),
      timeElement(created),
      valueElement(id, () => readValue(id), drawing.signal),
      ...(forms.length > 0 ? [h('div', { class: 'row' }, forms.map((form) => opener(form, id)))] : []),
    ]);
    const list = versions.length > 0 ? table(t('versions'), columns, rows) : emptyState(t('no_versions'), h('p', {}, t('no_versions_next')));
    const pages = total > size && pager({ page: Number(values.versions) || 1, size, total, name: 'versions' });
    return h('section', {}, h('h2', {}, t('versions')), list, pages);
  };

  /** @param {string} version */
  const readValue = async (version) =>
    cloud.readValue(await run(scope, 'GetSecretValue', { SecretName: name, VersionId: version }, drawing.signal));

  const showForm = () => {
    const form = cloud.forms.find((each) => each.name === values.form);
    if (!form || !known) {
      void dialog?.then((open) => open.close());
      return;
    }
    const versions = known.versions.versions;
    const stages = new Set(versions.flatMap((version) => version.stages ?? []));
    dialog ??= openForm(
      form,
      {
        scope,
        cloud,
        fixed: { SecretName: name },
        description: known.secret.description ?? '',
        versions: versions.map(({ id }) => id),
        stages: [...stages],
        version: values.version,
      },
      () => void finished(form),
      closed,
    );
    dialog.catch((error) => {
      closed();
      body.prepend(errorMessage(error));
    });
  };

  const closed = () => {
    dialog = null;
    if (location.hash.startsWith('#/secret?')) go(changed({ form: '', version: '' }), { replace: true });
  };

  /** @param {Form} form */
  const finished = async (form) => {
    say(t('done', { action: form.action }));
    context.countSecrets();
    if (form.dangerous && !form.ofVersion && (await isGone())) {
      go(link('secrets'));
      return;
    }
    await load();
    keepFocus();
  };

  const isGone = () =>
    run(scope, 'DescribeSecret', cloud.describeParameters(name), signal).then(
      () => false,
      () => true,
    );

  void load();
  return {
    title: name,
    element,
    update: (now) => {
      const isOtherPage = now.values.versions !== values.versions;
      values = now.values;
      if (isOtherPage) void load();
      else showForm();
    },
    dispose: () => {
      drawing.abort();
      void dialog?.then((open) => open.close());
    },
  };
}

/** Members of a description that are shown by themselves. */
const SHOWN = new Set(['RequestId', 'SecretName', 'Description', 'CreateTime', 'UpdateTime', 'Status', 'Tags', 'SecretType']);

/**
 * The rest of a description under the names that the cloud has for it, without what may be secret.
 *
 * @param {Record<string, unknown>} description
 * @param {import('./settings.js').Operation} create
 * @returns {[string, string][]}
 */
function restOf(description, create) {
  const sensitive = new Set(create.parameters.filter((each) => each.sensitive).map((each) => each.name));
  return Object.entries(description)
    .filter(([key]) => !SHOWN.has(key) && !sensitive.has(key))
    .map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]);
}
