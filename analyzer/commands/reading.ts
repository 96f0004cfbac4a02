import { randomBytes } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { type DialectName, dialectNamed } from '../../dissectors/channel/dialects.js';
import { type Capture, nameOf } from '../capture/capture.js';
import { CaptureError, systemError } from '../capture/capture-error.js';
import { KeptPackets } from '../capture/kept-packets.js';
import { type NamedCaptures, oneCapture, openNamed, secretsInside } from '../capture/named-captures.js';
import { readAtMost } from '../capture/read-at-most.js';
import type { CaptureBatch } from '../capture/record-scanner.js';
import { embeddedSecrets, learnSecrets } from '../index/learn-secrets.js';
import { sharedSecretOf } from '../index/shared-secret.js';
import type { Packet } from '../print/packet.js';
import { Timeline } from '../print/timeline.js';
import { parseSecrets, type Secret } from '../secrets/secrets.js';
import { MOST_WORK } from '../track/cookies.js';
import { type ExaminedOnce, Examiner } from '../track/examine.js';
import type { Links } from '../track/links.js';
import type { Io } from './io.js';
import { isLive, pipeNamed } from './live-options.js';
import { NumberSet } from './number-set.js';
import type { ReadingOptions } from './reading-options.js';
import { UsageError } from './usage-error.js';

/** Whether what is printed to a terminal is coloured. */
export const isColored = (when: ReadingOptions['color'], terminal: boolean, noColor: string | undefined): boolean =>
  when === 'always' || (when === 'auto' && terminal && (noColor === undefined || noColor === ''));

/** The secrets of the files that were named. @throws {SecretsError | CaptureError} on the first that cannot be read */
export function secretsFrom(files: readonly string[], remark?: (text: string) => void): readonly Secret[] {
  return files.flatMap((file) => {
    const text = readSecretsText(file);
    return parseSecrets(text, file, remark, (name) => readSecretsText(resolve(dirname(file), name)));
  });
}

/** The largest secrets file that is read, in bytes: what is longer, or has no end, is no secrets file. */
const MOST_SECRETS_TEXT = 64 * 1024 * 1024;

/** The text of a secrets file. @throws {CaptureError} if it cannot be read */
export function readSecretsText(file: string): string {
  const WHAT = 'cannot read secrets';
  let text: Uint8Array | undefined;
  try {
    text = readAtMost(file, MOST_SECRETS_TEXT);
  } catch (error) {
    throw systemError(WHAT, file, error);
  }
  if (text === undefined) throw new CaptureError(WHAT, file, `it is longer than ${MOST_SECRETS_TEXT} bytes`);
  return new TextDecoder().decode(text);
}

/** A capture that is being read, with everything its packets are examined by. */
export interface Reading {
  readonly capture: Capture;
  readonly examiner: Examiner;
  readonly secrets: readonly Secret[];
  /** The secrets that travel in the capture, a text a block. */
  readonly inside: readonly string[];
  /** What is wrong with it besides damage; one line each. */
  readonly problems: readonly string[];
  /** Whether it is live traffic. */
  readonly isLive: boolean;
  /** How its packets belong together, where that was asked for. */
  readonly links?: Links;
}

/** Captures that are to be read, perhaps more than once: what is the same each time is read here, and only once. */
export interface ReadingSource {
  readonly captures: NamedCaptures;
  readonly options: ReadingOptions;
  readonly secrets: readonly Secret[];
  readonly inside: readonly string[];
  readonly problems: string[];
  readonly signal: AbortSignal | undefined;
  readonly dialect?: DialectName;
  /** The numbers of the only packets that count; all, if left out. */
  readonly kept?: NumberSet;
  readonly tell: (text: string) => void;
  /** What `-` reads, if that is not standard input as it is. */
  readonly stdin?: Readable | undefined;
}

/**
 * Reads the secrets that are named, and those that travel in captures.
 * @param named captures, or the path of a single one
 * @param remark takes what there is to say of secrets, and of a live capture: that it began, and what it counted
 */
export async function sourceOf(
  named: NamedCaptures | string,
  options: ReadingOptions,
  signal?: AbortSignal,
  remark: (text: string) => void = () => {},
): Promise<ReadingSource> {
  const problems: string[] = [];
  const tell = options.quiet ? () => {} : remark;
  const { readFilter, twoPass, setting = [] } = options;
  if (readFilter !== undefined && !twoPass)
    throw new UsageError(`-R: ${readFilter}: goes with -2; for one pass there is -Y`);
  const settings = setting.length === 0 ? undefined : (await import('./settings.js')).readSettings(setting);
  const captures = typeof named === 'string' ? oneCapture(named) : named;
  const given = secretsFrom([...options.secrets, ...(settings?.secrets ?? [])], tell);
  const found = await secretsInside(captures, options.follow ?? false, signal);
  const inside = found.flatMap(({ channels }) => channels);
  const secrets = [
    ...given,
    ...found.flatMap(({ path, channels, keyLogs }) => embeddedSecrets([...channels, ...keyLogs], path, problems, tell)),
  ];
  const dialect = options.dialect ?? settings?.dialect;
  const source = { captures, options, secrets, inside, problems, signal, tell, ...(dialect && { dialect }) };
  return readFilter === undefined ? source : { ...source, kept: await numbersKept(source, readFilter) };
}

/** The numbers of the packets that `-R` leaves in the capture. */
async function numbersKept(source: ReadingSource, filter: string): Promise<NumberSet> {
  const passes = (await import('../filter/compile.js')).compileFilter(filter);
  const reading = await openSource({ ...source, options: { ...source.options, filter } });
  const kept = new NumberSet();
  try {
    for await (const next of packetsOf(reading, source.options.count)) {
      for (let packet = next(); packet; packet = next()) if (passes(packet)) kept.add(packet.number);
    }
  } finally {
    await reading.capture.close();
  }
  return kept;
}

/**
 * Opens a capture to read its packets. Live traffic is captured if the options ask for it.
 * @param track whether channels are followed; as the options say, unless given
 * @param randomAccess whether a descriptor of the bytes is wanted, also where they come in a pipe
 * @param channelsOnly whether nothing but channels is asked for
 * @param unjudged whether nobody asks what checksums turn out to be; not where channels are followed
 */
export async function openSource(
  { captures, options, secrets, inside, problems, signal, tell, dialect, kept, stdin }: ReadingSource,
  {
    track = options.track,
    links,
    randomAccess = false,
    channelsOnly = false,
    unjudged = false,
  }: {
    readonly track?: boolean;
    readonly links?: Links | undefined;
    readonly randomAccess?: boolean;
    readonly channelsOnly?: boolean;
    readonly unjudged?: boolean;
  } = {},
): Promise<Reading> {
  const isCaptured = isLive(options) && pipeNamed(options) === undefined;
  const whole = isCaptured
    ? await (await import('./live-reading.js')).openLiveCapture(options, problems, tell, signal)
    : await openNamed(captures, {
        countBlocks: options.countCustomBlocks ?? false,
        follow: options.follow ?? false,
        randomAccess,
        ...(signal && { signal }),
        ...(stdin && { stdin }),
      });
  const capture = kept ? new KeptPackets(whole, (number) => kept.has(number)) : whole;
  const seed = randomBytes(4).readInt32LE();
  const { decodeAs = [], converse = asksForConversations(options) } = options;
  const examiner = new Examiner({
    secrets,
    dialect: dialect && dialectNamed(dialect),
    track,
    channelsOnly,
    ...(decodeAs.length > 0 && { decodeAs }),
    unjudged,
    converse,
    seed,
    sharedSecret: sharedSecretOf,
  });
  return { capture, examiner, secrets, inside, problems, isLive: isCaptured, ...(links && { links }) };
}

/** Part of the names of fields that follow from the packets of a conversation before. */
const CONVERSING = /\b(?:udp\.stream|tcp\.(?:analysis|completeness|time_|window_size))/;

/** Whether conversations must be followed for what is asked: nobody else pays for it. */
export function asksForConversations({
  filter = '',
  field = [],
  column = [],
}: Pick<ReadingOptions, 'filter' | 'field' | 'column'>): boolean {
  return [filter, ...field, ...column].some((text) => CONVERSING.test(text));
}

/** Opens a capture to read its packets once: for what no packet later on can tell. */
export const openReading = async (...source: Parameters<typeof sourceOf>): Promise<Reading> =>
  openSource(await sourceOf(...source));

/**
 * Part of the names of fields that follow from the packets before: channels, handshakes, verdicts on cookies, findings.
 * The columns of the list hold findings too.
 */
const FOLLOWING = /\b(?:channel|handshake|expert|_ws)\b|cookie/;

/** Whether channels and handshakes must be followed for some fields, or for a filter. */
export const asksForFacts = (texts: readonly string[]): boolean => texts.some((text) => FOLLOWING.test(text));

/** Whether checksums must be judged for some fields, or for a filter; findings are facts. */
export const asksForChecksums = (texts: readonly string[]): boolean =>
  texts.some((text) => /checksum[._]status/.test(text));

/** The packets of one batch of a capture, which are examined one after the other. */
export class BatchPackets {
  /** Of the first packet of the batch. */
  readonly first: number;
  private readonly reading: Reading;
  private readonly batch: CaptureBatch;
  private readonly timeline: Timeline;

  constructor(reading: Reading, batch: CaptureBatch, timeline: Timeline) {
    const { capture, examiner } = reading;
    const { view, records, first } = batch;
    this.reading = reading;
    this.batch = batch;
    this.timeline = timeline;
    this.first = first;
    learnSecrets(capture, examiner);
    examiner.begin({ view, records, linkTypes: (row) => this.linkTypeOf(row) });
  }

  get count(): number {
    return this.batch.records.count;
  }

  /** Examines the next packet, which is that of this row, for what it says to those after it. Nothing is made of it. */
  examine(row: number): ExaminedOnce {
    const { at, captured, wire, seconds, nanos } = this.batch.records;
    const time = seconds[row] as number;
    const fraction = nanos[row] as number;
    this.timeline.next(time, fraction);
    return this.reading.examiner.examine(
      this.batch.view,
      at[row] as number,
      captured[row] as number,
      wire[row] as number,
      this.linkTypeOf(row),
      this.first + row,
      time,
      fraction,
      row,
    );
  }

  /** The next packet, which is that of this row, examined; valid until the next. */
  packet(row: number): Packet {
    const { capture, examiner, links } = this.reading;
    const { view, records } = this.batch;
    const captured = records.captured[row] as number;
    const wire = records.wire[row] as number;
    const seconds = records.seconds[row] as number;
    const nanos = records.nanos[row] as number;
    const number = this.first + row;
    const frame = new DataView(view.buffer, view.byteOffset + (records.at[row] as number), captured);
    const on = capture.interfaces[records.interfaceId[row] as number];
    const linkType = on?.linkType ?? -1;
    const isTimed = records.timeless.size === 0 || !records.timeless.has(row);
    const { dissection, facts } = examiner.examine(frame, 0, captured, wire, linkType, number, seconds, nanos, row);
    const { comments: commented } = capture.log;
    const comments = (commented.size > 0 && commented.get(number)) || NO_COMMENTS;
    this.timeline.next(seconds, nanos);
    return {
      dissection,
      facts,
      number,
      seconds,
      nanos,
      isTimed,
      captured,
      wire,
      on,
      comments,
      secrets: examiner.tracker.judge.secrets,
      timeline: this.timeline,
      links,
    };
  }

  private linkTypeOf(row: number): number {
    return this.reading.capture.interfaces[this.batch.records.interfaceId[row] as number]?.linkType ?? -1;
  }
}

/**
 * The packets of a capture, examined in order. Each is valid until the next is asked for.
 * @param most stop after this many
 */
export async function* packetsOf(
  reading: Reading,
  most = Number.POSITIVE_INFINITY,
): AsyncGenerator<() => Packet | undefined, void, undefined> {
  let left = most;
  const timeline = new Timeline();
  for await (const batch of reading.capture.batches()) {
    const packets = new BatchPackets(reading, batch, timeline);
    let row = 0;
    // One step a batch, not one a packet: a promise a packet would cost more than the packet.
    yield () => {
      if (row >= packets.count || left === 0) return undefined;
      left--;
      return packets.packet(row++);
    };
    if (left === 0) return;
  }
}

export const NO_COMMENTS: readonly string[] = [];

/** Examines the packets of a capture for what they say together; nothing is kept of each. */
export async function examineAll(reading: Reading, most = Number.POSITIVE_INFINITY): Promise<void> {
  let left = most;
  const timeline = new Timeline();
  for await (const batch of reading.capture.batches()) {
    const packets = new BatchPackets(reading, batch, timeline);
    const rows = Math.min(left, packets.count);
    for (let row = 0; row < rows; row++) packets.examine(row);
    left -= rows;
    if (left === 0) return;
  }
}

/**
 * Tells what is wrong with a capture that was read, and which bounds left something out: a line each.
 * @param complete whether damage is told: not where the user asked for no more than what was read
 */
export function tellProblems(reading: Reading, io: Io, complete = true): void {
  const { capture, examiner, problems } = reading;
  const { unfinished } = examiner.tracker.judge;
  const { left } = capture.log;
  if (unfinished > 0) {
    io.remark(
      `cookies not compared with all secrets, at most ${MOST_WORK} a packet: ${nameOf(capture.path)}: ${unfinished}`,
    );
  }
  if (left > 0) io.remark(`comments, names and blocks beyond what is kept in memory: ${nameOf(capture.path)}: ${left}`);
  for (const problem of problems) io.complain(problem, 1);
  if (complete) for (const fault of capture.faults) io.complain(fault.line, 1);
}

/**
 * The numbers of the channels or the handshakes that at least one packet that passes a filter touches.
 *
 * @param most how many packets are read; all, if left out
 */
export async function numbersTouched(
  reading: Reading,
  passes: (packet: Packet) => boolean,
  most: number | undefined,
  touchedBy: (packet: Packet) => readonly { readonly number: number }[] | undefined,
): Promise<ReadonlySet<number>> {
  const numbers = new Set<number>();
  for await (const next of packetsOf(reading, most)) {
    for (let packet = next(); packet; packet = next()) {
      const touched = touchedBy(packet);
      if (!touched || touched.length === 0 || !passes(packet)) continue;
      for (const { number } of touched) numbers.add(number);
    }
  }
  return numbers;
}
