// Common faults to add with one click.

import { t } from '../i18n/index.js';
import { badge, button } from '../shared/components.js';
import { h } from '../shared/dom.js';
import { effectTexts } from './fault_rule.js';
import { copyAsPicker } from './fault_code.js';

/** @typedef {import('../shared/control_api.js').FaultRule} FaultRule */
/** @typedef {import('../shared/control_api.js').CloudName} CloudName */

/** The documented codes of each cloud. */
const CODES = {
  alibaba: { throttling: 'Rejected.Throttling', expired: 'InvalidSecurityToken.Expired', down: 'ServiceUnavailable' },
  tencent: { throttling: 'RequestLimitExceeded', expired: 'AuthFailure.TokenFailure', down: 'ServiceUnavailable' },
};

/**
 * The rules of the presets, for a cloud and one of its regions.
 *
 * @param {{ cloud: CloudName, region: string }} scope
 */
export function presets({ cloud, region }) {
  const { throttling, expired, down } = CODES[cloud];
  const match = { cloud };
  return /** @type {const} */ ([
    { name: 'throttled', rule: { match: { cloud, action: 'GetSecretValue' }, error: throttling, times: 2 } },
    { name: 'slow', rule: { match, latency: '3s' } },
    { name: 'reset', rule: { match, reset: true, times: 1 } },
    { name: 'expired', rule: { match, error: expired } },
    { name: 'down', rule: { match: { cloud, region }, error: down } },
  ]);
}

/**
 * @param {{ cloud: CloudName, region: string }} scope
 * @param {(rule: FaultRule) => void} onadd
 */
export function faultPresets({ cloud, region }, onadd) {
  const items = presets({ cloud, region }).map(({ name, rule }) => {
    const title = t(`preset_${name}`, { region });
    const limit = 'times' in rule ? [t('preset_times', { count: rule.times })] : [];
    return h(
      'li',
      { class: 'preset' },
      h('span', {}, title),
      h('span', { class: 'badges' }, [...effectTexts(rule), ...limit].map((text) => badge(text))),
      h(
        'span',
        { class: 'row' },
        copyAsPicker(rule, title),
        button(t('preset_add'), () => onadd(rule), { label: t('action_on', { action: t('preset_add'), name: title }) }),
      ),
    );
  });
  return h('section', {}, h('h2', {}, t('presets_of', { cloud: t(`cloud_${cloud}`) })), h('ul', { class: 'presets' }, items));
}
