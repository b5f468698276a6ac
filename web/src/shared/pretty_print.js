// Replies in lines that are easy to read.

/**
 * JSON or XML with a line for each part; as it is where it is neither.
 *
 * @param {string} text
 */
export function pretty(text) {
  if (text.trimStart().startsWith('<')) return prettyXml(text);
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** @param {string} text */
function prettyXml(text) {
  const parts = text.match(/<[^>]+>|[^<]+/g) ?? [];
  /** @type {string[]} */
  const lines = [];
  let depth = 0;
  let isOpen = false;
  for (const part of parts) {
    const isEnd = part.startsWith('</');
    if (isEnd) depth -= 1;
    // A text stands in the line of its element, and so does the end of an element without others.
    if (!part.startsWith('<') || (isEnd && isOpen)) lines.push((lines.pop() ?? '') + part.trim());
    else lines.push('  '.repeat(Math.max(0, depth)) + part);
    if (part.startsWith('<')) isOpen = !isEnd && !part.endsWith('/>') && !part.startsWith('<?');
    if (isOpen && part.startsWith('<')) depth += 1;
  }
  return lines.join('\n');
}
