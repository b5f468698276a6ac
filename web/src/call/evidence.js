// The evidence for the behaviour of an operation. The server describes it as one text: `documented, SDK; order: assumption`.

/**
 * What a part of the behaviour is based on. `about` is empty for the operation as a whole.
 *
 * @typedef {{ about: string[], sources: string[] }} Evidence
 */

/**
 * @param {string} text
 * @returns {Evidence[]}
 */
export function parseEvidence(text) {
  return split(text, ';').map((clause) => {
    const parts = split(clause, ':');
    const sources = parts.pop() ?? '';
    return { about: parts.length > 0 ? split(parts.join(': '), ',') : [], sources: split(sources, ',') };
  });
}

/**
 * Splits at separators that a space follows and that are not in parentheses.
 *
 * @param {string} text
 * @param {string} separator
 */
function split(text, separator) {
  const parts = [''];
  let depth = 0;
  for (const word of text.split(' ')) {
    depth += word.split('(').length - word.split(')').length;
    const isEnd = depth === 0 && word.endsWith(separator);
    parts[parts.length - 1] += ` ${isEnd ? word.slice(0, -1) : word}`;
    if (isEnd) parts.push('');
  }
  return parts.map((part) => part.trim()).filter(Boolean);
}

/**
 * A source in the words that are translated: the kind, and a note in parentheses.
 *
 * @param {string} source
 * @returns {{ kind: string, note: string }}
 */
export function parseSource(source) {
  const [, kind = source, note = ''] = /^(.*?) \((.*)\)$/.exec(source) ?? [];
  return { kind, note };
}

/** The kinds of sources that are explained. */
export const KINDS = /** @type {const} */ (['documented', 'SDK', 'recorded', 'assumption']);

/**
 * The parts of an evidence that are translated.
 *
 * @param {string} text
 */
export function phrasesOf(text) {
  return parseEvidence(text).flatMap(({ about, sources }) => [
    ...about,
    ...sources.flatMap((source) => Object.values(parseSource(source)).filter(Boolean)),
  ]);
}
