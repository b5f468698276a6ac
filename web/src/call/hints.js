// What a description demands of a value, said gently: any value can be sent.

import { number, t } from '../i18n/index.js';

/** @typedef {import('../shared/settings.js').Parameter} Parameter */

/**
 * How a value is other than its description demands; empty where it is not.
 *
 * @param {Parameter} parameter
 * @param {unknown} value `undefined` for one that is not sent.
 */
export function hintOf(parameter, value) {
  const { type, required, values, max_items: most } = parameter;
  if (value === undefined) return required ? t('call_hint_required') : '';
  if (type === 'integer') return integerHint(parameter, value);
  if (Array.isArray(value)) return most !== undefined && value.length > most ? t('call_hint_most', { most: number(most) }) : '';
  if (type === 'json' && !isJson(String(value))) return t('call_hint_json');
  if (values && !values.includes(String(value))) return t('call_hint_values', { values: values.join(', ') });
  return '';
}

/**
 * @param {Parameter} parameter
 * @param {unknown} value
 */
function integerHint({ minimum, maximum }, value) {
  const count = Number(value);
  if (!Number.isInteger(count)) return t('call_hint_integer');
  if (minimum !== undefined && count < minimum) return t('call_hint_minimum', { minimum: number(minimum) });
  if (maximum !== undefined && count > maximum) return t('call_hint_maximum', { maximum: number(maximum) });
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
