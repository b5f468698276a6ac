// Converts the parameters of a journal entry, which are texts, to those of a call.

import { STORED_MASK } from '../shared/mask.js';

/** @typedef {import('../shared/control_api.js').Operation} Operation */
/** @typedef {import('../shared/control_api.js').Parameter} Parameter */
/** @typedef {Record<string, string>} Texts */

/**
 * Whether a value is masked.
 *
 * @param {Texts} texts
 */
export function hasMask(texts) {
  return Object.values(texts).some((text) => text.includes(STORED_MASK));
}

/**
 * The parameters for `/_emulator/call`. Masked values stay masked.
 *
 * @param {Pick<Operation, 'cloud' | 'parameters'>} operation
 * @param {Texts} texts
 * @returns {Record<string, unknown>}
 */
export function callParameters(operation, texts) {
  const rest = { ...texts };
  /** @type {Record<string, unknown>} */
  const parameters = {};
  for (const parameter of operation.parameters) {
    const text = rest[parameter.name];
    const value = text === undefined ? takeNumbered(parameter, rest) : valueOf(operation, parameter, text);
    delete rest[parameter.name];
    if (value !== undefined) parameters[parameter.name] = value;
  }
  return { ...parameters, ...rest };
}

/**
 * @param {Pick<Operation, 'cloud'>} operation
 * @param {Pick<Parameter, 'type'>} parameter
 * @param {string} text
 */
function valueOf({ cloud }, { type }, text) {
  if (cloud === 'alibaba' || type === 'text' || type === 'json') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * The value of a list that was sent as several parameters: `Tag.1.Key`, `Tag.1.Value`. Removes them from the texts.
 *
 * @param {Pick<Parameter, 'name' | 'type'>} parameter
 * @param {Texts} texts
 */
function takeNumbered({ name, type }, texts) {
  if (type !== 'list' && type !== 'tag_list') return undefined;
  /** @type {Map<number, any>} */
  const items = new Map();
  for (const key of Object.keys(texts)) {
    const [first, index, member] = key.split('.');
    if (first !== name || !/^\d+$/.test(index ?? '')) continue;
    const position = Number(index);
    if (type === 'list') items.set(position, texts[key]);
    else items.set(position, { ...items.get(position), [member ?? '']: texts[key] });
    delete texts[key];
  }
  if (items.size === 0) return undefined;
  return [...items].sort(([one], [other]) => one - other).map(([, item]) => item);
}
