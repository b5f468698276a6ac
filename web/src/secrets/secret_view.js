// The view of a secret: its metadata, its versions with their values, and the operations on it.

import { t } from '../i18n/index.js';
import { changed, go, link } from '../shared/address.js';
import { announce } from '../shared/announce.js';
import { readClock } from '../shared/clock.js';
import { button, facts, loading } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/error_message.js';
import { CloudError, isAbort } from '../shared/errors.js';
import { restoreFocus } from '../shared/focus.js';
import { loadOperation } from '../shared/operations.js';
import { keyElement } from '../keys/key_badge.js';
import { cloudOf, describeSecret } from './cloud.js';
import { openForm } from './operation_form.js';
import { descriptionSection, otherMembers, tagsSection, versionsSection } from './secret_sections.js';
import { valueElement } from './value.js';

/** @typedef {import('../main.js').Context} Context */
/** @typedef {import('./cloud.js').Secret} Secret */
/** @typedef {import('./cloud.js').Form} Form */
/** @typedef {import('./cloud.js').VersionPage} VersionPage */

/** @type {import('../main.js').CreateView} */
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
  /** @type {{ secret: Secret, versions: VersionPage } | null} */
  let loaded = null;
  /** Hides the values when the view is drawn again. */
  let drawing = new AbortController();
  /** @type {Promise<{ close: () => void }> | null} */
  let dialog = null;

  /** @type {import('./cloud.js').Cloud['run']} */
  const run = cloud.run;

  const load = async () => {
    try {
      const [{ secret, reply }, versions, create] = await Promise.all([
        describeSecret(scope, name, signal),
        run(scope, 'ListSecretVersionIds', cloud.versionsParameters(name, pageOf(values)), signal),
        loadOperation(scope.cloud, 'CreateSecret'),
        readClock(values.account),
      ]);
      loaded = { secret, versions: cloud.readVersions(versions) };
      draw(secret, loaded.versions, otherMembers(reply, create));
      showForm();
    } catch (error) {
      if (isAbort(error)) return;
      fill(actions);
      fill(body, errorMessage(error, () => void load()), error instanceof CloudError && /ResourceNotFound/.test(error.code) && h('p', {}, t('secret_missing')));
    }
  };

  /**
   * @param {Secret} secret
   * @param {VersionPage} versions
   * @param {[string, string][]} others
   */
  const draw = (secret, versions, others) => {
    drawing.abort();
    drawing = new AbortController();
    const forms = cloud.forms.filter((form) => form.isOffered(secret));
    fill(
      actions,
      canDuplicate(secret) && h('a', { class: 'button', href: link('secrets', { form: 'create', from: name }) }, t('duplicate')),
      forms.filter(({ isOfVersion }) => !isOfVersion).map((form) => formButton(form)),
    );
    fill(
      body,
      descriptionSection(secret, secret.encryptionKey && keyElement(scope, secret.encryptionKey, drawing.signal)),
      tagsSection(secret.tags, (key) => void removeTag(secret, key)),
      versionsSection(versions, {
        page: pageOf(values),
        canPut: forms.some((form) => form.name === 'put'),
        value: (id) => valueElement(id, () => readValue(id), drawing.signal),
        actions: (id) => forms.filter(({ isOfVersion }) => isOfVersion).map((form) => formButton(form, id)),
      }),
      h(
        'details',
        { class: 'more' },
        h('summary', {}, t('more_from', { action: 'DescribeSecret' })),
        facts(others.map(([name, value]) => [name, h('code', {}, value)])),
      ),
    );
  };

  /**
   * @param {Form} form
   * @param {string} [version]
   */
  const formButton = (form, version) =>
    button(t(form.title), () => go(changed({ form: form.name, version })), {
      kind: form.isDangerous ? 'danger' : '',
      label: version && t('action_on', { action: t(form.title), name: version }),
    });

  /**
   * @param {Secret} secret
   * @param {string} key
   */
  const removeTag = async (secret, key) => {
    const { action, parameters } = cloud.untag(scope, secret, key);
    try {
      await run(scope, action, parameters, signal);
      announce(t('done', { action }));
      await load();
      restoreFocus();
    } catch (error) {
      if (!isAbort(error)) body.prepend(errorMessage(error));
    }
  };

  /** @param {string} version */
  const readValue = async (version) =>
    cloud.readValue(await run(scope, 'GetSecretValue', { SecretName: name, VersionId: version }, drawing.signal));

  const showForm = () => {
    const form = cloud.forms.find((each) => each.name === values.form);
    if (!form || !loaded) {
      void dialog?.then((open) => open.close());
      return;
    }
    const versions = loaded.versions.versions;
    const stages = new Set(versions.flatMap((version) => version.stages ?? []));
    dialog ??= openForm(
      form,
      {
        scope,
        cloud,
        fixed: form.fixed?.(scope, loaded.secret) ?? { SecretName: name },
        description: loaded.secret.description ?? '',
        versions: versions.map(({ id }) => id),
        stages: [...stages],
        version: values.version,
      },
      () => void finished(form),
      onclose,
    );
    dialog.catch((error) => {
      onclose();
      body.prepend(errorMessage(error));
    });
  };

  const onclose = () => {
    dialog = null;
    if (!signal.aborted && location.hash.startsWith('#/secret?')) go(changed({ form: '', version: '' }), { replace: true });
  };

  /** @param {Form} form */
  const finished = async (form) => {
    announce(t('done', { action: form.action }));
    context.countSecrets();
    if (form.isDangerous && !form.isOfVersion && (await isGone())) {
      go(link('secrets'));
      return;
    }
    await load();
    restoreFocus();
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
    update: (next) => {
      const isOtherPage = next.values.versions !== values.versions;
      values = next.values;
      if (isOtherPage) void load();
      else showForm();
    },
    dispose: () => {
      drawing.abort();
      void dialog?.then((open) => open.close());
    },
  };
}

/**
 * Whether a secret can be created with the same parts.
 *
 * @param {Secret} secret
 */
function canDuplicate({ state, type }) {
  return state !== 'pending_deletion' && (type === 'Generic' || type === t('type_own'));
}

/**
 * The page of the versions in an address.
 *
 * @param {Readonly<Record<string, string>>} values
 */
function pageOf(values) {
  return Number(values.versions) || 1;
}
