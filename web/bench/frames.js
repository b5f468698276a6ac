// Measures how smoothly a list scrolls.

/** Turns of the wheel, and the pixels of each. */
const TURNS = 120;
const PIXELS = 240;

/** Records the time of each frame in `window.frames`. */
function recordFrames() {
  window.frames = [];
  let before = performance.now();
  const look = (now) => {
    window.frames.push(now - before);
    before = now;
    window.recording = requestAnimationFrame(look);
  };
  window.recording = requestAnimationFrame(look);
}

/**
 * The longest frame while the view is scrolled by the wheel, and the longest task of the page in CPU time, which does not
 * depend on the load of the machine.
 */
export async function framesWhileScrolling(page) {
  await page.evaluate(() => scrollTo(0, 0));
  await page.mouse.move(500, 500);
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
  await page.evaluate(recordFrames);
  for (let turn = 0; turn < TURNS; turn += 1) {
    await page.mouse.wheel(0, PIXELS);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  const frames = await page.evaluate(() => {
    cancelAnimationFrame(window.recording);
    return window.frames.sort((one, other) => other - one);
  });
  const task = longestTask(JSON.parse(await browser.stopTracing()).traceEvents);
  const long = frames.filter((time) => time > 50).length;
  return `longest task ${task.toFixed(0)} ms of CPU; longest frame ${frames[0].toFixed(0)} ms, ${long} of ${frames.length} over 50 ms`;
}

/** The CPU time of the longest task on the main thread of a page, in milliseconds. */
function longestTask(events) {
  const threads = new Set(events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`));
  const times = events.filter(({ pid, tid, tdur }) => tdur !== undefined && threads.has(`${pid} ${tid}`)).map(({ tdur }) => tdur / 1000);
  return Math.max(0, ...times);
}
