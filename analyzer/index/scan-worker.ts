import { createReadStream, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { dialectNamed } from '../../dissectors/channel/dialects.js';
import { type NamedCaptures, oneCapture, openNamed, secretsInside } from '../capture/named-captures.js';
import { handshakeBoundsFor } from '../handshakes/table.js';
import type { Secret } from '../secrets/secrets.js';
import { Examiner } from '../track/examine.js';
import { boundsFor } from '../track/table.js';
import { buffersOf } from './channel-columns.js';
import { ChannelSnapshots } from './channel-snapshots.js';
import { handshakeColumns } from './handshake-columns.js';
import { embeddedSecrets, learnMore, learnSecrets } from './learn-secrets.js';
import { lowerPriority } from './lower-priority.js';
import { NewsOfCapture } from './news-of-capture.js';
import { type Scanner, scan, scannerOf } from './scan.js';
import type { ScanMessage, ScanOrder, ScanTask } from './scan-message.js';
import { sharedSecretOf } from './shared-secret.js';

/** Packets of the first batch: more than any screen shows. */
const SCREEN = 256;

/** How long the first screen is waited for, in milliseconds. */
const LONGEST_REST = 500;

const tell = (message: ScanMessage, transfer: readonly ArrayBuffer[] = []): void =>
  parentPort?.postMessage(message, transfer);
const stop = new AbortController();
const drawn = pending<void>();
const ordered = pending<ScanTask>();
let scanner: Scanner | undefined;
parentPort?.on('message', (order: ScanOrder) => {
  switch (order.type) {
    case 'scan':
      return ordered.resolve(order.task);
    case 'stop':
      return stop.abort();
    case 'drawn':
      return drawn.resolve();
    case 'secrets':
      return scanner && learnMore(scanner.examiner, order.secrets);
    case 'reuse':
      return scanner?.writer.reuse(order.segments);
  }
});

try {
  await run(await ordered.promise);
} catch (error) {
  tell({ type: 'ended', problem: error instanceof Error ? error.message : String(error) });
}

async function run(task: ScanTask): Promise<void> {
  const problems: string[] = [];
  const captures = task.captures ?? oneCapture(task.path);
  const secrets = [...task.secrets, ...(await embedded(captures, task, problems))];
  const capture = await openNamed(captures, {
    randomAccess: true,
    countBlocks: task.countBlocks ?? false,
    follow: task.follow,
    ...(task.interval !== undefined && { interval: task.interval }),
    signal: stop.signal,
    ...(captures.paths.includes('-') && { stdin: standardInput() }),
  });
  const { dialect, seed, track, keep } = task;
  const examiner = new Examiner({
    sharedSecret: sharedSecretOf,
    secrets,
    dialect: dialect && dialectNamed(dialect),
    track,
    converse: true,
    seed,
    ...(keep !== undefined && { bounds: boundsFor(keep), handshakeBounds: handshakeBoundsFor(keep) }),
  });
  scanner = scannerOf(examiner, seed, keep);
  tell({ type: 'opened', descriptor: capture.descriptor ?? -1, dialect });
  const news = new NewsOfCapture(capture, scanner);
  const snapshots = new ChannelSnapshots(examiner.tracker.table, (channels) => {
    tell({ type: 'channels', channels }, buffersOf(channels));
    const handshakes = handshakeColumns(examiner.handshakes);
    tell({ type: 'handshakes', handshakes }, buffersOf(handshakes));
  });
  for await (const { view, records, base, first } of capture.batches()) {
    learnSecrets(capture, examiner);
    const linkTypes = (row: number) => capture.interfaces[records.interfaceId[row] ?? 0]?.linkType ?? -1;
    // The first screen comes first: it must not wait for a whole chunk.
    const steps = first === 1 && records.count > SCREEN ? [0, SCREEN, records.count] : [0, records.count];
    for (const [step, from] of steps.slice(0, -1).entries()) {
      const to = steps[step + 1] ?? from;
      scan(scanner, { view, records, linkTypes }, base, first, from, to);
      tell({ type: 'grown', news: news.take(), progress: capture.progress });
      snapshots.changed();
      if (first + from > 1) continue;
      // From here on it is the screen that is waited for.
      lowerPriority();
      if (task.rests) await Promise.race([drawn.promise, delay(LONGEST_REST, undefined, { ref: false })]);
    }
    // A word from the main thread is heard between batches only.
    await new Promise((resolve) => setImmediate(resolve));
  }
  snapshots.finish();
  tell({
    type: 'ended',
    problem: [...capture.faults.map(({ line, brief }) => (captures.areSeveral ? line : brief)), ...problems][0],
  });
  // The descriptor must stay open for the other threads: the capture is closed when this thread ends.
}

/** A pipe that another thread or program has made non-blocking has to be waited for, as sockets are. */
function standardInput(): Readable {
  const stats = fstatSync(0);
  if (stats.isFIFO() || stats.isSocket()) return new Socket({ fd: 0, readable: true, writable: false });
  return createReadStream('', { fd: 0, autoClose: false });
}

async function embedded(
  captures: NamedCaptures,
  { track, follow }: ScanTask,
  problems: string[],
): Promise<readonly Secret[]> {
  if (!track) return [];
  const found = await secretsInside(captures, follow);
  return found.flatMap(({ path, channels, keyLogs }) =>
    embeddedSecrets([...channels, ...keyLogs], path, problems, (text) => problems.push(text)),
  );
}

/** A promise that is kept from outside. */
function pending<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
