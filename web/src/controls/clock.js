// The clock of the server, or of a tenant with its own clock: shown, frozen, advanced and set.

import { utc } from '../i18n/format.js';
import { t } from '../i18n/index.js';
import { announce } from '../shared/announce.js';
import { badge, button, checkField, field, select } from '../shared/components.js';
import { emulatorNow, offsetText, setClock } from '../shared/clock.js';
import { changed, go } from '../shared/address.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/error_message.js';
import { isAbort } from '../shared/errors.js';
import { request } from '../shared/http.js';
import { dueSection } from './due.js';
import { formSection } from './section.js';

/** @typedef {import('../shared/control_api.js').ClockReading} ClockReading */

/** The interval between readings, because other clients can move the clock as well. */
const READ_EVERY_MS = 5000;
const STEPS = ['1m', '1h', '1d', '7d', '30d'];

/** @type {import('./view.js').Tab} */
export function clockTab({ countSecrets, values }, signal) {
  /** The tenant whose clock is shown; empty for the server's clock. */
  let chosen = values.clock_of ?? '';
  const query = () => ({ account: chosen || undefined });
  const picker = select([['', t('clock_of_server')]], '', {
    onchange: () => {
      chosen = picker.value;
      go(changed({ clock_of: chosen }), { replace: true });
      void read().then(presetTime);
    },
  });
  const pickerField = field(t('clock_of'), picker);
  pickerField.hidden = true;
  const display = h('time', { class: 'clock-display mono' });
  const state = h('p', { class: 'row' });
  const problem = h('div');

  const tick = () => {
    const text = utc(emulatorNow());
    if (display.textContent !== text) display.textContent = text;
  };

  /** @param {ClockReading} reading */
  const show = (reading) => {
    setClock(reading);
    tick();
    fill(state, reading.frozen ? badge(t('clock_frozen'), 'warning') : badge(t('clock_running'), 'good'), offsetText(reading.ahead_seconds));
    void due.load();
    freezeButton.hidden = reading.frozen;
    resumeButton.hidden = !reading.frozen;
  };

  const read = async () => {
    try {
      show(await request('/clock', { query: query(), signal }));
      fill(problem);
    } catch (error) {
      if (!isAbort(error)) fill(problem, errorMessage(error));
    } finally {
      panel.removeAttribute('aria-busy');
    }
  };

  /** @param {Promise<ClockReading>} response The response to a request that changes the clock. */
  const showChange = async (response) => {
    try {
      const reading = await response;
      show(reading);
      fill(problem);
      announce(t('clock_shows', { time: utc(new Date(reading.now)) }));
      countSecrets();
    } catch (error) {
      if (!isAbort(error)) fill(problem, errorMessage(error));
    }
  };
  /** @param {string} by */
  const advance = (by) => void showChange(request('/clock/advance', { method: 'post', query: query(), body: { by }, signal }));

  const freezeButton = button(t('clock_freeze'), async () => {
    await showChange(request('/clock/freeze', { method: 'post', query: query(), signal }));
    resumeButton.focus();
  });
  const resumeButton = button(t('clock_resume'), async () => {
    await showChange(request('/clock/resume', { method: 'post', query: query(), signal }));
    freezeButton.focus();
  });
  const resetButton = button(t('clock_reset'), () => void showChange(request('/clock', { method: 'delete', query: query(), signal })));

  /** @param {string} now */
  const jump = (now) => void showChange(request('/clock', { method: 'put', query: query(), body: { now }, signal }));
  const due = dueSection(() => chosen || undefined, jump, signal);

  const by = h('input', { value: '1h', required: true, spellcheck: 'false', autocomplete: 'off' });
  const time = h('input', { type: 'datetime-local', step: 1, required: true });
  const presetTime = () => {
    time.value = utc(emulatorNow()).replace(' ', 'T');
  };
  const andFreeze = h('input', { type: 'checkbox' });

  const showTenants = async () => {
    try {
      const { tenants } = await request('/tenants', { signal });
      const accounts = tenants.filter(({ clock }) => clock).map(({ account }) => account);
      const known = [...new Set(chosen ? [...accounts, chosen] : accounts)];
      const options = known.map((account) => h('option', { value: account, selected: account === chosen }, t('clock_of_tenant', { account })));
      picker.append(...options);
      pickerField.hidden = known.length === 0;
    } catch {
      // The server's clock can be used without the list.
    }
  };

  const ticker = setInterval(tick, 250);
  const reader = setInterval(read, READ_EVERY_MS);
  signal.addEventListener('abort', () => {
    clearInterval(ticker);
    clearInterval(reader);
  });
  const panel = h(
    'div',
    { class: 'panel stack', 'aria-busy': 'true' },
    h('div', {}, display, ' ', h('span', { class: 'faint' }, 'UTC')),
    state,
    h('div', { class: 'row' }, freezeButton, resumeButton, resetButton),
  );
  presetTime();
  void showTenants();
  void read().then(presetTime);

  return h(
    'div',
    { class: 'stack' },
    h('p', { class: 'help' }, t('clock_help')),
    h('div', { class: 'control-fields' }, pickerField),
    panel,
    problem,
    due.element,
    formSection({
      title: t('clock_advance'),
      fields: h('div', { class: 'control-fields' }, field(t('clock_by'), by, { help: t('clock_by_help') })),
      action: t('clock_advance'),
      submit: () => advance(by.value),
      more: STEPS.map((step) => button(`+${step}`, () => advance(step), { label: t('clock_advance_by', { step: `+${step}` }) })),
    }),
    formSection({
      title: t('clock_set'),
      fields: h('div', { class: 'control-fields' }, field(t('clock_time'), time), checkField(t('clock_and_freeze'), andFreeze)),
      action: t('clock_set'),
      submit: () => {
        const body = { now: `${time.value}Z`, frozen: andFreeze.checked || undefined };
        void showChange(request('/clock', { method: 'put', query: query(), body, signal }));
      },
    }),
  );
}
