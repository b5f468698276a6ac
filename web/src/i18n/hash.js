// A short key of an English sentence.

/**
 * The build replaces the English sentences in the tables of translations by these keys, because the server sends the
 * sentences anyway.
 *
 * @param {string} text
 */
export function hash(text) {
  let value = 0;
  for (const character of text) value = (Math.imul(value, 31) + (character.codePointAt(0) ?? 0)) | 0;
  // 24 bits: a sentence without a translation has the key of another one once in about 30,000 cases.
  return (value & 0xff_ffff).toString(36);
}
