import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { markersOf, scaleOf, ticks } from '../src/controls/time_line.js';

const DAY = 86_400_000;

describe('The time line', () => {
  it('joins work whose markers would overlap', () => {
    const due = ['2030-01-01T00:00:00Z', '2030-01-01T00:00:10Z', '2030-01-01T00:00:20Z'].map((at) => ({ at }));
    const apartBy = (distance) => (one, other) => other - one >= distance;
    assert.deepEqual(markersOf(due, apartBy(15_000)).map((marker) => marker.due.length), [2, 1]);
    assert.deepEqual(markersOf(due, apartBy(5_000)).map((marker) => marker.due.length), [1, 1, 1]);
    assert.deepEqual(markersOf([], apartBy(5_000)), []);
  });

  it('is proportional, unless the times differ much', () => {
    const { place } = scaleOf([7 * DAY, 14 * DAY, 30 * DAY]);
    assert.ok(Math.abs(place(14 * DAY) / place(7 * DAY) - 2) < 1e-9);
    assert.ok(place(30 * DAY) > 0.9 && place(30 * DAY) < 1);
    const far = scaleOf([7 * DAY, 14 * DAY, 26_000 * DAY]);
    assert.ok(far.place(14 * DAY) - far.place(7 * DAY) > 0.03, 'near times are apart');
    assert.equal(far.place(0), 0);
  });

  it('has ticks at round times that do not overlap', () => {
    const shown = (times, width) => {
      const { place, length } = scaleOf(times);
      const at = ticks(length, place, width);
      for (let index = 1; index < at.length; index += 1) assert.ok((place(at[index]) - place(at[index - 1])) * width >= 80);
      return at.map((time) => time / DAY);
    };
    assert.deepEqual(shown([7 * DAY, 30 * DAY], 800), [0, 7, 14, 21, 28]);
    assert.deepEqual(shown([7 * DAY, 30 * DAY], 250), [0, 14, 28]);
    assert.deepEqual(shown([DAY, 36_000 * DAY], 900), [0, 7, 30, 90, 365, 3650, 10_950, 36_500]);
    assert.deepEqual(shown([26_000 * DAY, 26_500 * DAY], 900), [0, 3650, 7300, 10_950, 14_600, 18_250, 21_900, 25_550]);
    assert.deepEqual(shown([], 800).slice(0, 1), [0]);
  });
});
