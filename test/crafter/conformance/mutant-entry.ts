import { parentPort, workerData } from 'node:worker_threads';
import { SUITE, scriptOf } from '../../../crafter/conformance/suite.js';
import { playVirtually } from '../../../crafter/script/virtual-play.js';
import type { DialectName } from '../../../dissectors/channel/dialects.js';

const SEED = 7;

/** What a worker is asked. */
export interface Asked {
  readonly dialect: DialectName;
  /** These tests only; all where none is named. */
  readonly names: readonly string[];
}

/** The tests that the built-in peer fails in a dialect. This is bundled with a fault in the peer, and run as a worker. */
function failing({ dialect, names }: Asked): readonly string[] {
  const failed: string[] = [];
  for (const test of SUITE) {
    if (!test.dialects.includes(dialect) || (names.length > 0 && !names.includes(test.name))) continue;
    const peer = test.needs?.includes('refusal') ? { accept: () => false } : {};
    const script = scriptOf(test, dialect, {
      peer,
      echo: test.needs?.includes('echo') === true,
      ...(test.of === 'responder' && { local: 'random' as const }),
    });
    if (playVirtually(script, SEED).outcome.verdict !== 'pass') failed.push(test.name);
  }
  return failed;
}

parentPort?.postMessage(failing(workerData as Asked));
