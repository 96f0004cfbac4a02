/**
 * Runs the tests, prints why any were skipped, and closes with one line: `N passed, N failed`. Under `CI=true` a
 * skipped test counts as a failure: there, everything that tests need is installed.
 */
import { startVitest } from 'vitest/node';

const inCi = process.env.CI === 'true' || process.env.CI === '1';
const vitest = await startVitest('test', process.argv.slice(2), { watch: false, reporters: ['default'] });

const counts = { passed: 0, failed: 0, skipped: 0 };
const skipped = [];
for (const module of vitest.state.getTestModules()) {
  // A file that could not be loaded has no tests to count, and is a failure all the same.
  if (module.errors().length > 0) counts.failed++;
  for (const test of module.children.allTests()) {
    counts[test.result().state] = (counts[test.result().state] ?? 0) + 1;
    if (test.result().state === 'skipped')
      skipped.push(`${test.module.relativeModuleId}: ${test.fullName}: ${test.result().note ?? 'see the test'}`);
  }
}
const unhandled = vitest.state.getUnhandledErrors().length;
await vitest.close();

for (const line of skipped) console.log(`skipped: ${line}`);
const failed = counts.failed + unhandled + (inCi ? counts.skipped : 0);
process.exitCode = failed > 0 || counts.passed === 0 ? 1 : 0;
process.on('exit', () => console.log(`${counts.passed} passed, ${failed} failed`));
