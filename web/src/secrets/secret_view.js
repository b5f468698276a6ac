// One secret: what it is, its versions with their values, and what can be done with it.

import { changed, go, link } from '../shared/address.js';
import { readClock } from '../shared/clock.js';
import { cloudOf } from './cloud.js';
import { button, facts, loading } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { CloudError, errorMessage } from '../shared/errors.js';
import { keepFocus } from '../shared/focus.js';
import { t } from '../i18n/index.js';
import { openForm } from './operation_form.js';
import { say } from '../shared/announce.js';
import { description, restOf, tagsSection, versionsSection } from './secret_sections.js';
import { isAbort } from '../shared/http.js';
import { loadOperation } from '../shared/settings.js';
import { valueElement } from './value.js';

/** @typedef {import('../main.js').Context} Context */
/** @typedef {import('./cloud.js').Secret} Secret */
/** @typedef {import('./cloud.js').Form} Form */
/** @typedef {import('./secret_sections.js').Versions} Versions */

/** @type {import('../main.js').MakeView} */
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
      const [described, versions, create] = await Promise.all([
        run(scope, 'DescribeSecret', cloud.describeParameters(name), signal),
        run(scope, 'ListSecretVersionIds', cloud.versionsParameters(name, pageOf(values)), signal),
        loadOperation(scope.cloud, 'CreateSecret'),
        readClock(),
      ]);
      known = { secret: cloud.readDescription(described), versions: cloud.readVersions(versions) };
      draw(known.secret, known.versions, restOf(described, create));
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
      description(secret),
      tagsSection(secret.tags, cloud.untag && ((key) => void removeTag(key))),
      versionsSection(versions, {
        page: pageOf(values),
        value: (id) => valueElement(id, () => readValue(id), drawing.signal),
        actions: (id) => forms.filter(({ ofVersion }) => ofVersion).map((form) => opener(form, id)),
      }),
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
    if (!signal.aborted && location.hash.startsWith('#/secret?')) go(changed({ form: '', version: '' }), { replace: true });
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

/**
 * The page of the versions that an address wants.
 *
 * @param {Readonly<Record<string, string>>} values
 */
function pageOf(values) {
  return Number(values.versions) || 1;
}
