import type { Mode } from '../../dissectors/channel/capabilities.js';
import { type DialectName, dialectNamed } from '../../dissectors/channel/dialects.js';
import { recordSimulation } from '../io/record-simulation.js';
import { isRefusal, systemReason } from '../io/system-reason.js';
import { leastBytes } from '../simulation/numbered-message.js';
import { type Drop, type Plan, REORDER_MS } from '../simulation/plan.js';
import { runJson } from '../simulation/report-json.js';
import { runText } from '../simulation/report-text.js';
import { sideBySide } from '../simulation/side-by-side.js';
import { type Run, simulate } from '../simulation/simulate.js';
import { CraftError } from './craft-error.js';
import type { RunIo } from './run-io.js';

/** What `simulate` is told. */
export interface SimulateOptions {
  readonly mode?: Mode;
  readonly modes?: readonly Mode[];
  readonly dialect: DialectName;
  /** Probabilities, from 0 to 1. */
  readonly loss: number;
  readonly reorder: number;
  readonly duplicate: number;
  /** In milliseconds. */
  readonly delay: number;
  readonly interval: number;
  readonly drop: readonly Drop[];
  readonly seed: number;
  readonly messages: number;
  readonly answers: number;
  readonly bytes: number;
  readonly channels: number;
  readonly earlyData?: boolean;
  readonly flood: number;
  readonly packetSize?: number;
  readonly write?: string;
  readonly secretsInFile?: boolean;
  readonly T: 'text' | 'json';
  readonly verbose?: boolean;
}

/** Simulates what the command line asks for, and reports it. */
export function simulateOrder(options: SimulateOptions, io: RunIo): void {
  try {
    const plans = plansOf(options);
    const out = options.write === '-' ? io.stderr : io.stdout;
    if (options.write !== undefined && options.write !== '-') io.outlast?.();
    const runs = plans.map((plan) => simulate(plan, options.write !== undefined));
    out.write(reportOf(runs, options));
    if (options.write !== undefined) record(options.write, runs, options, io);
  } catch (error) {
    if (!(error instanceof CraftError)) throw error;
    io.complain(`simulate: ${error.message}`, error.status);
  }
}

function reportOf(runs: readonly Run[], { T: format, modes, verbose = false }: SimulateOptions): string {
  if (format === 'json') return runs.map((run) => `${JSON.stringify(runJson(run))}\n`).join('');
  return modes ? sideBySide(runs) : runs.map((run) => runText(run, verbose)).join('\n');
}

/** One plan a mode. @throws {CraftError} if the options contradict each other */
function plansOf(options: SimulateOptions): readonly Plan[] {
  const { modes, mode, dialect, messages, answers, bytes, packetSize, write, secretsInFile } = options;
  const least = leastBytes(Math.max(messages, answers));
  if (bytes < least) throw new CraftError(`--bytes: ${bytes}: the number of a message takes ${least} bytes`);
  if (secretsInFile && write === undefined) throw new CraftError('--secrets-in-file: it needs -w FILE');
  if (secretsInFile && write?.toLowerCase().endsWith('.pcap')) {
    throw new CraftError(`--secrets-in-file: ${write}: pcap has no place for secrets, pcapng has`);
  }
  const isNumbered = dialectNamed(dialect).numbered;
  const asked: readonly Mode[] = modes ?? [mode ?? (isNumbered ? 'tcp' : 'udp')];
  const other = asked.find((one) => !isNumbered && one !== 'udp');
  if (other !== undefined) throw new CraftError(`--mode: ${other}: ${dialect} has only udp`);
  const room = (packetSize ?? 1200) - MESSAGE_OVERHEAD;
  if (bytes > room) throw new CraftError(`--bytes: ${bytes}: a packet has room for ${room}; see --packet-size`);
  return asked.map((one) => planOf(options, one));
}

/** What a packet needs beside a message: envelope, COOKIE, the head of DATA. */
const MESSAGE_OVERHEAD = 80;

function planOf(options: SimulateOptions, mode: Mode): Plan {
  const { seed, dialect, loss, reorder, duplicate, delay, drop, channels, messages, answers, bytes, interval } =
    options;
  const { earlyData: isEarly = false, flood, packetSize } = options;
  return {
    seed,
    dialect,
    mode,
    conditions: { loss, reorder, duplicate, delay, reorderDelay: REORDER_MS },
    drops: drop,
    channels,
    messages,
    answers,
    bytes,
    interval,
    isEarly,
    flood,
    settings: packetSize === undefined ? {} : { packetSize },
  };
}

function record(path: string, runs: readonly Run[], { secretsInFile = false }: SimulateOptions, io: RunIo): void {
  try {
    recordSimulation(path, runs, secretsInFile, io.stdout);
  } catch (error) {
    if (isRefusal(error)) throw new CraftError(`cannot write: ${path}: ${systemReason(error)}`, 1);
    throw error;
  }
}
