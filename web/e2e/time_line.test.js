// The time line of the clock: planned deletions, rotations and expirations, of secrets and keys.

import assert from 'node:assert/strict';

import { eventually, focused, seen, suite, tableTexts, texts, visit } from './support.js';

const LINE = { name: 'Time line', exact: true };

suite('The time line of the clock', ({ emulator, test }) => {
  /** A frozen clock, two deletions on the same day, a later one, and the deletion of a key. */
  const prepare = async () => {
    await emulator.reset();
    await emulator.control('reset', { body: { fixtures: false } });
    await emulator.control('clock', { method: 'PUT', body: { now: '2030-01-01', frozen: true } });
    for (const [name, days] of [['one', 7], ['two', 7], ['three', 30]]) {
      await emulator.call('alibaba', 'CreateSecret', { SecretName: name, VersionId: 'v1', SecretData: 'x' });
      await emulator.call('alibaba', 'DeleteSecret', { SecretName: name, RecoveryWindowInDays: days });
    }
    const { KeyMetadata: { KeyId } } = await emulator.call('alibaba', 'CreateKey', { EnableAutomaticRotation: true, RotationInterval: '14d' });
    const { KeyMetadata: { KeyId: deleted } } = await emulator.call('alibaba', 'CreateKey');
    await emulator.call('alibaba', 'ScheduleKeyDeletion', { KeyId: deleted, PendingWindowInDays: 20 });
    return { rotated: KeyId, deleted };
  };
  const markers = (page, lane) => page.getByRole('group', { name: lane, exact: true }).getByRole('button');

  test('has a lane for each kind of work, with its times in proportion', async (page) => {
    const { rotated, deleted } = await prepare();
    await visit(page, '#/controls?part=clock');
    const line = page.getByRole('group', LINE);
    await seen(line);
    await texts(line.locator('.time-name'), ['Secrets: deletion', 'Keys: rotation', 'Keys: deletion']);
    const names = await markers(page, 'Secrets: deletion').evaluateAll((list) => list.map((each) => each.getAttribute('aria-label')));
    assert.deepEqual(names, ['Jump to 2030-01-08 00:00:00 UTC: one, two (2)', 'Jump to 2030-01-31 00:00:00 UTC: three']);
    // Drawn by CSS, so that it is not read aloud in addition to the label. Firefox does not resolve `attr()` here.
    const drawn = await markers(page, 'Secrets: deletion').evaluateAll((list) => list.map((each) => getComputedStyle(each, '::before').content.replace('attr(data-count)', JSON.stringify(each.dataset.count))));
    assert.deepEqual(drawn, ['"2"', '""']);
    assert.equal(await markers(page, 'Keys: rotation').getAttribute('aria-label'), `Jump to 2030-01-15 00:00:00 UTC: ${rotated}`);
    assert.equal(await markers(page, 'Keys: deletion').getAttribute('aria-label'), `Jump to 2030-01-21 00:00:00 UTC: ${deleted}`);
    const places = await line.locator('.time-marker').evaluateAll((list) => list.map((each) => Number.parseFloat(each.style.left)));
    const last = places[1];
    assert.deepEqual(places.map((place) => Math.round((place / last) * 30)), [7, 30, 14, 20]);
    assert.ok((await line.locator('.time-ticks span').allInnerTexts()).includes('+7 days'));
    const { rows } = await tableTexts(page, 'Due later');
    assert.deepEqual(rows.map(([, work, name]) => [work, name]), [
      ['deletion', 'one'],
      ['deletion', 'two'],
      ['rotation', rotated],
      ['deletion', deleted],
      ['deletion', 'three'],
    ]);
  });

  test('jumps to a marker, and keeps the focus in the line', async (page) => {
    const { deleted } = await prepare();
    await visit(page, '#/controls?part=clock');
    await markers(page, 'Keys: deletion').focus();
    await page.keyboard.press('Enter');
    await eventually(async () => assert.match((await emulator.control('clock')).now, /^2030-01-21/));
    await texts(page.getByRole('group', LINE).locator('.time-name'), ['Keys: rotation', 'Secrets: deletion']);
    assert.equal((await emulator.send('alibaba', 'DescribeKey', { KeyId: deleted })).status, 404);
    // The key is rotated every 14 days.
    await markers(page, 'Keys: rotation').focus();
    await page.keyboard.press('Enter');
    await eventually(async () => assert.match((await emulator.control('clock')).now, /^2030-01-29/));
    assert.equal(await page.evaluate(() => document.activeElement === document.body), false);
  });

  test('is not shown if nothing is planned, and fits a narrow screen', async (page) => {
    await prepare();
    await page.setViewportSize({ width: 390, height: 800 });
    await visit(page, '#/controls?part=clock');
    await seen(page.getByRole('group', LINE));
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    const ticks = await page.locator('.time-ticks span').evaluateAll((list) => list.map((each) => each.getBoundingClientRect()).map(({ left, right }) => [left, right]));
    for (const [index, [left]] of ticks.entries()) assert.ok(index === 0 || left >= ticks[index - 1][1], 'ticks overlap');
    await emulator.control('reset', { body: { fixtures: false } });
    await page.reload();
    await seen(page.getByText('No deletion, rotation or expiration is planned by this clock.'));
    assert.equal(await page.getByRole('group', LINE).isVisible(), false);
    await emulator.reset();
  });
});
