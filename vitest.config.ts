import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // One more than the cores of a small machine: tests of networks and screens wait much of their time.
    maxWorkers: 3,
  },
});
