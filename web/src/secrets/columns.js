// The columns of the list of secrets, which the user chooses. The browser keeps the choice.

import { t } from '../i18n/index.js';
import { checkField } from '../shared/components.js';
import { h } from '../shared/dom.js';
import { menu } from '../shared/menu.js';
import { browserStorage } from '../shared/storage.js';

/** @typedef {import('../shared/control_api.js').CloudName} CloudName */

/** The columns besides the name, with their headings. */
export const COLUMNS = /** @type {const} */ ({
  type: 'secret_type',
  state: 'secret_state',
  deletion: 'secret_deletion',
  tags: 'secret_tags',
  description: 'secret_description',
  created: 'secret_created_at',
  updated: 'secret_updated_at',
});
/** @typedef {keyof typeof COLUMNS} Column */

/** The columns that only some clouds return in lists. */
const OPTIONAL = ['tags', 'description', 'updated'];

/**
 * The columns that the list of a cloud can have.
 *
 * @param {import('./cloud.js').Cloud} cloud
 */
function columnsOf({ listColumns }) {
  const names = /** @type {Column[]} */ (Object.keys(COLUMNS));
  return names.filter((name) => !OPTIONAL.includes(name) || listColumns.some((each) => each === name));
}

/** @param {CloudName} name */
function readHidden(name) {
  return (browserStorage.read(`hidden_columns_${name}`) ?? '').split(' ');
}

/**
 * The columns that are shown besides the name.
 *
 * @param {CloudName} name
 * @param {import('./cloud.js').Cloud} cloud
 */
export function shownColumns(name, cloud) {
  const hidden = readHidden(name);
  return columnsOf(cloud).filter((column) => !hidden.includes(column));
}

/**
 * A menu with a check box for each column.
 *
 * @param {CloudName} name
 * @param {import('./cloud.js').Cloud} cloud
 * @param {() => void} onchange
 */
export function columnPicker(name, cloud, onchange) {
  const shown = shownColumns(name, cloud);
  const boxes = columnsOf(cloud).map((column) => {
    const box = h('input', { type: 'checkbox', checked: shown.includes(column), onchange: () => change(column, box.checked) });
    return checkField(t(COLUMNS[column]), box);
  });

  /**
   * @param {Column} column
   * @param {boolean} isShown
   */
  const change = (column, isShown) => {
    const others = readHidden(name).filter((each) => each && each !== column);
    const hidden = isShown ? others : [...others, column];
    browserStorage.write(`hidden_columns_${name}`, hidden.length > 0 ? hidden.join(' ') : null);
    onchange();
  };
  return menu(t('columns'), h('div', { role: 'group', 'aria-label': t('columns') }, boxes));
}
