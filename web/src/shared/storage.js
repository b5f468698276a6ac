// Settings of the page in the browser's storage. Where the browser allows no storage, they last until the page is left.

/**
 * @param {'localStorage' | 'sessionStorage'} kind
 */
function storage(kind) {
  return {
    /**
     * @param {string} name
     * @returns {string | null}
     */
    read: (name) => {
      try {
        return globalThis[kind].getItem(`kms-emulator.${name}`);
      } catch {
        return null;
      }
    },
    /**
     * @param {string} name
     * @param {string | null} value `null` removes it.
     */
    write: (name, value) => {
      try {
        if (value === null) globalThis[kind].removeItem(`kms-emulator.${name}`);
        else globalThis[kind].setItem(`kms-emulator.${name}`, value);
      } catch {
        // The browser allows no storage.
      }
    },
  };
}

/** Kept by the browser: language and theme. */
export const browserStorage = storage('localStorage');

/** Kept until the tab is closed: the token of the control API. */
export const tabStorage = storage('sessionStorage');
