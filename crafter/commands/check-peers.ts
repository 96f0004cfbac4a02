import { randomInt } from 'node:crypto';
import type { Writable } from 'node:stream';
import type { DialectName } from '../../dissectors/channel/dialects.js';
import { type Format, type Reporter, type Result, reporterOf, type Subject, verdictOf } from '../conformance/report.js';
import { PACE, SUITE, scriptOf, testsOf } from '../conformance/suite.js';
import type { ConformanceTest } from '../conformance/test.js';
import { endpointText } from '../endpoint.js';
import { recordPlays } from '../io/record-plays.js';
import { isRefusal, systemReason } from '../io/system-reason.js';
import { playOverUdp } from '../io/udp-play.js';
import type { Overrides } from '../script/check-settings.js';
import type { Play } from '../script/play.js';
import type { Script, Target } from '../script/script.js';
import { playVirtually } from '../script/virtual-play.js';
import { nearest } from '../script/words.js';
import { Strangers } from './check-strangers.js';
import type { RunIo } from './run-io.js';

/** What `check` is told. */
export interface CheckOptions {
  readonly listen?: Target;
  readonly dialect: DialectName;
  readonly only: readonly string[];
  readonly format: Format;
  readonly peerId?: Uint8Array;
  readonly remoteId?: Uint8Array;
  readonly slow?: boolean;
  readonly refuses?: boolean;
  readonly timeout?: number;
  readonly seed?: number;
  readonly verbose?: boolean;
  readonly list?: boolean;
  readonly write?: string;
}

/** Plays the tests, and reports each as it is over. */
export async function check(address: Target | undefined, options: CheckOptions, io: RunIo): Promise<void> {
  const target = address ?? options.listen;
  const wrong = wrongOptions(address, options);
  if (wrong !== undefined) return io.complain(`check: ${wrong}`, 2);
  const tests = chosen(target, options);
  if (options.list) {
    for (const { name, of, asks } of tests) io.stdout.write(`${name.padEnd(LIST_WIDTH)}  ${of} ${asks}\n`);
    return;
  }
  if (target) await new Checking(target, options, io).play(tests);
}

const LIST_WIDTH = 32;

/** What is wrong with the words, if anything is. */
function wrongOptions(address: Target | undefined, { listen, list, only }: CheckOptions): string | undefined {
  if (address && listen) return 'an address and --listen: one at a time';
  if (!address && !listen && !list) return 'whom? Say HOST:PORT, "peer", or --listen HOST:PORT';
  for (const name of only) {
    if (SUITE.some((test) => test.name === name)) continue;
    const near = nearest(
      name,
      SUITE.map((test) => test.name),
    );
    return `--only ${name}: no such test${near === undefined ? '; see --list' : `; did you mean ${near}?`}`;
  }
  return undefined;
}

function chosen(target: Target | undefined, { dialect, only }: CheckOptions): readonly ConformanceTest[] {
  const both = [...testsOf('responder', dialect), ...testsOf('initiator', dialect)];
  const fitting =
    !target || target.kind === 'peer' ? both : testsOf(target.kind === 'listen' ? 'initiator' : 'responder', dialect);
  return only.length === 0 ? fitting : fitting.filter(({ name }) => only.includes(name));
}

/** The suite on its way through a peer. */
class Checking {
  readonly #target: Target;
  readonly #options: CheckOptions;
  readonly #io: RunIo;
  /** Where the report goes. */
  readonly #out: Writable;
  readonly #reporter: Reporter;
  readonly #strangers = new Strangers();
  readonly #signal: AbortSignal;

  constructor(target: Target, options: CheckOptions, io: RunIo) {
    this.#target = target;
    this.#options = options;
    this.#io = io;
    this.#out = options.write === '-' ? io.stderr : io.stdout;
    if (options.write !== undefined && options.write !== '-') io.outlast?.();
    this.#reporter = reporterOf(options.format, options.verbose === true);
    this.#signal = io.interrupted();
  }

  async play(tests: readonly ConformanceTest[]): Promise<void> {
    const where = this.#target.kind === 'peer' ? 'built-in peer' : endpointText(this.#target);
    const subject: Subject = { where, dialect: this.#options.dialect };
    const results: Result[] = [];
    const times: number[] = [];
    this.#out.write(this.#reporter.begin(subject, tests.length));
    for (const test of tests) {
      if (this.#signal.aborted) break;
      times.push(Date.now());
      const result = await this.#one(test);
      if (result === undefined) return;
      const silence = results.some(({ play }) => play) ? undefined : unreachable(result);
      if (silence !== undefined) return this.#io.complain(`check: ${where}: ${silence}`, 1);
      results.push(result);
      this.#out.write(this.#reporter.result(result, results.length));
    }
    this.#out.write(this.#reporter.end(subject, results));
    this.#record(results, times);
    const failed = results.filter((result) => verdictOf(result) === 'fail').length;
    if (failed > 0) this.#io.complain(`check: ${where}: ${failed} of ${results.length} tests failed`, 1);
    else if (this.#signal.aborted) this.#io.complain(`check: ${where}: interrupted`, 1);
  }

  /** One test; undefined if it cannot even begin, which has been told. */
  async #one(test: ConformanceTest): Promise<Result | undefined> {
    const skipped = this.#whyNot(test);
    if (skipped !== undefined) return { test, skipped };
    try {
      const script = scriptOf(test, this.#options.dialect, this.#overrides(test), PACE);
      return { test, play: await this.#player(script, test) };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const where = this.#target.kind === 'peer' ? test.name : endpointText(this.#target);
      this.#io.complain(`check: ${where}: ${systemReason(error)}`, 1);
      return undefined;
    }
  }

  /** Why a test is not played, if it is not. */
  #whyNot({ needs }: ConformanceTest): string | undefined {
    const { slow, refuses } = this.#options;
    if (this.#target.kind === 'peer') return undefined;
    if (refuses) return needs === 'refusal' ? undefined : 'needs a peer that takes channels';
    if (needs === 'refusal') return 'needs a peer that refuses: --refuses';
    return needs === 'patience' && !slow ? 'takes long: --slow' : undefined;
  }

  #overrides({ needs }: ConformanceTest): Overrides {
    const { peerId, remoteId, timeout, seed } = this.#options;
    const isListening = this.#target.kind === 'listen';
    return {
      target: this.#target,
      ...(peerId ? { local: peerId } : !isListening && { local: 'random' as const }),
      ...(remoteId && { remote: remoteId }),
      ...(timeout !== undefined && { timeout }),
      ...(seed !== undefined && { seed }),
      ...(needs === 'refusal' && { peer: { accept: () => false } }),
    };
  }

  async #player(script: Script, { name }: ConformanceTest): Promise<Play> {
    const seed = script.seed ?? randomInt(2 ** 31);
    if (script.target.kind === 'peer') return playVirtually(script, seed);
    const isTold = this.#options.format !== 'json';
    const play = await playOverUdp(script, seed, {
      signal: this.#signal,
      isFirst: (bytes, from) => this.#strangers.isNew(bytes, from),
      onListening: (address) => {
        if (isTold) this.#out.write(`# ${name}: waiting at ${address} for an initiator that sends some data\n`);
      },
    });
    this.#strangers.remember(play.packets);
    return play;
  }

  #record(results: readonly Result[], times: readonly number[]): void {
    const { write } = this.#options;
    if (write === undefined) return;
    const played = results.flatMap(({ play }, place) => (play ? [{ play, time: times[place] ?? 0 }] : []));
    try {
      recordPlays(
        write,
        played.map(({ play }) => play),
        played.map(({ time }) => time),
        this.#io.stdout,
      );
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.#io.complain(`check: ${write}: ${systemReason(error)}`, 1);
    }
  }
}

/** What to say if nobody is there at all: the first test got no answer to its first packet. */
function unreachable({ play }: Result): string | undefined {
  if (play?.outcome.verdict === 'unreachable') return play.outcome.why;
  if (play?.script.target.kind !== 'udp' || play.packets.some(({ way }) => way === 'came')) return undefined;
  if (play.outcome.verdict !== 'fail' || play.outcome.failure.kind !== 'nothing came') return undefined;
  return `no answer; is a peer there that speaks ${play.script.dialect.name}, with the id of --remote-id?`;
}
