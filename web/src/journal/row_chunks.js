// The rows of a long list in chunks, of which the browser draws only those that are near the visible part.

import { h } from '../shared/dom.js';

/** The rows of a full chunk. */
const ROWS = 20;

/** @param {HTMLElement} list */
export function rowChunks(list) {
  let count = 0;
  /** @param {Element | null} chunk */
  const isFull = (chunk) => !chunk || chunk.childElementCount >= ROWS;
  const newChunk = () => h('div', { class: 'request-chunk', role: 'presentation' });
  /**
   * Tells the style the number of rows: the height of a chunk that is not drawn depends on it.
   *
   * @param {Element | null} chunk
   */
  const setRows = (chunk) => {
    if (chunk instanceof HTMLElement) chunk.style.setProperty('--rows', String(chunk.childElementCount));
  };

  return {
    get count() {
      return count;
    },
    /** @param {readonly HTMLElement[]} rows */
    append: (rows) => {
      for (const row of rows) {
        if (isFull(list.lastElementChild)) list.append(newChunk());
        list.lastElementChild?.append(row);
        setRows(list.lastElementChild);
      }
      count += rows.length;
    },
    /** @param {readonly HTMLElement[]} rows */
    prepend: (rows) => {
      for (const row of rows.toReversed()) {
        if (isFull(list.firstElementChild)) list.prepend(newChunk());
        list.firstElementChild?.prepend(row);
        setRows(list.firstElementChild);
      }
      count += rows.length;
    },
    /** Removes the last row and returns it. */
    removeLast: () => {
      const chunk = list.lastElementChild;
      const row = chunk?.lastElementChild;
      row?.remove();
      if (chunk?.childElementCount === 0) chunk.remove();
      else setRows(chunk);
      if (row) count -= 1;
      return row;
    },
    clear: () => {
      list.replaceChildren();
      count = 0;
    },
  };
}
