// Parameters as they stand in the journal, which has the texts of the wire, as a call takes them.

/** @typedef {import('../shared/settings.js').Operation} Operation */
/** @typedef {import('../shared/settings.js').Parameter} Parameter */
/** @typedef {Record<string, string>} Texts */

const MASK = '***';

/**
 * The same parameters for a call; `null` where a value is masked.
 *
 * @param {Operation} operation
 * @param {Texts} texts
 * @returns {Record<string, unknown> | null}
 */
export function callParameters(operation, texts) {
  if (Object.values(texts).some((text) => text === MASK)) return null;
  const rest = { ...texts };
  /** @type {Record<string, unknown>} */
  const parameters = {};
  for (const parameter of operation.parameters) {
    const value =
      rest[parameter.name] === undefined ? numbered(parameter, rest) : valueOf(operation, parameter, rest[parameter.name] ?? '');
    delete rest[parameter.name];
    if (value !== undefined) parameters[parameter.name] = value;
  }
  return { ...parameters, ...rest };
}

/**
 * @param {Operation} operation
 * @param {Parameter} parameter
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
 * The value of a parameter that is sent in parts: `Tag.1.Key`, `Tag.1.Value`. They are taken out of the texts.
 *
 * @param {Parameter} parameter
 * @param {Texts} texts
 */
function numbered({ name, type }, texts) {
  if (type !== 'list' && type !== 'tag_list') return undefined;
  /** @type {Map<number, any>} */
  const items = new Map();
  for (const key of Object.keys(texts)) {
    const [first, index, member] = key.split('.');
    if (first !== name || !/^\d+$/.test(index ?? '')) continue;
    const at = Number(index);
    if (type === 'list') items.set(at, texts[key]);
    else items.set(at, { ...items.get(at), [member ?? '']: texts[key] });
    delete texts[key];
  }
  if (items.size === 0) return undefined;
  return [...items].sort(([one], [other]) => one - other).map(([, item]) => item);
}
