import type { NamedCaptures } from '../capture/named-captures.js';
import { compileFilter } from '../filter/compile.js';
import { handshakeLadder } from '../print/handshake-ladder.js';
import type { Ladder } from '../print/ladder.js';
import { ladderMermaid } from '../print/ladder-mermaid.js';
import { LadderSteps } from '../print/ladder-steps.js';
import { ladderSvg } from '../print/ladder-svg.js';
import { ladderText } from '../print/ladder-text.js';
import type { TimeFormat } from '../print/time-format.js';
import { isAsciiLocale } from '../ui/theme.js';
import { capturesNamed } from './captures-named.js';
import { channelChoice } from './channel-choice.js';
import { explained } from './explaining.js';
import type { Io } from './io.js';
import { Output } from './output.js';
import { examineAll, isColored, packetsOf, tellProblems } from './reading.js';
import type { ReadingOptions } from './reading-options.js';
import { openLinked } from './two-passes.js';
import { UsageError } from './usage-error.js';

/** The options of `handshark ladder`. */
export interface LadderOptions extends ReadingOptions {
  readonly format: 'text' | 'svg' | 'mermaid';
  readonly channel: readonly string[];
  /** Numbers of handshakes. */
  readonly handshake: readonly string[];
  readonly all?: boolean;
  readonly ascii?: boolean;
  readonly time: TimeFormat;
}

/** Where there is no terminal, text fits one of this width. */
const WIDTH = 80;

/** In fewer cells nothing could be read. */
const LEAST = 48;

/** Draws the handshakes of a capture; what could be read is drawn before any complaint. */
export async function ladder(files: readonly string[], options: LadderOptions, io: Io): Promise<void> {
  if (await explained(options, io)) return;
  const captures = await capturesNamed(files, options);
  const wanted = handshakeChoice(options);
  if (wanted) return ladderOfHandshakes(captures, wanted, options, io);
  const chosen = channelChoice(options.channel);
  const passes = options.filter === undefined ? undefined : compileFilter(options.filter);
  const reading = await openLinked(captures, options, io);
  const steps = new LadderSteps({ all: options.all ?? false, ...(chosen && { chosen }) });
  try {
    for await (const next of packetsOf(reading, options.count)) {
      for (let packet = next(); packet; packet = next()) {
        steps.begin(packet);
        if (!passes || passes(packet)) steps.take(packet);
      }
    }
  } finally {
    await reading.capture.close();
  }
  const output = new Output(io.stdout);
  if (!options.quiet) output.write(drawn(steps.ladder(), options, io));
  await output.flush();
  tellProblems(reading, io);
}

/** Draws the messages of some handshakes, of whatever protocol. */
async function ladderOfHandshakes(
  captures: NamedCaptures,
  wanted: ReadonlySet<number>,
  options: LadderOptions,
  io: Io,
): Promise<void> {
  const reading = await openLinked(captures, options, io);
  try {
    await examineAll(reading, options.count);
  } finally {
    await reading.capture.close();
  }
  const { table, began = { seconds: 0, nanos: 0 } } = reading.examiner.handshakes;
  const rows = [...wanted].flatMap((number) => table.rows.get(number) ?? []);
  const output = new Output(io.stdout);
  if (!options.quiet) output.write(drawn(handshakeLadder(rows, began), options, io));
  await output.flush();
  for (const number of wanted)
    if (!table.rows.has(number)) io.complain(`no such handshake: ${captures.title}: ${number}`, 1);
  tellProblems(reading, io);
}

/**
 * The numbers of the handshakes that are to be drawn; undefined where none is named.
 * @throws {UsageError} for what is no number, or goes with channels
 */
function handshakeChoice({ handshake, channel, filter, all, track }: LadderOptions): ReadonlySet<number> | undefined {
  if (handshake.length === 0) return undefined;
  for (const [name, given] of Object.entries({ '--channel': channel.length > 0, '--all': all, '-Y': filter }))
    if (given) throw new UsageError(`--handshake: ${handshake[0]}: does not go with ${name}`);
  if (!track) throw new UsageError('--no-track: handshakes are what is followed');
  return new Set(
    handshake.map((word) => {
      if (/^[1-9]\d{0,8}$/.test(word)) return Number(word);
      throw new UsageError(`--handshake: ${word}: expected the number of a handshake`);
    }),
  );
}

function drawn(diagram: Ladder, { format, ascii, time, color }: LadderOptions, io: Io): string {
  if (format === 'svg') return ladderSvg(diagram);
  if (format === 'mermaid') return ladderMermaid(diagram);
  return ladderText(diagram, {
    width: Math.max(LEAST, (io.isTerminal ? io.columns : undefined) ?? WIDTH),
    ascii: ascii ?? (io.isTerminal && isAsciiLocale(io.env)),
    color: isColored(color, io.isTerminal, io.env.NO_COLOR),
    time,
  });
}
