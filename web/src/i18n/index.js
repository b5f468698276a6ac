// The texts of the page in the user's language.

import { browserStorage } from '../shared/storage.js';
import { en } from './en/index.js';
import { hash } from './hash.js';

/** @typedef {keyof typeof en} TextKey */
/** @typedef {'en' | 'zh-CN'} Language */

/** The languages by their own names. */
export const LANGUAGES = /** @type {const} */ ({ en: 'English', 'zh-CN': '简体中文' });

/**
 * The language to start with: the one chosen before, or the first of the browser's languages that the page has.
 *
 * @param {string | null} chosen
 * @param {readonly string[]} languages
 * @returns {Language}
 */
export function preferredLanguage(chosen, languages) {
  if (chosen === 'en' || chosen === 'zh-CN') return chosen;
  const first = languages.find((name) => /^(en|zh)\b/i.test(name));
  return first && /^zh/i.test(first) ? 'zh-CN' : 'en';
}

/** @type {Language | null} */
let current = null;
/** @type {Readonly<Record<TextKey, string>>} English until the texts of another language are loaded. */
let texts = en;
/** @type {Readonly<Record<string, string>>} Translations of the server's sentences about operations, by their hashes after the build. */
let sentences = {};
/** @type {typeof import('./zh/mistakes.js') | null} Translations of the sentences about mistakes in signatures, by code. */
let signatures = null;
/** @type {Readonly<Record<string, string>>} Translations of the hints of the emulator, by code. */
let hints = {};
/** @type {(code: string, message: string) => string} The message of an error of the control API in the user's language. */
let controlMessage = (_, message) => message;

/** @returns {Language} */
export function language() {
  current ??= preferredLanguage(browserStorage.read('language'), navigator.languages);
  return current;
}

/**
 * The language for the error messages of the clouds, as `/_emulator/call` takes it.
 *
 * @returns {'en-US' | 'zh-CN'}
 */
export function messageLanguage() {
  return language() === 'en' ? 'en-US' : 'zh-CN';
}

/** @param {Language} name */
export function setLanguage(name) {
  browserStorage.write('language', name);
  current = name;
}

/** Loads the texts of the language. */
export async function loadTexts() {
  if (language() === 'zh-CN') {
    const [chinese, operations, evidence, mistakes, emulator, control] = await Promise.all([
      import('./zh/index.js'),
      import('./zh/operations.js'),
      import('./zh/evidence.js'),
      import('./zh/mistakes.js'),
      import('./zh/hints.js'),
      import('./zh/errors.js'),
    ]);
    texts = chinese.zh;
    sentences = { ...operations.sentences, ...evidence.evidence };
    signatures = mistakes;
    hints = emulator.hints;
    controlMessage = (code, message) => {
      const sentence = control.errors[code];
      if (!sentence) return message;
      return control.DETAILED.includes(code) ? `${sentence}（${message}）` : sentence;
    };
  } else {
    texts = en;
    sentences = {};
    signatures = null;
    hints = {};
    controlMessage = (_, message) => message;
  }
}

/**
 * A text, with each `{name}` replaced by the value of that name.
 *
 * @param {TextKey} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  return richText(key, values).join('');
}

/**
 * A text in parts, with each `{name}` replaced by the value of that name, which can be an element.
 *
 * @template Value
 * @param {TextKey} key
 * @param {Record<string, Value>} values
 * @returns {(Value | string)[]}
 */
export function richText(key, values) {
  return filledIn(texts[key], values);
}

/**
 * @template Value
 * @param {string} text
 * @param {Record<string, Value>} values
 */
function filledIn(text, values) {
  // Splitting by a pattern with a group gives text and names in turn.
  return text.split(/\{(\w+)\}/).map((part, index) => (index % 2 === 0 ? part : (values[part] ?? `{${part}}`)));
}

/**
 * A sentence of the server about an operation in the user's language; in English if it has no translation.
 *
 * @param {string} sentence
 */
export function translated(sentence) {
  return sentences[hash(sentence)] ?? sentences[sentence] ?? sentence;
}

/** @typedef {import('../shared/control_api.js').Mistake} Mistake */
/** @typedef {import('../shared/control_api.js').Mismatch} Mismatch */

/**
 * The mistake that makes a signature wrong, in the user's language; `null` for English, which the server sends.
 *
 * @param {'alibaba' | 'tencent'} cloud
 * @param {Mistake} mistake
 */
function mistakeSentence(cloud, mistake) {
  const sentence = signatures?.mistakes[mistake];
  if (sentence === undefined) return null;
  const names =
    cloud === 'alibaba'
      ? { keyId: 'AccessKey ID', secret: 'AccessKey Secret' }
      : { keyId: 'SecretId', secret: 'SecretKey' };
  return filledIn(sentence, names).join('');
}

/** How many characters around a difference are shown. */
const SURROUNDINGS = 24;

/**
 * The reason why a signature was rejected, in the user's language: the mistake, the signed host and the first difference.
 *
 * @param {'alibaba' | 'tencent'} cloud
 * @param {Mismatch} mismatch
 */
export function diagnosisText(cloud, { mistake, diagnosis, server, client, signed_host: host, first_difference: index }) {
  const sentence = mistakeSentence(cloud, mistake);
  if (!sentence || !signatures) return diagnosis;
  const { details } = signatures;
  const around = (/** @type {string} */ text) => JSON.stringify([...text].slice(Math.max(0, (index ?? 0) - SURROUNDINGS / 2)).slice(0, SURROUNDINGS).join(''));
  return [
    sentence,
    ...(host ? filledIn(details.host, { host: JSON.stringify(host) }) : []),
    ...(client && typeof index === 'number' ? filledIn(details.difference, { index, client: around(client), server: around(server) }) : []),
  ].join('');
}

/**
 * The message of an error of the control API, in the user's language.
 *
 * @param {{ code: string, message: string }} error
 */
export function controlSentence({ code, message }) {
  return controlMessage(code, message);
}

/**
 * The hints of the emulator about a request, in the user's language; in English if one has no translation.
 *
 * @param {'alibaba' | 'tencent'} cloud The cloud of the request.
 * @param {readonly import('../shared/control_api.js').Hint[]} list
 * @param {string} english The hints in one line, as clients get them.
 */
export function hintSentence(cloud, list, english) {
  const sentences = list.map((hint) => {
    if (hint.code === 'signature') return mistakeSentence(cloud, hint.arguments.mistake);
    const sentence = hints[hint.code];
    return sentence && filledIn(sentence, 'arguments' in hint ? translatedArguments(hint.arguments) : {}).join('');
  });
  return sentences.length > 0 && sentences.every(Boolean) ? sentences.join('；') : english;
}

/**
 * The codes of the hints, and of the mistakes in signatures, whose sentences in the user's language contain a word; none in
 * English, in which the server searches.
 *
 * @param {string} word
 */
export function hintCodes(word) {
  const known = Object.entries({ ...hints, ...signatures?.mistakes });
  const contains = (/** @type {string} */ sentence) => sentence.replace(/\{\w+\}/g, '').toLowerCase().includes(word.toLowerCase());
  return known.filter(([, sentence]) => contains(sentence)).map(([code]) => code);
}

/** @param {Record<string, string>} values */
function translatedArguments({ cloud, rule, ...others }) {
  return { ...others, rule: rule && translated(rule), cloud: cloud && t(cloud === 'tencent' ? 'cloud_tencent' : 'cloud_alibaba') };
}

/**
 * Sentences in one line.
 *
 * @param {readonly string[]} list
 */
export function joined(list) {
  return list.join(language() === 'en' ? ' ' : '');
}
