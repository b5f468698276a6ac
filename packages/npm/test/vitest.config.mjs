// For a busy machine.
const testTimeout = 60_000;

export default {
  test: {
    projects: [
      { test: { name: 'shared server', include: ['vitest/*.test.mts'], globalSetup: 'examples/setup.mjs', testTimeout } },
      { test: { name: 'examples', include: ['examples/first.test.js'], testTimeout } },
    ],
  },
};
