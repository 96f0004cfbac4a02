import { randomInt } from 'node:crypto';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { bitsOf, RESEND } from '../../dissectors/channel/capabilities.js';
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
import { probeOf, Traits } from './check-traits.js';
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

const LIST_WIDTH = 40;
/** How often a test is played over a network, where a packet may be late by chance. */
const TRIES = 2;
/** How often a responder is asked whether it is still there. */
const ATTEMPTS = 2;
/** How long a peer that ended has to be started again, in milliseconds. */
const RESTART_MS = 500;
/** How long what is sent back may take, in milliseconds. */
const PROBE_MS = 500;

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
  /** What earlier tests have shown of the peer. */
  readonly #traits = new Traits();
  /** The test after which the peer has not answered any more. */
  #killer: string | undefined;

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
      const played = await this.#one(test);
      if (played === undefined) return;
      const result = await this.#stillThere(played);
      const silence = results.some(({ play }) => play) ? undefined : unreachable(result);
      if (silence !== undefined) return this.#io.complain(`check: ${where}: ${silence}`, 1);
      results.push(result);
      this.#out.write(this.#reporter.result(result, results.length));
    }
    this.#out.write(this.#reporter.end(subject, results));
    this.#record(results, times);
    const failed = results.filter((result) => verdictOf(result) === 'fail').length;
    if (this.#killer !== undefined) this.#io.complain(`check: ${where}: no answer any more since ${this.#killer}`, 1);
    else if (failed > 0) this.#io.complain(`check: ${where}: ${failed} of ${results.length} tests failed`, 1);
    else if (this.#signal.aborted) this.#io.complain(`check: ${where}: interrupted`, 1);
  }

  /** Asks a responder that failed a test whether it is still there. */
  async #stillThere(result: Result): Promise<Result> {
    const { test, play } = result;
    if (this.#target.kind !== 'udp' || !play || verdictOf(result) !== 'fail') return result;
    if (await this.#answers()) return result;
    this.#killer = test.name;
    return { ...result, isLast: true };
  }

  /** Whether anything comes back from a responder for a CHANNEL_NEW. It may be busy with what it was sent before. */
  async #answers(): Promise<boolean> {
    const [first] = SUITE;
    for (let attempt = 0; attempt < ATTEMPTS && first && !this.#signal.aborted; attempt++) {
      const script = scriptOf(first, this.#options.dialect, this.#overrides(first));
      const { packets, outcome } = await playOverUdp(script, randomInt(2 ** 31), { signal: this.#signal });
      if (packets.some(({ way }) => way === 'came')) return true;
      // A port that is closed now may be opened again by whoever looks after the peer.
      if (outcome.verdict === 'unreachable') await sleep(RESTART_MS);
    }
    return this.#signal.aborted;
  }

  /** Finds out whether a responder sends back what it receives, once it is known to answer. */
  async #probe(): Promise<void> {
    const { dialect } = this.#options;
    const [first] = SUITE;
    if (this.#traits.isProbed || !first) return;
    this.#traits.isProbed = true;
    if (this.#target.kind === 'peer') this.#traits.echoes = true;
    if (this.#target.kind !== 'udp' || this.#options.refuses) return;
    const script = probeOf(dialect, { ...this.#overrides(first), timeout: PROBE_MS });
    const { outcome } = await playOverUdp(script, randomInt(2 ** 31), { signal: this.#signal });
    this.#traits.echoes = outcome.verdict === 'pass';
  }

  /** One test; undefined if it cannot even begin, which has been told. */
  async #one(test: ConformanceTest): Promise<Result | undefined> {
    try {
      if (test !== SUITE[0]) await this.#probe();
      const skipped = this.#whyNot(test);
      if (skipped !== undefined) return { test, skipped };
      const { earlierC1 } = this.#traits;
      const pace = earlierC1 === undefined ? PACE : { ...PACE, earlierC1 };
      const playing = { pace, echoes: this.#target.kind !== 'peer' && this.#traits.echoes };
      const script = scriptOf(test, this.#options.dialect, this.#overrides(test), playing);
      let play = await this.#player(script, test);
      let tries = 1;
      // On a busy machine a peer that does right may be late.
      for (; tries < this.#tries && play.outcome.verdict === 'fail' && !this.#signal.aborted; tries++) {
        play = await this.#player(script, test);
      }
      this.#traits.learn(play);
      return { test, play, tries };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const where = this.#target.kind === 'peer' ? test.name : endpointText(this.#target);
      this.#io.complain(`check: ${where}: ${systemReason(error)}`, 1);
      return undefined;
    }
  }

  /** How often a test is played until it passes. */
  get #tries(): number {
    return { peer: 1, udp: TRIES, listen: TRIES }[this.#target.kind];
  }

  /** Why a test is not played, if it is not. */
  #whyNot({ needs = [], mode, needsResend }: ConformanceTest): string | undefined {
    const { slow, refuses } = this.#options;
    if (this.#target.kind === 'peer') return undefined;
    if (this.#killer !== undefined) return `no answer any more since ${this.#killer}`;
    if (refuses) return needs.includes('refusal') ? undefined : 'needs a peer that takes channels';
    if (needs.includes('refusal')) return 'needs a peer that refuses: --refuses';
    if (needs.includes('patience') && !slow) return 'takes long: --slow';
    const { echoes, hasMuch, mode: opened } = this.#traits;
    if (mode !== undefined && opened !== undefined && mode !== opened)
      return `needs an initiator that opens its channel in ${mode}`;
    if (needsResend && opened !== undefined && (bitsOf(opened) & RESEND) === 0)
      return 'needs an initiator that opens its channel in a mode with resend';
    if (needs.includes('echo') && !echoes) return 'needs a peer that sends back what it receives';
    return needs.includes('much data') && !hasMuch ? 'needs an initiator that has 30 kB to send' : undefined;
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
      ...(needs?.includes('refusal') && { peer: { accept: () => false } }),
      ...(needs?.includes('echo') && { echo: true }),
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
