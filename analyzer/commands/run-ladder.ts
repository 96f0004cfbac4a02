import { compileFilter } from '../filter/compile.js';
import type { Ladder } from '../print/ladder.js';
import { ladderMermaid } from '../print/ladder-mermaid.js';
import { LadderSteps } from '../print/ladder-steps.js';
import { ladderSvg } from '../print/ladder-svg.js';
import { ladderText } from '../print/ladder-text.js';
import type { TimeFormat } from '../print/time-format.js';
import { isAsciiLocale } from '../ui/theme.js';
import { channelChoice } from './channel-choice.js';
import { explained } from './explaining.js';
import type { Io } from './io.js';
import { Output } from './output.js';
import { captureNamed, isColored, packetsOf, tellProblems } from './reading.js';
import type { ReadingOptions } from './reading-options.js';
import { openLinked } from './two-passes.js';

/** The options of `handshark ladder`. */
export interface LadderOptions extends ReadingOptions {
  readonly format: 'text' | 'svg' | 'mermaid';
  readonly channel: readonly string[];
  readonly all?: boolean;
  readonly ascii?: boolean;
  readonly time: TimeFormat;
}

/** Where there is no terminal, text fits one of this width. */
const WIDTH = 80;

/** In fewer cells nothing could be read. */
const LEAST = 48;

/** Draws the handshakes of a capture; what could be read is drawn before any complaint. */
export async function ladder(file: string | undefined, options: LadderOptions, io: Io): Promise<void> {
  if (await explained(options, io)) return;
  const path = captureNamed(file, options);
  const chosen = channelChoice(options.channel);
  const passes = options.filter === undefined ? undefined : compileFilter(options.filter);
  const reading = await openLinked(path, options, io.interrupted(), io.remark);
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
