// Downloads a text or a blob as a file.

import { h } from './dom.js';

/**
 * @param {string} name
 * @param {string | Blob} content
 */
export function download(name, content) {
  const url = URL.createObjectURL(typeof content === 'string' ? new Blob([content]) : content);
  h('a', { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}
