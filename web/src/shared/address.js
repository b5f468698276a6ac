// The state of the page in its address: `#/secrets?cloud=alibaba&page=2`.

/** @typedef {Record<string, string | number | undefined>} Values */

/**
 * @typedef {object} Address
 * @property {string} path What is shown: `secrets`.
 * @property {Readonly<Record<string, string>>} values What of it.
 */

/**
 * @param {string} hash
 * @returns {Address}
 */
export function parse(hash) {
  const [path = '', query = ''] = split(hash.replace(/^#?\/?/, ''));
  return { path, values: Object.fromEntries(new URLSearchParams(query)) };
}

/** @param {string} text */
function split(text) {
  const mark = text.indexOf('?');
  return mark < 0 ? [text] : [text.slice(0, mark), text.slice(mark + 1)];
}

/**
 * A hash to link to; values that are empty or `undefined` are left out.
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
 * A hash to link to within the scope that is shown.
 *
 * @param {string} path
 * @param {Values} [values]
 */
export function link(path, values = {}) {
  const here = current().values;
  const scope = Object.fromEntries(SCOPE.map((name) => [name, here[name]]));
  return format(path, { ...scope, ...values });
}

/**
 * A hash that differs from the present one in some values.
 *
 * @param {Values} values
 */
export function changed(values) {
  const { path, values: before } = current();
  return format(path, { ...before, ...values });
}

/**
 * Goes to an address, or with `replace` takes it for the one that is shown, so that going back
 * does not lead here again.
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
