import type { Mode } from '../../dissectors/channel/capabilities.js';
import { type DialectName, dialectNamed } from '../../dissectors/channel/dialects.js';
import { recordSimulation } from '../io/record-simulation.js';
import { isRefusal, systemReason } from '../io/system-reason.js';
import type { ClaimName } from '../simulation/claim-names.js';
import { storiesText } from '../simulation/claim-report.js';
import { CLAIMS, type Claim } from '../simulation/claims.js';
import { COMPARISON, compare, comparisonJson, comparisonText } from '../simulation/comparison.js';
import { leastBytes } from '../simulation/numbered-message.js';
import { type Drop, type Plan, REORDER_MS, USUAL } from '../simulation/plan.js';
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
  /** As few as the numbers take, and 16 at least, if it is left out. */
  readonly bytes?: number;
  readonly channels: number;
  readonly earlyData?: boolean;
  readonly flood: number;
  readonly spurious: number;
  readonly packetSize?: number;
  readonly write?: string;
  readonly secretsInFile?: boolean;
  readonly T: 'text' | 'json';
  readonly verbose?: boolean;
}

/** What a line asks for that is written as after `handshark simulate`. */
export interface SimulationRequest {
  readonly claim: ClaimName | undefined;
  readonly options: SimulateOptions;
  /** The options that were given, by their names. */
  readonly given: readonly string[];
}

/**
 * Simulates what the command line asks for, and reports it.
 * @param given the options that were given, by their names
 */
export function simulateOrder(
  claim: ClaimName | undefined,
  options: SimulateOptions,
  given: readonly string[],
  io: RunIo,
): void {
  try {
    checkFile(options);
    if (claim !== undefined) refuseBeside(claim, given);
    if (claim === 'comparison') return compareOrder(options, io);
    const played = claim === undefined ? undefined : CLAIMS[claim];
    const plans = plansFor(claim, options);
    const out = options.write === '-' ? io.stderr : io.stdout;
    if (options.write !== undefined && options.write !== '-') io.outlast?.();
    const runs = plans.map((plan) => simulate(plan, played !== undefined || options.write !== undefined));
    out.write(played && options.T === 'text' ? claimText(played, runs, options) : reportOf(runs, options));
    if (options.write !== undefined) record(options.write, runs, options, io);
  } catch (error) {
    if (!(error instanceof CraftError)) throw error;
    io.complain(`simulate: ${error.message}`, error.status);
  }
}

const plansFor = (claim: Exclude<ClaimName, 'comparison'> | undefined, options: SimulateOptions): readonly Plan[] =>
  claim === undefined ? plansOf(options) : CLAIMS[claim].plans.map((plan) => ({ ...plan, seed: options.seed }));

/** Options of the command line for what a screen shows by itself. */
const NOT_ON_SCREEN = ['--write', '--secrets-in-file', '-T', '--verbose'];
/** Messages, and forged packets, that a screen waits for. */
const MOST_ON_SCREEN = 100_000;

/**
 * The runs that a line asks for, to be shown on a screen.
 * @throws {CraftError} if the words make no sense, or ask for what a screen does not show
 */
export function runsFor({ claim, options, given }: SimulationRequest): readonly Run[] {
  const other = given.find((name) => NOT_ON_SCREEN.includes(name));
  if (other !== undefined) throw new CraftError(`${other}: not here: the screen shows the run, and can save it`);
  if (claim === 'comparison') throw new CraftError('comparison: models have no packets to show');
  if (claim !== undefined) refuseBeside(claim, given);
  const plans = plansFor(claim, options);
  for (const { flood, channels, messages, answers } of plans) {
    if (Math.max(flood, channels * (messages + answers)) <= MOST_ON_SCREEN) continue;
    throw new CraftError(`more than ${MOST_ON_SCREEN} messages: -w FILE on the command line, and open the file`);
  }
  return plans.map((plan) => simulate(plan, true));
}

/** Options that go with a claim; what is simulated is said by it. */
const BESIDE_CLAIM = ['--seed', '--write', '--secrets-in-file', '-T', '--verbose'];

function refuseBeside(claim: ClaimName, given: readonly string[]): void {
  const other = given.find((name) => !BESIDE_CLAIM.includes(name));
  if (other !== undefined) throw new CraftError(`${other}: ${claim}: a claim says itself what is simulated`);
}

function compareOrder({ seed, T: format, write }: SimulateOptions, io: RunIo): void {
  if (write !== undefined) throw new CraftError('--write: comparison: models have no packets to record');
  const all = compare(seed);
  const { says, look } = COMPARISON;
  const lines =
    format === 'json'
      ? comparisonJson(all).map((row) => JSON.stringify(row))
      : [`claim: ${says}`, `look for: ${look}`, '', ...comparisonText(all)];
  io.stdout.write(`${lines.join('\n')}\n`);
}

function claimText({ says, look, report }: Claim, runs: readonly Run[], { verbose }: SimulateOptions): string {
  const stories = verbose ? ['', ...storiesText(runs)] : [];
  return `${[`claim: ${says}`, `look for: ${look}`, '', ...report(runs), ...stories].join('\n')}\n`;
}

function checkFile({ write, secretsInFile }: SimulateOptions): void {
  if (!secretsInFile) return;
  if (write === undefined) throw new CraftError('--secrets-in-file: it needs -w FILE');
  if (write.toLowerCase().endsWith('.pcap')) {
    throw new CraftError(`--secrets-in-file: ${write}: pcap has no place for secrets, pcapng has`);
  }
}

function reportOf(runs: readonly Run[], { T: format, modes, verbose = false }: SimulateOptions): string {
  if (format === 'json') return runs.map((run) => `${JSON.stringify(runJson(run))}\n`).join('');
  const stories = runs.map((run) => runText(run, verbose)).join('\n');
  if (!modes) return stories;
  return verbose ? `${sideBySide(runs)}\n${stories}` : sideBySide(runs);
}

/** One plan a mode. @throws {CraftError} if the options contradict each other */
function plansOf(options: SimulateOptions): readonly Plan[] {
  const { modes, mode, dialect, messages, answers, packetSize } = options;
  const least = leastBytes(Math.max(messages, answers));
  const bytes = options.bytes ?? Math.max(USUAL.bytes, least);
  if (bytes < least) throw new CraftError(`--bytes: ${bytes}: the number of a message takes ${least} bytes`);
  const isNumbered = dialectNamed(dialect).numbered;
  const asked: readonly Mode[] = modes ?? [mode ?? (isNumbered ? 'tcp' : 'udp')];
  const other = asked.find((one) => !isNumbered && one !== 'udp');
  if (other !== undefined) throw new CraftError(`--mode: ${other}: ${dialect} has only udp`);
  const room = (packetSize ?? 1200) - MESSAGE_OVERHEAD;
  if (bytes > room) throw new CraftError(`--bytes: ${bytes}: a packet has room for ${room}; see --packet-size`);
  return asked.map((one) => planOf(options, one, bytes));
}

/** What a packet needs beside a message: envelope, COOKIE, the head of DATA. */
const MESSAGE_OVERHEAD = 80;

function planOf(options: SimulateOptions, mode: Mode, bytes: number): Plan {
  const { seed, dialect, loss, reorder, duplicate, delay, drop, channels, messages, answers, interval } = options;
  const { earlyData: isEarly = false, flood, spurious, packetSize } = options;
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
    spurious,
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
