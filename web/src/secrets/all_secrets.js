// Searches and sorts all secrets of a scope. The clouds' lists have neither, so their pages are read one after the other.

/** @typedef {import('./cloud.js').Secret} Secret */

/** How many secrets are read at most. */
export const MAX_READ = 2000;

/** The largest page that both clouds return. */
const PAGE = 100;

export const SORTS = /** @type {const} */ (['name', 'type', 'state', 'deletion', 'created', 'updated']);
/** @typedef {(typeof SORTS)[number]} Sort */

/**
 * @param {(page: number, size: number) => Promise<{ total: number, secrets: Secret[] }>} readPage
 */
export async function readAll(readPage) {
  /** @type {Secret[]} */
  const secrets = [];
  let total = 0;
  for (let page = 1; secrets.length < MAX_READ; page += 1) {
    const found = await readPage(page, PAGE);
    total = found.total;
    secrets.push(...found.secrets);
    if (found.secrets.length === 0 || secrets.length >= total) break;
  }
  return { total, secrets: secrets.slice(0, MAX_READ) };
}

/**
 * The secrets whose name, description or tags contain each word.
 *
 * @param {readonly Secret[]} secrets
 * @param {string} search
 */
export function matching(secrets, search) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return secrets.filter(({ name, description, tags }) => {
    const text = [name, description, ...(tags ?? []).map(({ key, value }) => `${key}=${value}`)].join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/**
 * @param {readonly Secret[]} secrets
 * @param {string} sort A column, with `-` in front of it for the opposite order.
 */
export function sorted(secrets, sort) {
  const isReversed = sort.startsWith('-');
  const column = SORTS.find((name) => name === sort.replace('-', ''));
  if (!column) return [...secrets];
  const ordered = secrets.toSorted((one, other) => compare(valueOf(one, column), valueOf(other, column)) || compare(one.name, other.name));
  return isReversed ? ordered.reverse() : ordered;
}

/**
 * @param {Secret} secret
 * @param {Sort} column
 */
function valueOf(secret, column) {
  // Secrets without a time come last.
  const time = (/** @type {Date | null} */ date) => date?.getTime() ?? Infinity;
  switch (column) {
    case 'deletion':
      return time(secret.plannedDeletion);
    case 'created':
    case 'updated':
      return time(secret[column]);
    default:
      return secret[column];
  }
}

/**
 * @template {string | number} Value
 * @param {Value} one
 * @param {Value} other
 */
function compare(one, other) {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
