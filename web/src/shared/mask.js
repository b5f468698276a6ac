// Masks secret values in responses of the clouds.

/**
 * Members that can have a secret value in a response of either cloud: values and configurations of secrets, plaintexts,
 * private keys, import tokens, generated passwords and temporary keys. The search of the journal masks the same members.
 */
const SENSITIVE = [
  ...['SecretData', 'SecretString', 'SecretBinary', 'ExtendedConfig', 'AdditionalConfig', 'Policy', 'RandomPassword'],
  ...['Plaintext', 'PrivateKey', 'ImportToken', 'AccessKeySecret', 'SecurityToken', 'TmpSecretKey', 'Token'],
];

/** Shown instead of a secret value. */
export const MASK = '•••';
/** What the journal stores instead of a secret value. */
export const STORED_MASK = '***';

const names = SENSITIVE.join('|');
/** A JSON member with a string, which a fault may have truncated. */
const MEMBER = new RegExp(`("(?:${names})"\\s*:\\s*")(?!\\*{3}")((?:[^"\\\\]|\\\\.)+)`, 'gs');
const ELEMENT = new RegExp(`(<(?:${names})>)([^<]+)`, 'g');

/**
 * A response body with secret values masked. It may be truncated JSON or XML.
 *
 * @param {string} body
 */
export function maskBody(body) {
  const replacement = (/** @type {string} */ _, /** @type {string} */ start) => `${start}${MASK}`;
  return body.replace(MEMBER, replacement).replace(ELEMENT, replacement);
}
