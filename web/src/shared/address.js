// The state of the page in its address: `#/secrets?cloud=alibaba&page=2`.

/** @typedef {Record<string, string | number | undefined>} Values */

/**
 * @typedef {object} Address
 * @property {string} path The view: `secrets`.
 * @property {Readonly<Record<string, string>>} values The state of the view.
 */

/**
 * @param {string} hash
 * @returns {Address}
 */
export function parse(hash) {
  const [path = '', query = ''] = splitAtQuery(hash.replace(/^#?\/?/, ''));
  return { path, values: Object.fromEntries(new URLSearchParams(query)) };
}

/** @param {string} text */
function splitAtQuery(text) {
  const mark = text.indexOf('?');
  return mark < 0 ? [text] : [text.slice(0, mark), text.slice(mark + 1)];
}

/**
 * The hash of a path with values. Values that are empty or `undefined` are omitted.
 *
 * @param {string} path
 * @param {Values} values
 */
export function format(path, values) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return text ? `#/${path}?${text}` : `#/${path}`;
}

export function current() {
  return parse(location.hash);
}

const SCOPE = ['cloud', 'account', 'region'];

/**
 * The hash of a path in the current scope.
 *
 * @param {string} path
 * @param {Values} [values]
 */
export function link(path, values = {}) {
  const { values: here } = current();
  const scope = Object.fromEntries(SCOPE.map((name) => [name, here[name]]));
  return format(path, { ...scope, ...values });
}

/**
 * The current hash with some values changed.
 *
 * @param {Values} values
 */
export function changed(values) {
  const { path, values: before } = current();
  return format(path, { ...before, ...values });
}

/**
 * Navigates to a hash. With `replace` it replaces the current entry of the browser's history.
 *
 * @param {string} hash
 * @param {{ replace?: boolean }} [options]
 */
export function go(hash, { replace = false } = {}) {
  if (replace) {
    history.replaceState(null, '', hash);
    dispatchEvent(new HashChangeEvent('hashchange'));
  } else {
    location.hash = hash;
  }
}

/** @param {() => void} listener */
export function onChange(listener) {
  addEventListener('hashchange', listener);
}
