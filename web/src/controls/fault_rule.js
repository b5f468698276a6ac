// Fault rules as short texts.

import { number } from '../i18n/format.js';
import { t } from '../i18n/index.js';

/** @typedef {import('../shared/control_api.js').FaultRule} FaultRule */

/**
 * The conditions of a rule.
 *
 * @param {Pick<FaultRule, 'match'>} rule
 */
export function matchTexts({ match = {} }) {
  const { cloud, action, secret, access_key_id: key, region, nth, every, probability } = match;
  const texts = [
    cloud && t(`cloud_${cloud}`),
    action,
    secret && `SecretName=${secret}`,
    key && `AccessKeyId=${key}`,
    region,
    isSet(nth) && t('fault_is_nth', { number: nth }),
    isSet(every) && t('fault_is_every', { number: every }),
    isSet(probability) && t('fault_is_random', { probability }),
  ].filter((text) => typeof text === 'string' && text !== '');
  return texts.length > 0 ? /** @type {string[]} */ (texts) : [t('fault_pick_all')];
}

/**
 * The effects of a rule.
 *
 * @param {Omit<FaultRule, 'match'>} rule
 */
export function effectTexts({ error, status, message, latency, reset, truncate, when }) {
  const texts = [];
  if (error) texts.push(error);
  if (isSet(status)) texts.push(`HTTP ${status}`);
  if (isSet(message)) texts.push(t('fault_is_message', { message }));
  if (latency) texts.push(`+${typeof latency === 'string' ? latency : `${latency.min} – ${latency.max}`}`);
  if (reset) texts.push(t('fault_is_reset'));
  if (isSet(truncate)) texts.push(t('fault_is_truncated', { bytes: number(truncate) }));
  if (when === 'after') texts.push(t('fault_after'));
  return texts;
}

/**
 * @template T
 * @param {T | null | undefined} value
 * @returns {value is T}
 */
function isSet(value) {
  return value !== null && value !== undefined;
}
