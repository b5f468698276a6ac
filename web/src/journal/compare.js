// Compares two texts character by character.

/** @typedef {{ text: string, isMarked: boolean }} Segment */

/** A percent-encoded byte is one token, also if it is encoded twice: `%2520` never gets a mark in its middle. */
const TOKEN = /%25[0-9A-Fa-f]{2}|%[0-9A-Fa-f]{2}|[\s\S]/gu;

/** The largest table for the comparison. Larger texts are marked from the first to the last difference. */
const MAX_CELLS = 4_000_000;

/** Equal parts shorter than this between two differences are marked too, so that marks are readable. */
const MIN_EQUAL = 2;

/**
 * The two texts in segments, with those marked that only one of them has.
 *
 * @param {string} one
 * @param {string} other
 * @returns {{ one: Segment[], other: Segment[] }}
 */
export function compare(one, other) {
  const left = one.match(TOKEN) ?? [];
  const right = other.match(TOKEN) ?? [];
  const start = commonPrefix(left, right);
  const end = commonSuffix(left.slice(start), right.slice(start));
  const leftMiddle = left.slice(start, left.length - end);
  const rightMiddle = right.slice(start, right.length - end);
  const kept = keptTokens(leftMiddle, rightMiddle);
  const frame = (/** @type {Iterable<boolean>} */ middle) => [
    ...Array(start).fill(true),
    ...middle,
    ...Array(end).fill(true),
  ];
  return { one: segments(left, frame(kept.left)), other: segments(right, frame(kept.right)) };
}

/**
 * @param {readonly string[]} left
 * @param {readonly string[]} right
 */
function commonPrefix(left, right) {
  const most = Math.min(left.length, right.length);
  let count = 0;
  while (count < most && left[count] === right[count]) count += 1;
  return count;
}

/**
 * @param {readonly string[]} left
 * @param {readonly string[]} right
 */
function commonSuffix(left, right) {
  const most = Math.min(left.length, right.length);
  let count = 0;
  while (count < most && left[left.length - 1 - count] === right[right.length - 1 - count]) count += 1;
  return count;
}

/**
 * Which tokens belong to the longest common subsequence.
 *
 * @param {readonly string[]} left
 * @param {readonly string[]} right
 */
function keptTokens(left, right) {
  const kept = { left: Array(left.length).fill(false), right: Array(right.length).fill(false) };
  const width = right.length + 1;
  if ((left.length + 1) * width > MAX_CELLS) return kept;
  const lengths = new Uint16Array((left.length + 1) * width);
  const at = (/** @type {number} */ row, /** @type {number} */ column) => lengths[row * width + column] ?? 0;
  for (let row = left.length - 1; row >= 0; row -= 1) {
    for (let column = right.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] =
        left[row] === right[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  let row = 0;
  let column = 0;
  while (row < left.length && column < right.length) {
    if (left[row] === right[column]) {
      kept.left[row] = true;
      kept.right[column] = true;
      row += 1;
      column += 1;
    } else if (at(row + 1, column) >= at(row, column + 1)) {
      row += 1;
    } else {
      column += 1;
    }
  }
  dropShortRuns(kept.left, kept.right);
  return kept;
}

/**
 * Marks equal runs between two differences that are too short to be read. Both sides have the same runs.
 *
 * @param {boolean[]} left
 * @param {boolean[]} right
 */
function dropShortRuns(left, right) {
  let row = 0;
  let column = 0;
  while (row < left.length && column < right.length) {
    while (row < left.length && !left[row]) row += 1;
    while (column < right.length && !right[column]) column += 1;
    let length = 0;
    while (left[row + length] && right[column + length]) length += 1;
    if (length < MIN_EQUAL) {
      left.fill(false, row, row + length);
      right.fill(false, column, column + length);
    }
    row += length;
    column += length;
  }
}

/**
 * @param {readonly string[]} tokens
 * @param {readonly boolean[]} kept
 * @returns {Segment[]}
 */
function segments(tokens, kept) {
  /** @type {Segment[]} */
  const found = [];
  tokens.forEach((text, index) => {
    const isMarked = !kept[index];
    const last = found.at(-1);
    if (last?.isMarked === isMarked) last.text += text;
    else found.push({ text, isMarked });
  });
  return found;
}

/**
 * A string to sign for reading: percent-encoding decoded, also if it is encoded twice, and a parameter per line.
 *
 * @param {string} text
 */
export function decoded(text) {
  const lines = text.replace(/&|%26/g, '\n&');
  return decodeOnce(decodeOnce(lines));
}

/** @param {string} text */
function decodeOnce(text) {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (bytes) => {
    try {
      return decodeURIComponent(bytes);
    } catch {
      return bytes;
    }
  });
}
