// Secret values in what the clouds answer, found by the names that the values have there.

/** What may have a secret value in a reply of either cloud: what is sensitive as a parameter, and passwords made. */
const SECRET = ['SecretData', 'SecretString', 'SecretBinary', 'ExtendedConfig', 'AdditionalConfig', 'Policy', 'RandomPassword'];

const MASK = '•••';

const names = SECRET.join('|');
/** A member with a text, which may be broken off. */
const MEMBER = new RegExp(`("(?:${names})"\\s*:\\s*")((?:[^"\\\\]|\\\\.)+)`, 'gs');
const ELEMENT = new RegExp(`(<(?:${names})>)([^<]+)`, 'g');

/**
 * A reply with dots in the places of secret values. It need not be whole.
 *
 * @param {string} text
 */
export function masked(text) {
  const put = (/** @type {string} */ _, /** @type {string} */ name) => `${name}${MASK}`;
  return text.replace(MEMBER, put).replace(ELEMENT, put);
}
