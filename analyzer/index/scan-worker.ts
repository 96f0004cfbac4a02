import { createReadStream } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { dialectNamed } from '../../dissectors/channel/dialects.js';
import { openCapture } from '../capture/capture.js';
import { readSecrets } from '../capture/read-secrets.js';
import { parseSecrets, type Secret, SecretsError } from '../track/secrets.js';
import { Examiner } from './examine.js';
import { KnownColumns } from './known-columns.js';
import { scan } from './scan.js';
import type { ScanMessage, ScanTask } from './scan-message.js';

/** Packets of the first batch: more than any screen shows. */
const SCREEN = 256;

const task = workerData as ScanTask;
const tell = (message: ScanMessage, transfer: ArrayBufferLike[] = []): void =>
  parentPort?.postMessage(message, transfer as ArrayBuffer[]);
const stop = new AbortController();
parentPort?.once('message', () => stop.abort());

try {
  await run();
} catch (error) {
  tell({ type: 'ended', problem: error instanceof Error ? error.message : String(error), forgotten: 0 });
}

async function run(): Promise<void> {
  const problems: string[] = [];
  const secrets = [...task.secrets, ...(await secretsInside(problems))];
  const capture = await openCapture(task.path, {
    randomAccess: true,
    follow: task.follow,
    ...(task.interval !== undefined && { interval: task.interval }),
    signal: stop.signal,
    ...(task.path === '-' && { stdin: createReadStream('', { fd: 0, autoClose: false }) }),
  });
  const dialect = task.dialect && dialectNamed(task.dialect);
  const examiner = new Examiner({ secrets, dialect, track: task.track, seed: task.seed });
  const known = new KnownColumns(task.seed);
  tell({ type: 'opened', descriptor: capture.descriptor ?? -1, secrets });
  let interfaces = 0;
  let comments = 0;
  for await (const { view, records, base, first } of capture.batches()) {
    const linkTypes = (row: number) => capture.interfaces[records.interfaceId[row] ?? 0]?.linkType ?? -1;
    // The first screen comes first: it must not wait for a whole chunk.
    const steps = first === 1 && records.count > SCREEN ? [0, SCREEN, records.count] : [0, records.count];
    for (const [step, from] of steps.slice(0, -1).entries()) {
      const scanned = scan(examiner, known, { view, records, linkTypes }, base, first, from, steps[step + 1]);
      const fresh = capture.interfaces.slice(interfaces);
      interfaces += fresh.length;
      const noted = [...capture.log.comments].slice(comments);
      comments += noted.length;
      const buffers = [...Object.values(scanned.columns).map((column) => column.buffer), scanned.pool.buffer];
      const { progress } = capture;
      tell({ type: 'batch', scanned, progress, interfaces: fresh, comments: noted }, buffers);
    }
    // A word from the main thread is heard between batches only.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { damage } = capture;
  if (damage)
    problems.unshift(`damaged at offset ${damage.offset}: ${damage.why}; ${damage.packets} packets came before it`);
  tell({ type: 'ended', problem: problems[0], forgotten: examiner.tracker.table.forgotten });
  // The descriptor must stay open for the main thread: the capture is closed when this thread ends.
}

async function secretsInside(problems: string[]): Promise<readonly Secret[]> {
  if (!task.track) return [];
  try {
    return parseSecrets((await readSecrets(task.path)).join('\n'), `${task.path}: decryption secrets`);
  } catch (error) {
    if (!(error instanceof SecretsError)) throw error;
    problems.push(error.message);
    return [];
  }
}
