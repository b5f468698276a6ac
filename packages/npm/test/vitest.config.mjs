export default {
  test: {
    projects: [
      { test: { name: 'shared server', include: ['vitest/*.test.mts'], globalSetup: 'examples/setup.mjs' } },
      { test: { name: 'examples', include: ['examples/first.test.js'] } },
    ],
  },
};
