// The clock of the server.

import { badge, button, checkField, field } from '../shared/components.js';
import { fill, h } from '../shared/dom.js';
import { errorMessage } from '../shared/errors.js';
import { duration, t, utc } from '../i18n/index.js';
import { emulatorNow, setClock } from '../shared/clock.js';
import { say } from '../shared/announce.js';
import { isAbort, request } from '../shared/http.js';

/** @typedef {{ now: string, frozen: boolean, ahead_seconds: number }} Reading */

/** Others may move the clock too: how often it is read, in milliseconds. */
const READ_EVERY = 5000;
const STEPS = ['1m', '1h', '1d', '7d', '30d'];

/** @type {import('./view.js').Part} */
export function clockPart({ countSecrets }, signal) {
  const face = h('time', { class: 'clock-face mono' });
  const state = h('p', { class: 'row' });
  const problem = h('div');
  const actions = h('div', { class: 'row' });

  const tick = () => {
    const text = utc(emulatorNow());
    if (face.textContent !== text) face.textContent = text;
  };

  /** @param {Reading} reading */
  const show = (reading) => {
    setClock(reading);
    tick();
    fill(state, reading.frozen ? badge(t('clock_frozen'), 'warning') : badge(t('clock_running'), 'good'), aheadText(reading.ahead_seconds));
    freeze.hidden = reading.frozen;
    resume.hidden = !reading.frozen;
  };

  const read = async () => {
    try {
      show(await request('/clock', { signal }));
      fill(problem);
    } catch (error) {
      if (!isAbort(error)) fill(problem, errorMessage(error));
    }
  };

  /**
   * @param {string} path
   * @param {string} method
   * @param {unknown} [body]
   */
  const move = async (path, method, body) => {
    try {
      /** @type {Reading} */
      const reading = await request(`/clock${path}`, { method, body, signal });
      show(reading);
      fill(problem);
      say(t('clock_shows', { time: utc(new Date(reading.now)) }));
      countSecrets();
    } catch (error) {
      if (!isAbort(error)) fill(problem, errorMessage(error));
    }
  };

  const freeze = button(t('clock_freeze'), () => void move('/freeze', 'POST').then(() => resume.focus()));
  const resume = button(t('clock_resume'), () => void move('/resume', 'POST').then(() => freeze.focus()));
  fill(
    actions,
    freeze,
    resume,
    button(t('clock_reset'), () => void move('', 'DELETE')),
  );

  const by = h('input', { value: '1h', required: true, spellcheck: 'false', autocomplete: 'off' });
  const at = h('input', { type: 'datetime-local', step: 1, required: true });
  at.value = utc(emulatorNow()).replace(' ', 'T');
  const still = h('input', { type: 'checkbox' });

  const timer = setInterval(tick, 250);
  const reader = setInterval(read, READ_EVERY);
  signal.addEventListener('abort', () => {
    clearInterval(timer);
    clearInterval(reader);
  });
  void read().then(() => {
    at.value = utc(emulatorNow()).replace(' ', 'T');
  });

  return h(
    'div',
    { class: 'stack' },
    h('p', { class: 'help' }, t('clock_help')),
    h('div', { class: 'panel stack' }, h('div', {}, face, ' ', h('span', { class: 'faint' }, 'UTC')), state, actions),
    problem,
    form(
      t('clock_advance'),
      [field(t('clock_by'), by, { help: t('clock_by_help') })],
      () => void move('/advance', 'POST', { by: by.value }),
      [
        STEPS.map((step) =>
          button(`+${step}`, () => void move('/advance', 'POST', { by: step }), { label: t('clock_advance_by', { step: `+${step}` }) }),
        ),
      ],
    ),
    form(
      t('clock_set'),
      [field(t('clock_now'), at), checkField(t('clock_and_freeze'), still)],
      () => void move('', 'PUT', { now: `${at.value}Z`, ...(still.checked ? { frozen: true } : {}) }),
    ),
  );
}

/** @param {number} seconds */
function aheadText(seconds) {
  if (Math.abs(seconds) < 1) return t('clock_on_time');
  return t(seconds > 0 ? 'clock_ahead' : 'clock_behind', { duration: duration(Math.abs(seconds) * 1000) });
}

/**
 * @param {string} title
 * @param {import('../shared/dom.js').Child} fields
 * @param {() => void} submit
 * @param {import('../shared/dom.js').Child} [more]
 */
function form(title, fields, submit, more) {
  /** @param {SubmitEvent} event */
  const onsubmit = (event) => {
    event.preventDefault();
    submit();
  };
  return h(
    'section',
    {},
    h('h2', {}, title),
    h(
      'form',
      { class: 'stack', onsubmit, autocomplete: 'off' },
      h('div', { class: 'control-fields' }, fields),
      h('div', { class: 'row' }, h('button', { type: 'submit', class: 'primary' }, title), more),
    ),
  );
}
