// What the views of secrets need to know about a cloud.

import { CloudError } from '../shared/errors.js';
import { alibaba } from './alibaba.js';
import { tencent } from './tencent.js';

/** @typedef {import('../shared/control_api.js').Scope} Scope */
/** @typedef {import('../shared/control_api.js').Operation} Operation */
/** @typedef {import('../i18n/index.js').TextKey} TextKey */
/** @typedef {Record<string, unknown>} Parameters */

/** @typedef {{ key: string, value: string }} Tag */
/** @typedef {'enabled' | 'disabled' | 'pending_deletion' | 'pending_import' | 'creating' | 'failed'} State The state of a secret or a key. */

/**
 * A secret as lists and descriptions return it; `null` marks what the cloud does not return there.
 *
 * @typedef {object} Secret
 * @property {string} name
 * @property {string} type
 * @property {State} state
 * @property {Date | null} plannedDeletion
 * @property {Date} created
 * @property {Date | null} updated
 * @property {string | null} description
 * @property {Tag[] | null} tags
 * @property {string} [creator] The account that created it.
 * @property {string | null} [encryptionKey] The key that encrypts it, if it can be described.
 */

/** @typedef {{ id: string, created: Date, stages: string[] | null }} Version */
/** @typedef {{ total: number, size: number, versions: Version[] }} VersionPage */

/**
 * The form of an operation on a secret.
 *
 * @typedef {object} Form
 * @property {string} name Its name in the address.
 * @property {string} action
 * @property {TextKey} title The text of the button that opens it, and its heading.
 * @property {readonly Field[]} fields
 * @property {boolean} [isDangerous]
 * @property {(scope: Scope, secret: Secret) => Parameters} [fixed] The parameters that identify the secret, if not `SecretName`.
 * @property {boolean} [isOfVersion] Whether it concerns one version, and is opened from that version.
 * @property {(secret: Secret) => boolean} isOffered
 */

/**
 * A parameter in a form, with the kind of its control if the description of the parameter does not determine it:
 *
 * - `tags`: rows of keys and values
 * - `version`: one of the versions of the secret
 * - `this_version`: the same, with the version that the form was opened from selected
 * - `new_version`: a text that starts with the name of the next version
 * - `stage`: a version stage
 * - `lines`: a list, one item per line
 * - `long`: a long text
 * - `description`: the current description of the secret, to be edited
 *
 * @typedef {object} Field
 * @property {string} name
 * @property {boolean} [isMore] Whether it is shown only on request.
 * @property {'tags' | 'version' | 'this_version' | 'new_version' | 'stage' | 'lines' | 'long' | 'description'} [kind]
 */

/**
 * @typedef {object} Cloud
 * @property {(scope: Scope, action: string, parameters: Parameters, signal?: AbortSignal) => Promise<any>} run
 *   Runs an operation. Throws a `CloudError` if the cloud returns an error.
 * @property {string} sizeParameter The parameter of `ListSecrets` for the page size.
 * @property {(list: { page: number, size: number, filters: string }) => Parameters} listParameters
 * @property {(reply: any) => { total: number, secrets: Secret[] }} readList
 * @property {readonly ('description' | 'tags' | 'updated')[]} listColumns The optional columns that the list can show.
 * @property {(filters: string) => number} countFilters
 * @property {(operation: Operation, filters: string, onchange: (filters: string) => void) => HTMLElement} filterFields
 * @property {(filters: string) => { label: string, text: string }} filtersAsJson
 * @property {(name: string) => Parameters} describeParameters
 * @property {(reply: any) => Secret} readDescription
 * @property {(name: string, page: number) => Parameters} versionsParameters
 * @property {(reply: any) => VersionPage} readVersions
 * @property {(reply: any) => { text: string, isBinary: boolean }} readValue
 * @property {(value: { text: string, isBinary: boolean }) => Parameters} valueParameters The parameters that set a value.
 * @property {(tag: Tag) => string} tagFilter The filters, as in the address, for secrets with a tag.
 * @property {{ action: string, parameters: (scope: Scope, secret: Secret) => Parameters, read: (reply: any) => Tag[] } | null} tags The
 *   operation that lists the tags of a secret; `null` if its description has them.
 * @property {(scope: Scope, secret: Secret, key: string) => { action: string, parameters: Parameters }} untag
 * @property {Record<'delete' | 'restore', { action: string, parameters: (name: string) => Parameters }>} bulk The operations on
 *   several secrets.
 * @property {{ action: string, parameter: string, parameters: (scope: Scope, secret: Secret, tags: readonly Tag[]) => Parameters }} bulkTag The operation
 *   that adds tags to a secret.
 * @property {Form} createForm
 * @property {readonly Form[]} forms
 */

const CLOUDS = /** @type {const} */ ({ alibaba, tencent });

/**
 * @param {Scope} scope
 * @returns {Cloud}
 */
export function cloudOf(scope) {
  return CLOUDS[scope.cloud];
}

/**
 * A secret with its tags, and the reply that describes it. The tags are `null` if the cloud does not return them, for example
 * because a permission is missing.
 *
 * @param {Scope} scope
 * @param {string} name
 * @param {AbortSignal} signal
 */
export async function describeSecret(scope, name, signal) {
  const cloud = cloudOf(scope);
  const reply = await cloud.run(scope, 'DescribeSecret', cloud.describeParameters(name), signal);
  const secret = cloud.readDescription(reply);
  if (cloud.tags) {
    const { action, parameters, read } = cloud.tags;
    try {
      secret.tags = read(await cloud.run(scope, action, parameters(scope, secret), signal));
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
    }
  }
  return { secret, reply };
}
