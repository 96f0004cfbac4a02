import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cameIn, type Interface, makeNetwork, namespacesMissing } from '../net/namespaces.js';
import { rawFramesMissing } from '../net/raw-frames.js';
import { type Run, textOf } from '../running-program.js';
import { LiveScreen } from './live-screen.js';
import { makeCapture } from './make-capture.js';
import { median } from './measure.js';
import { MIXES } from './mixes.js';

const BURST = 200_000;
const RATE = 100_000;
/** The packets of a burst are these, again and again: what sends them must not be what is measured. */
const DIFFERENT = 5000;
const ENGINES = ['dumpcap', 'tcpdump', 'cap'] as const;
/** What is still on its way after a burst has this long to come, in milliseconds, as long as more comes. */
const SETTLED_MS = 1500;
const MOST_MS = 40_000;

/** What became of a burst. */
interface Outcome {
  readonly sent: number;
  /** Packets a second. */
  readonly rate: number;
  /** Packets that came through the cable. */
  readonly arrived: number;
  readonly captured: number;
  /** What the engine says, in its words. */
  readonly said: string;
  /** From keys to what they change on the screen, in milliseconds; without a screen, none. */
  readonly keys: readonly number[];
}

/**
 * Prints what gets lost of a burst on a cable between two namespaces, for each engine: with the screen on, while keys are
 * pressed, and recorded in a file. Then how fast frames are sent.
 */
export async function liveBench(program: string): Promise<void> {
  console.log(`\n== live: ${BURST} packets at ${RATE} a second`);
  const missing = namespacesMissing() ?? (await rawFramesMissing());
  if (missing) return console.log(`  left out: ${missing}`);
  const folder = mkdtempSync(join(tmpdir(), 'handshark-bench-'));
  const network = makeNetwork(2);
  try {
    const cable = network.join(0, 1);
    const burst = join(folder, 'burst.pcap');
    makeCapture(burst, DIFFERENT, MIXES.bulk);
    console.log(`  packets of ${Math.round(statSync(burst).size / DIFFERENT) - 16} bytes on average`);
    for (const engine of ENGINES) {
      console.log(lineOf(`${engine}, screen`, await onScreen(resolve(program), engine, burst, cable)));
      console.log(lineOf(`${engine}, to a file`, await toFile(resolve(program), engine, burst, cable, folder)));
    }
    await topSpeed(resolve(program), burst, cable);
  } finally {
    await network.remove();
    rmSync(folder, { recursive: true });
  }
}

type Cable = readonly [near: Interface, far: Interface];

/** Sends a burst from the near end. */
async function send(program: string, file: string, [near, far]: Cable) {
  const before = cameIn(far);
  const loops = BURST / DIFFERENT;
  const words = ['inject', file, '-i', near.name, '--rate', `${RATE}`, '--loop', `${loops}`];
  const run = await near.namespace.start([process.execPath, program, ...words], '').ended();
  if (run.status !== 0) throw new Error(`inject: ${run.err}`);
  return { ...ratesIn(run), arrived: cameIn(far) - before };
}

/** What `inject` says at its end. */
function ratesIn(run: Run): { readonly sent: number; readonly rate: number } {
  const [, sent, rate] = /^sent (\d+) packets.*\((\d+) packets\/s\)/.exec(textOf(run)) ?? [];
  return { sent: Number(sent), rate: Number(rate) };
}

/** A burst that the screen shows. */
async function onScreen(program: string, engine: string, file: string, cable: Cable): Promise<Outcome> {
  const [, far] = cable;
  const command = [...far.namespace.inside, process.execPath, program, '-i', far.name, '--engine', engine];
  const screen = new LiveScreen(command);
  try {
    await screen.shows(far.name);
    let isOver = false;
    const sending = send(program, file, cable).finally(() => {
      isOver = true;
    });
    const keys: number[] = [];
    while (!isOver) {
      // Help comes, and goes.
      keys.push(await screen.press('?', ' Packet list'), await screen.press('?', ' Destination '));
      await sleep(50);
    }
    const outcome = await sending;
    const captured = await settled(() =>
      Number(/ packet [\d,]+ of ([\d,]+)/.exec(screen.text)?.[1]?.replaceAll(',', '') ?? 0),
    );
    return {
      ...outcome,
      keys,
      captured,
      said: /[\d,]+ dropped|drops unknown/.exec(screen.text)?.[0] ?? 'drops not shown',
    };
  } finally {
    await screen.close();
  }
}

/** A burst that is recorded. */
async function toFile(program: string, engine: string, file: string, cable: Cable, folder: string): Promise<Outcome> {
  const [, far] = cable;
  const path = join(folder, `${engine}.pcapng`);
  const words = ['capture', '-i', far.name, '--engine', engine, '-w', path];
  const capture = far.namespace.start([process.execPath, program, ...words]);
  await capture.said(/capturing on/);
  const outcome = await send(program, file, cable);
  await settled(() => statSync(path).size);
  const { err } = await capture.stop('SIGINT');
  const counting = ['decode', path, '-T', 'fields', '-E', 'header=n', '-e', 'frame.number'];
  const lines = execFileSync(process.execPath, [program, ...counting], { maxBuffer: 1 << 26 });
  const captured = lines.toString().split('\n').length - 1;
  rmSync(path);
  return { ...outcome, captured, keys: [], said: /.*captured, (.*) on /.exec(err)?.[1] ?? err.trim() };
}

/** A number that grows, once it has stopped growing. */
async function settled(look: () => number): Promise<number> {
  let [value, since] = [look(), performance.now()];
  const start = since;
  while (performance.now() - since < SETTLED_MS && performance.now() - start < MOST_MS) {
    await sleep(50);
    const now = look();
    if (now !== value) [value, since] = [now, performance.now()];
  }
  return value;
}

function lineOf(name: string, { sent, rate, arrived, captured, said, keys }: Outcome): string {
  const lost = Math.max(0, sent - captured);
  const answers =
    keys.length > 0 ? `; keys answered in ${median(keys).toFixed(0)} ms, at most ${Math.max(...keys).toFixed(0)}` : '';
  const share = `${((100 * lost) / sent).toFixed(2)} %`;
  return `  ${name.padEnd(18)} sent ${sent} at ${rate}/s, arrived ${arrived}, captured ${captured}, lost ${lost} (${share}), said: ${said}${answers}`;
}

/** How fast frames are sent, ours and tcpreplay's where it is installed. */
async function topSpeed(program: string, file: string, [near]: Cable): Promise<void> {
  const loops = `${BURST / DIFFERENT}`;
  const words = ['inject', file, '-i', near.name, '--topspeed', '--loop', loops];
  const ours = await near.namespace.start([process.execPath, program, ...words], '').ended();
  console.log(`  inject --topspeed: ${ratesIn(ours).rate} packets/s`);
  const theirs = await near.namespace
    .start(['tcpreplay', '-i', near.name, '--topspeed', '--preload-pcap', '--loop', loops, file], '')
    .ended()
    .catch(() => undefined);
  const rate = theirs && /([\d.]+) pps/.exec(textOf(theirs))?.[1];
  console.log(
    `  tcpreplay --topspeed: ${rate === undefined ? 'not installed' : `${Math.round(Number(rate))} packets/s`}`,
  );
}
