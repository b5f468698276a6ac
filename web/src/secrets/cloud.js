// What the views need of a cloud, whichever it is.

import { alibaba } from './alibaba.js';
import { tencent } from './tencent.js';

/** @typedef {import('../shared/scope.js').Scope} Scope */
/** @typedef {import('../shared/settings.js').Operation} Operation */
/** @typedef {import('../i18n/index.js').TextKey} TextKey */
/** @typedef {Record<string, unknown>} Parameters */

/** @typedef {{ key: string, value: string }} Tag */
/** @typedef {'enabled' | 'disabled' | 'pending_deletion' | 'creating' | 'failed'} State */

/**
 * What both lists and descriptions tell of a secret. `null` stands for what the cloud does not
 * tell there.
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
 */

/** @typedef {{ id: string, created: Date, stages: string[] | null }} Version */

/**
 * A form of an operation on a secret.
 *
 * @typedef {object} Form
 * @property {string} name Its name in the address.
 * @property {string} action
 * @property {TextKey} title What the button says that opens it, and its heading.
 * @property {readonly Field[]} fields
 * @property {boolean} [dangerous]
 * @property {boolean} [ofVersion] It is about one version, and opened there.
 * @property {(secret: Secret) => boolean} offered
 */

/**
 * A parameter in a form. Its kind says how it is given, where the parameter's description does not:
 * as tags, as a version of the secret, the one of the form's own first or not, as a label of a
 * version, as lines of which each is a text, as a text of several lines, or as the present
 * description, to be changed.
 *
 * @typedef {object} Field
 * @property {string} name
 * @property {'tags' | 'version' | 'this_version' | 'stage' | 'lines' | 'long' | 'description'} [kind]
 */

/**
 * @typedef {object} Cloud
 * @property {(scope: Scope, action: string, parameters: Parameters, signal?: AbortSignal) => Promise<any>} run
 *   Carries out an operation; a refusal is thrown as a `CloudError`.
 * @property {string} sizeParameter The parameter of `ListSecrets` that has the size of a page.
 * @property {(list: { page: number, size: number, filters: string }) => Parameters} listParameters
 * @property {(reply: any) => { total: number, secrets: Secret[] }} readList
 * @property {readonly ('description' | 'tags' | 'updated')[]} listed What of the columns the list tells.
 * @property {(filters: string) => number} countFilters
 * @property {(operation: Operation, filters: string, onchange: (filters: string) => void) => HTMLElement} filterFields
 * @property {(filters: string) => { label: string, text: string }} filtersAsJson
 * @property {(name: string) => Parameters} describeParameters
 * @property {(reply: any) => Secret} readDescription
 * @property {(name: string, page: number) => Parameters} versionsParameters
 * @property {(reply: any) => { total: number, size: number, versions: Version[] }} readVersions
 * @property {(reply: any) => { text: string, isBinary: boolean }} readValue
 * @property {((name: string, key: string) => { action: string, parameters: Parameters }) | null} untag
 * @property {Form} create
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
