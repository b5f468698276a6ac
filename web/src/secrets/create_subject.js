// What the form for a new secret starts with: nothing, or the parts of an existing secret.

import { describeSecret } from './cloud.js';

/** @typedef {import('./operation_form.js').Subject} Subject */

/** The version of a new secret, unless the user enters another one. */
const FIRST_VERSION = 'v1';

/**
 * @param {import('../main.js').Context} context
 * @param {import('./cloud.js').Cloud} cloud
 * @returns {Promise<Subject>}
 */
export async function createSubject({ scope, values: { from }, signal }, cloud) {
  /** @type {Subject} */
  const empty = { scope, cloud, fixed: {}, values: { VersionId: FIRST_VERSION } };
  if (!from) return empty;
  const { secret: { description, tags } } = await describeSecret(scope, from, signal);
  /** The version to copy. Alibaba Cloud returns the current one without an id. */
  const version = async () => {
    if (scope.cloud === 'alibaba') return {};
    const { versions } = cloud.readVersions(await cloud.run(scope, 'ListSecretVersionIds', cloud.versionsParameters(from, 1), signal));
    const newest = versions.toSorted((one, other) => other.created.getTime() - one.created.getTime())[0];
    return newest ? { VersionId: newest.id } : {};
  };
  return {
    ...empty,
    values: { ...empty.values, SecretName: `${from}-copy`, Description: description ?? '' },
    tags: tags ?? [],
    // The value is read when the form is submitted, so that it is not in the page.
    missing: async () => cloud.valueParameters(cloud.readValue(await cloud.run(scope, 'GetSecretValue', { SecretName: from, ...(await version()) }, signal))),
  };
}
