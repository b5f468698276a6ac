// What the browser keeps for this page. Browsers that keep nothing lose only comfort.

/**
 * @param {'localStorage' | 'sessionStorage'} kind
 * @param {string} name
 */
function read(kind, name) {
  try {
    return window[kind].getItem(`kms-emulator.${name}`);
  } catch {
    return null;
  }
}

/**
 * @param {'localStorage' | 'sessionStorage'} kind
 * @param {string} name
 * @param {string | null} value
 */
function write(kind, name, value) {
  try {
    if (value === null) window[kind].removeItem(`kms-emulator.${name}`);
    else window[kind].setItem(`kms-emulator.${name}`, value);
  } catch {
    // It counts until the page is left.
  }
}

/** Kept for as long as the browser likes: language and theme. */
export const lasting = {
  /** @param {string} name */
  read: (name) => read('localStorage', name),
  /** @type {(name: string, value: string | null) => void} */
  write: (name, value) => write('localStorage', name, value),
};

/** Kept until the tab is closed: the token of the controls. */
export const passing = {
  /** @param {string} name */
  read: (name) => read('sessionStorage', name),
  /** @type {(name: string, value: string | null) => void} */
  write: (name, value) => write('sessionStorage', name, value),
};
