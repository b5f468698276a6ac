import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, describe, it, mock } from 'node:test';

import { emulatorNow, offsetText, setClock, shortOffset, systemNow, timeLeft } from '../src/shared/clock.js';
import { useLanguage } from './support.js';

/** The clock of this browser in the tests. */
const BROWSER = '2026-01-01T00:00:00.000Z';

describe('The clock', () => {
  before(() => useLanguage('en'));
  beforeEach(() => mock.timers.enable({ apis: ['Date'], now: Date.parse(BROWSER) }));
  afterEach(() => mock.timers.reset());

  it('runs on from the reading of the server', () => {
    setClock({ now: '2031-02-03T04:05:06.000Z', frozen: false, ahead_seconds: 0 });
    mock.timers.tick(90_000);
    assert.equal(emulatorNow().toISOString(), '2031-02-03T04:06:36.000Z');
  });

  it('stands still while it is frozen', () => {
    setClock({ now: '2031-02-03T04:05:06.000Z', frozen: true, ahead_seconds: 0 });
    mock.timers.tick(90_000);
    assert.equal(emulatorNow().toISOString(), '2031-02-03T04:05:06.000Z');
  });

  it('runs again after a reading that is not frozen', () => {
    setClock({ now: '2031-02-03T04:05:06.000Z', frozen: true, ahead_seconds: 0 });
    setClock({ now: '2031-02-03T04:05:06.000Z', frozen: false, ahead_seconds: 0 });
    mock.timers.tick(1000);
    assert.equal(emulatorNow().toISOString(), '2031-02-03T04:05:07.000Z');
  });

  it('does not move the system time of the server, which may differ from that of the browser', () => {
    // The server's system time is 00:00:10, and its clock is one hour ahead of that.
    setClock({ now: '2026-01-01T01:00:10.000Z', frozen: false, ahead_seconds: 3600 });
    assert.equal(systemNow().toISOString(), '2026-01-01T00:00:10.000Z');
    setClock({ now: '2025-12-31T23:00:10.000Z', frozen: true, ahead_seconds: -3600 });
    mock.timers.tick(5000);
    assert.equal(systemNow().toISOString(), '2026-01-01T00:00:15.000Z');
  });
});

describe('The time left', () => {
  before(() => useLanguage('en'));
  const now = new Date(BROWSER);

  it('is in the two largest units', () => {
    assert.equal(timeLeft(new Date('2026-01-08T01:30:00Z'), now), 'in 7 days 1 hr');
  });

  it('is due at the moment itself and later', () => {
    assert.equal(timeLeft(now, now), 'due now');
    assert.equal(timeLeft(new Date('2020-01-01T00:00:00Z'), now), 'due now');
  });
});

describe('The offset of the clock', () => {
  before(() => useLanguage('en'));

  it('is ahead, behind, or none below one second', () => {
    assert.equal(offsetText(5400), 'The clock is 1 hr 30 min ahead of the system time of the server.');
    assert.equal(offsetText(-86_400), 'The clock is 1 day behind the system time of the server.');
    assert.equal(offsetText(691_199.98), 'The clock is 8 days ahead of the system time of the server.');
    assert.equal(shortOffset(691_170), '+8 days');
    assert.equal(shortOffset(-3599.7), '−1 hr');
    assert.equal(shortOffset(0.3), '');
    for (const seconds of [0, 0.499, -0.499]) assert.equal(offsetText(seconds), 'The clock shows the system time of the server.');
  });
});
