// Hints about values that the description of a parameter does not allow. Any value can be sent.

import { number } from '../i18n/format.js';
import { t } from '../i18n/index.js';

/** @typedef {import('../shared/control_api.js').Parameter} Parameter */

/**
 * The rule that a value breaks; empty if it breaks none.
 *
 * @param {Pick<Parameter, 'type' | 'required' | 'values' | 'max_items' | 'minimum' | 'maximum'>} parameter
 * @param {unknown} value `undefined` if the parameter is not sent.
 */
export function hintFor(parameter, value) {
  const { type, required, values, max_items: most } = parameter;
  if (value === undefined) return required ? t('call_hint_required') : '';
  if (type === 'integer') return integerHint(parameter, value);
  if (Array.isArray(value)) return typeof most === 'number' && value.length > most ? t('call_hint_most', { most: number(most) }) : '';
  if (type === 'object_list') return t('call_hint_json');
  if (type === 'json' && !isJson(String(value))) return t('call_hint_json');
  if (values && !values.includes(String(value))) return t('call_hint_values', { values: values.join(', ') });
  return '';
}

/**
 * @param {Pick<Parameter, 'minimum' | 'maximum'>} parameter
 * @param {unknown} value
 */
function integerHint({ minimum, maximum }, value) {
  const count = Number(value);
  if (!Number.isInteger(count)) return t('call_hint_integer');
  if (typeof minimum === 'number' && count < minimum) return t('call_hint_minimum', { minimum: number(minimum) });
  if (typeof maximum === 'number' && count > maximum) return t('call_hint_maximum', { maximum: number(maximum) });
  return '';
}

/** @param {string} text */
function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
