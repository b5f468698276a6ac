// Indents response bodies.

/**
 * JSON or XML with one line for each part; any other text unchanged.
 *
 * @param {string} text
 */
export function prettyPrint(text) {
  if (text.trimStart().startsWith('<')) return prettyXml(text);
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  return prettyJson(text);
}

/**
 * Indents the text as it is. (Numbers such as account ids would lose digits if they were parsed and printed again.)
 *
 * @param {string} text Valid JSON.
 */
function prettyJson(text) {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  let depth = 0;
  const line = () => `\n${'  '.repeat(depth)}`;
  return tokens
    .map((token, index) => {
      switch (token) {
        case '{':
        case '[':
          depth += 1;
          return isEnd(tokens[index + 1]) ? token : token + line();
        case '}':
        case ']':
          depth -= 1;
          return isStart(tokens[index - 1]) ? token : line() + token;
        case ',':
          return token + line();
        case ':':
          return ': ';
        default:
          return token;
      }
    })
    .join('');
}

/** @param {string | undefined} token */
function isStart(token) {
  return token === '{' || token === '[';
}

/** @param {string | undefined} token */
function isEnd(token) {
  return token === '}' || token === ']';
}

/** @param {string} text */
function prettyXml(text) {
  const parts = text.match(/<[^>]+>|[^<]+/g) ?? [];
  /** @type {string[]} */
  const lines = [];
  let depth = 0;
  let isOpen = false;
  for (const part of parts) {
    const isTag = part.startsWith('<');
    const isEnd = part.startsWith('</');
    if (isEnd) depth -= 1;
    // Text is on the line of its element, and so is the end tag of an element without child elements.
    if (!isTag || (isEnd && isOpen)) lines.push((lines.pop() ?? '') + part.trim());
    else lines.push('  '.repeat(Math.max(0, depth)) + part);
    if (isTag) isOpen = !isEnd && !part.endsWith('/>') && !part.startsWith('<?');
    if (isOpen && isTag) depth += 1;
  }
  return lines.join('\n');
}
