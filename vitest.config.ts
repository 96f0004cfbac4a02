import { configDefaults, defineConfig } from 'vitest/config';

/** Tests that change or measure what all tests of a process share: mocked modules, the time zone, the heap. */
const ALONE = [
  'test/analyzer/commands/two-passes.test.ts',
  'test/analyzer/filter/wireshark.test.ts',
  'test/crafter/peer/bounded.test.ts',
  'test/crafter/peer/kept.test.ts',
];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // One more than the cores of a small machine: tests of networks and screens wait much of their time.
    maxWorkers: 3,
    projects: [
      { extends: true, test: { name: 'alone', include: ALONE } },
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [...configDefaults.exclude, ...ALONE],
          // A process runs many files, and imports the program once: importing it took a fifth of the whole run.
          isolate: false,
        },
      },
    ],
  },
});
