// A fault rule as code: for curl, and for the test packages of this project.

import { t } from '../i18n/index.js';
import { copyText } from '../shared/clipboard.js';
import { select } from '../shared/components.js';

/** @typedef {import('../shared/control_api.js').FaultRule} FaultRule */

const WAYS = /** @type {const} */ ([
  ['curl', 'curl'],
  ['pytest', 'pytest'],
  ['junit', 'JUnit'],
  ['go', 'Go'],
  ['node', 'Node.js'],
]);

/** @typedef {(typeof WAYS)[number][0]} Way */

/**
 * A drop-down list that copies the rule in the selected form.
 *
 * @param {FaultRule} rule
 * @param {string} name Names the rule for screen readers.
 */
export function copyAsPicker(rule, name) {
  const picker = select([['', t('copy_as')], ...WAYS], '', {
    'aria-label': t('action_on', { action: t('copy_as'), name }),
    onchange: () => {
      const way = WAYS.find(([value]) => value === picker.value)?.[0];
      picker.value = '';
      if (way) void copyText(faultCode(rule, way, location.origin));
    },
  });
  return picker;
}

/**
 * @param {FaultRule} rule
 * @param {Way} way
 * @param {string} origin The address of the server.
 */
export function faultCode(rule, way, origin) {
  switch (way) {
    case 'curl':
      return `curl ${origin}/_emulator/faults -d '${JSON.stringify(defined(rule)).replaceAll("'", String.raw`'\''`)}'`;
    case 'node':
      return `await tenant.fault(${JSON.stringify(defined(rule), null, 2)});`;
    case 'pytest':
      return pytest(rule);
    case 'junit':
      return junit(rule);
    default:
      return go(rule);
  }
}

/**
 * An object without members that are absent, recursively.
 *
 * @param {any} value
 * @returns {any}
 */
function defined(value) {
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, defined(member)]));
}

/** @param {FaultRule} rule */
function pytest(rule) {
  const { match = {}, error, ...effects } = defined(rule);
  const { access_key_id: _, ...conditions } = match;
  if (effects.when === 'before') delete effects.when;
  const named = Object.entries({ ...conditions, ...effects }).map(([name, value]) => `${name}=${python(value)}`);
  return `def test_with_fault(kms_tenant, kms_fault):\n    kms_fault(${[...(error ? [python(error)] : []), ...named].join(', ')})`;
}

/** @param {unknown} value */
function python(value) {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  // A JSON text is a Python text, and a JSON object of texts a Python dictionary.
  return JSON.stringify(value);
}

/** @param {FaultRule} rule */
function junit(rule) {
  const { match = {}, error, status, message, latency, reset, truncate, when, times } = defined(rule);
  const calls = [
    match.action ? `on(${java(match.action)})` : 'onAll()',
    match.cloud && `cloud(${java(match.cloud)})`,
    match.secret && `secret(${java(match.secret)})`,
    match.region && `region(${java(match.region)})`,
    match.nth !== undefined && `nth(${match.nth})`,
    match.every !== undefined && `every(${match.every})`,
    match.probability !== undefined && `probability(${match.probability}, ${match.seed ?? 0})`,
    error && `error(${java(error)})`,
    status !== undefined && `status(${status})`,
    message !== undefined && `message(${java(message)})`,
    latency !== undefined && `latency(${bounds(latency).map((each) => `Duration.ofMillis(${each})`).join(', ')})`,
    reset && 'reset()',
    truncate !== undefined && `truncate(${truncate})`,
    when === 'after' && 'after()',
    times !== undefined && `times(${times})`,
  ];
  return `faults.add(FaultRule.${calls.filter(Boolean).join('.')});`;
}

/** @param {string} text */
function java(text) {
  return JSON.stringify(text);
}

/** @param {FaultRule} rule */
function go(rule) {
  const { match = {}, error, status, message, latency, reset, truncate, when, times } = defined(rule);
  const conditions = [
    match.cloud && `Cloud: ${JSON.stringify(match.cloud)}`,
    match.action && `Action: ${JSON.stringify(match.action)}`,
    match.secret && `Secret: ${JSON.stringify(match.secret)}`,
    match.region && `Region: ${JSON.stringify(match.region)}`,
    match.nth !== undefined && `Nth: ${match.nth}`,
    match.every !== undefined && `Every: ${match.every}`,
    match.probability !== undefined && `Probability: ${match.probability}`,
    match.seed !== undefined && 'Seed: &seed',
  ].filter(Boolean);
  const [least, most] = latency === undefined ? [] : bounds(latency);
  const members = [
    conditions.length > 0 && `Match: kmsemulator.FaultMatch{${conditions.join(', ')}}`,
    error && `Error: ${JSON.stringify(error)}`,
    status !== undefined && `Status: ${status}`,
    message !== undefined && `Message: ${JSON.stringify(message)}`,
    least !== undefined && `Latency: ${least} * time.Millisecond`,
    most !== undefined && `MaxLatency: ${most} * time.Millisecond`,
    reset && 'Reset: true',
    truncate !== undefined && 'Truncate: &truncate',
    when === 'after' && 'After: true',
    times !== undefined && `Times: ${times}`,
  ].filter(Boolean);
  const variables = [
    match.seed !== undefined && `seed := uint64(${match.seed})\n`,
    truncate !== undefined && `truncate := uint32(${truncate})\n`,
  ].filter(Boolean);
  return `${variables.join('')}tenant.Fault(kmsemulator.FaultRule{\n${members.map((member) => `\t${member},\n`).join('')}})`;
}

/**
 * A latency in milliseconds: one, or the least and the most.
 *
 * @param {string | { min: string, max: string }} latency
 */
function bounds(latency) {
  return typeof latency === 'string' ? [milliseconds(latency)] : [milliseconds(latency.min), milliseconds(latency.max)];
}

const UNITS = /** @type {const} */ ({ ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 });

/** @param {string} duration As the server accepts it: `1m 30s`. */
function milliseconds(duration) {
  const parts = [...duration.matchAll(/(\d+)\s*([a-z]+)/g)];
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNITS[/** @type {keyof typeof UNITS} */ (unit)] ?? unitOf(unit)), 0);
}

/**
 * The length of a unit that is written out: `2 seconds`.
 *
 * @param {string} unit
 */
function unitOf(unit) {
  const name = /** @type {const} */ (['ms', 'h', 'm', 's']).find((each) => unit.startsWith({ ms: 'milli', h: 'h', m: 'm', s: 's' }[each]));
  return name ? UNITS[name] : 0;
}
