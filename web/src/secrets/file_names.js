// The names of the secrets in a fixture or `.env` file, for a preview. The server decides what is valid.

/**
 * @param {string} text
 * @returns {string[]}
 */
export function namesInFile(text) {
  try {
    return [...new Set(namesInJson(JSON.parse(text)))];
  } catch {
    return [...new Set(namesInLines(text))];
  }
}

/**
 * @param {any} value
 * @returns {string[]}
 */
function namesInJson(value) {
  if (Array.isArray(value)) return value.flatMap(namesInJson);
  if (value === null || typeof value !== 'object') return [];
  if (typeof value.SecretName === 'string') return [value.SecretName];
  const list = value.SecretList?.Secret ?? value.SecretMetadatas ?? value.Response?.SecretMetadatas;
  return list ? namesInJson(list) : Object.keys(value);
}

/** @param {string} text */
function namesInLines(text) {
  return text.split('\n').flatMap((line) => /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/.exec(line)?.[1] ?? []);
}
