import { PacketFile } from '../capture/packet-file.js';
import { capturesNamed } from './captures-named.js';
import { channelChoice } from './channel-choice.js';
import type { DecodeOptions } from './decode-options.js';
import { explained } from './explaining.js';
import type { Io } from './io.js';
import { Output } from './output.js';
import type { Printer } from './printer.js';
import { printerOf } from './printers.js';
import {
  asksForChecksums,
  asksForFacts,
  openSource,
  packetsOf,
  type Reading,
  sourceOf,
  tellProblems,
} from './reading.js';
import { secretsToInject } from './secrets-to-inject.js';
import { type Selection, selecting } from './selection.js';
import type { Tap } from './taps.js';
import { threadsFor } from './threads.js';
import { asksForLinks, lookAhead } from './two-passes.js';
import { UsageError } from './usage-error.js';

/** Prints the packets of a capture; what could be read is printed before any complaint. */
export async function decode(files: readonly string[], given: DecodeOptions, io: Io): Promise<void> {
  const options = showsAll(given) ? { ...given, converse: true } : given;
  if (await explained(options, io)) return;
  if (options.report !== undefined) {
    const { report } = await import('./reports.js');
    return report(options.report, io);
  }
  const captures = await capturesNamed(files, options);
  const printer = printerOf(options, io, captures.title);
  const taps = await tapsOf(options.statistics ?? []);
  const passes =
    options.filter === undefined ? () => true : (await import('../filter/compile.js')).compileFilter(options.filter);
  const chosen = channelChoice(options.channel ?? []);
  if (options.withHandshake && options.write === undefined) throw new UsageError('--with-handshake: goes with -w');
  const injected = secretsToInject(options);
  const stop = io.interrupted();
  const { look, selection: selected } = selecting(captures, options, passes, chosen);
  const wantsLinks = await asksForLinks(captures, options);
  const source = await sourceOf(captures, options, stop, io.remark);
  const links = await lookAhead(source, wantsLinks, look);
  const selection = selected();
  const { filter = '' } = options;
  const selectsByFacts = !selection.byNumber && (chosen !== undefined || asksForFacts([filter]));
  const followed = printer?.showsFacts === true || selectsByFacts || taps.length > 0;
  const unjudged = !followed && !asksForChecksums([filter, ...options.field]);
  const reading = await openSource(source, { track: followed && options.track, links, unjudged });
  const output = new Output(io.stdout);
  let writer: PacketFile | undefined;
  try {
    const { capture, inside } = reading;
    const { write, discardSecrets = false } = options;
    const secrets = [...(discardSecrets ? [] : inside), ...injected];
    if (write !== undefined) {
      // Live traffic would never end.
      if (write !== '-' && !reading.isLive) io.outlast?.();
      const how = { discardSecrets, stdout: io.stdout, grows: reading.isLive };
      writer = await PacketFile.open(write, capture, secrets, how);
    }
    const isAlone = links === undefined && taps.length === 0 && source.kept === undefined;
    const threads = isAlone ? threadsFor(captures, options) : 1;
    if (printer && threads > 1 && capture.descriptor !== undefined) {
      const { printInThreads } = await import('./run-in-threads.js');
      const how = { ...options, dialect: source.dialect, unjudged, title: captures.title };
      await printInThreads(reading, capture.descriptor, threads, how, io, output, printer, selection.shows);
    } else await run(reading, options.count, output, printer, writer, selection, taps);
  } finally {
    await reading.capture.close();
  }
  if (printer?.foot !== undefined) output.write(printer.foot);
  for (const tap of taps) output.write(tap.print());
  await output.flush();
  if (writer?.problem !== undefined) io.complain(writer.problem, 1);
  const wanted = options.count === undefined ? !output.closed : reading.capture.packets < options.count;
  tellProblems(reading, io, wanted);
}

/** Whether everything is shown that is known of a packet, with what follows from those before it. */
const showsAll = ({ format }: DecodeOptions): boolean => format === 'ek' || format === 'pdml' || format === 'jsonraw';

const tapsOf = async (texts: readonly string[]): Promise<readonly Tap[]> =>
  texts.length === 0 ? [] : texts.map((await import('./taps.js')).readTap);

/** Prints and writes what is selected. What is written is complete, or is not there. */
async function run(...[reading, count, output, printer, writer, ...more]: Parameters<typeof pass>): Promise<void> {
  try {
    await pass(reading, count, output, printer, writer, ...more);
  } catch (error) {
    // Of live traffic everything is wanted that there is.
    if (reading.isLive) await writer?.close();
    else await writer?.abandon();
    throw error;
  }
  await writer?.close();
}

async function pass(
  reading: Reading,
  count: number | undefined,
  output: Output,
  printer: Printer | undefined,
  writer: PacketFile | undefined,
  { shows, writes }: Selection,
  taps: readonly Tap[],
): Promise<void> {
  if (printer?.head !== undefined) output.write(printer.head);
  const isOver = (): boolean => output.closed && (!writer || reading.isLive);
  for await (const next of packetsOf(reading, count)) {
    writer?.takeEvents();
    for (let packet = next(); packet; packet = next()) {
      for (const tap of taps) {
        tap.begin?.(packet);
        tap.take(packet);
      }
      if (printer && !output.closed && shows(packet)) {
        printer.print(packet, output.text);
        packet.timeline?.shown();
        const waits = output.written();
        if (waits) await waits;
        if (isOver()) return;
      }
      if (writer && writes(packet)) {
        const waits = writer.packet(packet);
        if (waits) await waits;
      }
    }
    // What is here is shown and written before more is waited for: a pipe may be quiet for long.
    await output.flush();
    await writer?.flush();
    if (isOver()) return;
  }
}
