import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { seeded } from '../../crafter/seeded.js';
import { PtySession } from '../analyzer/ui/pty.js';
import { firstRows } from './first-rows.js';
import { median } from './measure.js';

const SIZE = { columns: 120, rows: 40 };
/** Between two keys while a capture is read passes up to this, in milliseconds. */
const MOST_PAUSE_MS = 60;
/** A key that is held down comes this often, in milliseconds, and this long. */
const HELD_MS = 10;
const HOLD_MS = 4000;
/** Keys after which the loading is measured enough. */
const MOST_KEYS = 600;

/** A key, and what is on the screen once it is answered and was not before. */
const ROUND: readonly (readonly [key: string, answer: string])[] = [
  ['j', 'packet 2 of'],
  ['\x1b[B', 'packet 3 of'],
  ['g', 'packet 1 of'],
  ['\t', '▸─ Packet'],
  ['\x1b[Z', '▸   '],
  ['?', '▸─ Keys'],
  ['q', 'Info'],
  ['/', 'Esc leave it'],
  ['\x07', 'Filter: all packets'],
  [':', 'add-column'],
  ['\x07', '? help'],
  ['F', 'following the newest'],
  ['g', 'packet 1 of'],
  ['1', 'channels, by'],
  ['j', '── Channel 2: '],
  ['k', '── Channel 1: '],
  ['\r', '▸─ Ladder of'],
  ['v', '│002a  '],
  ['vv', '│Channel 1: '],
  ['2', 'Info'],
  ['d', '▸─ Channel 1'],
  ['v', 'as hex'],
  ['v', 'as text'],
  ['2', 'Info'],
  ['e', '▸─ Edit packet'],
  ['6', '▸─ Log'],
  ['4', 'Round trips'],
  ['2', 'Info'],
  ['/', 'Esc leave it'],
  ['chan.data', 'Filter: chan.data'],
  ['\r', '? help'],
  ['x', ' off'],
  ['/', 'Esc leave it'],
  ['\x15\r', 'Filter: all packets'],
  // Where the filter has left the cursor depends on how far it came.
  ['F', 'following the newest'],
  ['g', 'packet 1 of'],
];

/** Prints how the screen behaves on a capture: while it is read, and while a key is held down. */
export async function uiBench(program: string, path: string, rounds: number): Promise<void> {
  console.log(`\n== the screen on ${path}`);
  console.log(await firstRows(path, rounds));
  console.log(`  a program that only echoes, for comparison: ${told(await echoes())}`);
  const home = mkdtempSync(join(tmpdir(), 'handshark-bench-'));
  const own = [`XDG_STATE_HOME=${home}`, `XDG_CONFIG_HOME=${home}`];
  const session = new PtySession('env', [...own, process.execPath, program, path], SIZE.columns, SIZE.rows);
  try {
    const start = performance.now();
    await session.untilShown('packet 1 of');
    keyLines(await keysWhileLoading(session));
    await loaded(session);
    console.log(`  read after ${((performance.now() - start) / 1000).toFixed(1)} s`);
    console.log(`  a key held down: ${(await framesOf(session, 'j')).toFixed(0)} frames a second`);
    console.log(`  a page key held down: ${(await framesOf(session, '\x1b[6~')).toFixed(0)} frames a second`);
    console.log(`  most memory: ${peakOf(session.pid)}`);
  } finally {
    session.kill('SIGKILL');
    rmSync(home, { recursive: true });
  }
}

/** What of the times is not ours: keys to a program that does nothing but write them. */
async function echoes(): Promise<readonly number[]> {
  const session = new PtySession('sh', ['-c', 'stty raw -echo; echo ready; exec cat'], SIZE.columns, SIZE.rows);
  try {
    await session.untilShown('ready');
    const times: number[] = [];
    for (const key of '0123456789ABCDEFGHIJ') {
      await sleep(MOST_PAUSE_MS);
      times.push(await press(session, key, key));
    }
    return times;
  } finally {
    session.kill('SIGKILL');
  }
}

const isLoading = (session: PtySession): boolean => / \d+%/.test(session.rows().at(-2) ?? '');

/** Milliseconds from each key to its answer, sent at odd moments while the capture is read. */
async function keysWhileLoading(session: PtySession): Promise<ReadonlyMap<string, readonly number[]>> {
  const random = seeded(6);
  const times = new Map<string, number[]>();
  for (let count = 0; count < MOST_KEYS; count++) {
    const [key, answer] = ROUND[count % ROUND.length] ?? ['', ''];
    const label = `${JSON.stringify(key)} ${answer.trim()}`;
    await sleep(random.integer(MOST_PAUSE_MS));
    const time = await press(session, key, answer);
    times.set(label, [...(times.get(label) ?? []), time]);
    // A round is played to its end: the status line that tells is not on every screen.
    if (count % ROUND.length === ROUND.length - 1 && !isLoading(session)) break;
  }
  return times;
}

/** Presses a key, and tells how long it takes until its answer is on the screen. */
async function press(session: PtySession, key: string, answer: string): Promise<number> {
  const before = session.rows().join('\n');
  if (before.includes(answer)) throw new Error(`"${answer}" is shown already:\n${before}`);
  const start = performance.now();
  session.send(key);
  await session.untilShown(answer);
  return performance.now() - start;
}

function keyLines(times: ReadonlyMap<string, readonly number[]>): void {
  const all = [...times.values()].flat();
  console.log(`  ${all.length} keys while it is read: ${told(all)}`);
  const slowest = [...times].toSorted(([, one], [, other]) => Math.max(...other) - Math.max(...one)).slice(0, 3);
  for (const [key, own] of slowest) console.log(`    ${key}: ${told(own)}`);
}

function told(times: readonly number[]): string {
  const sorted = [...times].sort((one, other) => one - other);
  const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
  return `median ${median(sorted).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, most ${(sorted.at(-1) ?? 0).toFixed(1)} ms`;
}

async function loaded(session: PtySession): Promise<void> {
  // A minute at most: `until` gives up before that.
  for (let tries = 0; tries < 3; tries++) {
    const done = await session
      .until('it is read', () => !isLoading(session))
      .then(
        () => true,
        () => false,
      );
    if (done) return;
  }
}

/** What the program writes at the end of a frame: terminals that know it show the frame in one piece. */
const FRAME_END = '\x1b[?2026l';

/** How many frames are drawn a second while a key is held down. */
async function framesOf(session: PtySession, key: string): Promise<number> {
  const before = session.raw.length;
  const start = performance.now();
  const hold = setInterval(() => session.send(key), HELD_MS);
  await session.until('the key was held long enough', () => performance.now() - start > HOLD_MS);
  clearInterval(hold);
  const frames = session.raw.slice(before).split(FRAME_END).length - 1;
  return frames / ((performance.now() - start) / 1000);
}

function peakOf(pid: number): string {
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return `${(Number(peak) / 1000).toFixed(0)} MB`;
}
