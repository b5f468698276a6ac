// The operations on keys: those with a form, and those to try in the view Call.

/** @typedef {import('./keys.js').Key} Key */
/** @typedef {Omit<import('../secrets/cloud.js').Form, 'isOffered'> & { isOffered: (key: Key) => boolean }} KeyForm */

/** @type {KeyForm} */
export const CREATE_KEY = {
  name: 'create',
  action: 'CreateKey',
  title: 'create_key',
  fields: [
    { name: 'KeySpec' },
    { name: 'KeyUsage' },
    { name: 'Description' },
    { name: 'Origin', isMore: true },
    { name: 'ProtectionLevel', isMore: true },
    { name: 'EnableAutomaticRotation', isMore: true },
    { name: 'RotationInterval', isMore: true },
    { name: 'Tags', kind: 'tags', isMore: true },
  ],
  isOffered: () => true,
};

/** @type {(...states: Key['state'][]) => (key: Key) => boolean} */
const isIn = (...states) => ({ state }) => states.includes(state);

/** @param {Pick<Key, 'spec'>} key */
const isSymmetric = ({ spec }) => /AES|SM4/.test(spec);

/** The usage of keys for message authentication codes. */
const MAC = 'GENERATE/VERIFY_MAC';

/** @type {readonly KeyForm[]} */
export const FORMS = [
  { name: 'alias', action: 'CreateAlias', title: 'add_alias', fields: [{ name: 'AliasName' }], isOffered: isIn('enabled', 'disabled') },
  { name: 'tag', action: 'TagResource', title: 'add_tags', fields: [{ name: 'Tags', kind: 'tags' }], isOffered: isIn('enabled', 'disabled', 'pending_import') },
  {
    name: 'describe',
    action: 'UpdateKeyDescription',
    title: 'change_description',
    fields: [{ name: 'Description', kind: 'description' }],
    isOffered: isIn('enabled', 'disabled'),
  },
  {
    name: 'rotation',
    action: 'UpdateRotationPolicy',
    title: 'key_rotation',
    fields: [{ name: 'EnableAutomaticRotation' }, { name: 'RotationInterval' }],
    isOffered: (key) => key.state === 'enabled' && isSymmetric(key) && key.origin === 'Aliyun_KMS',
  },
  {
    name: 'version',
    action: 'CreateKeyVersion',
    title: 'create_key_version',
    fields: [],
    isOffered: (key) => key.state === 'enabled' && key.usage !== MAC && key.origin === 'Aliyun_KMS',
  },
  { name: 'enable', action: 'EnableKey', title: 'enable', fields: [], isOffered: isIn('disabled') },
  { name: 'disable', action: 'DisableKey', title: 'disable', fields: [], isOffered: isIn('enabled') },
  { name: 'restore', action: 'CancelKeyDeletion', title: 'cancel_key_deletion', fields: [], isOffered: isIn('pending_deletion') },
  {
    name: 'delete',
    action: 'ScheduleKeyDeletion',
    title: 'plan_key_deletion',
    fields: [{ name: 'PendingWindowInDays' }],
    isDangerous: true,
    isOffered: isIn('enabled', 'disabled', 'pending_import'),
  },
];

/** The operations that use a symmetric key that encrypts. */
const SYMMETRIC = ['Encrypt', 'Decrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'ReEncrypt'];

/** The operations that use other keys, by `KeyUsage`. */
const OTHERS = {
  'ENCRYPT/DECRYPT': ['AsymmetricEncrypt', 'AsymmetricDecrypt', 'GetPublicKey'],
  'SIGN/VERIFY': ['AsymmetricSign', 'AsymmetricVerify', 'GetPublicKey'],
  [MAC]: ['GenerateMac', 'VerifyMac'],
};

/**
 * The operations that use a key.
 *
 * @param {Pick<Key, 'spec' | 'usage'>} key
 * @returns {readonly string[]}
 */
export function usesOf(key) {
  if (key.usage === 'ENCRYPT/DECRYPT' && isSymmetric(key)) return SYMMETRIC;
  return OTHERS[/** @type {keyof typeof OTHERS} */ (key.usage)] ?? [];
}

/**
 * The parameters that name a key and, for a key pair, its newest version; the algorithm of a code has the name of the
 * key's spec.
 *
 * @param {Key} key
 * @param {readonly { id: string }[]} versions
 * @param {import('../shared/control_api.js').Operation} operation
 */
export function keyParameters(key, versions, operation) {
  const has = (/** @type {string} */ name) => operation.parameters.some((parameter) => parameter.name === name);
  const newest = versions.at(-1)?.id;
  return {
    ...(has('KeyId') ? { KeyId: key.id } : {}),
    ...(has('DestinationKeyId') ? { DestinationKeyId: key.id } : {}),
    ...(has('KeyVersionId') && newest ? { KeyVersionId: newest } : {}),
    ...(has('Algorithm') && key.usage === MAC ? { Algorithm: key.spec } : {}),
  };
}
