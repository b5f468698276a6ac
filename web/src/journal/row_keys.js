// Moves between the rows of a list by arrow keys.

/**
 * The listener for a list of links. While a row is selected, moving selects.
 *
 * @param {HTMLElement} list
 */
export function arrowKeys(list) {
  return (/** @type {KeyboardEvent} */ event) => {
    const rows = [...list.querySelectorAll('a')];
    const at = rows.findIndex((row) => row === document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    const row = next === undefined || at < 0 ? undefined : rows[next];
    if (!row) return;
    event.preventDefault();
    row.focus();
    if (list.querySelector('[aria-current]')) row.click();
  };
}
