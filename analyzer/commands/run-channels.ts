import { modeOf } from '../../dissectors/channel/capabilities.js';
import { channelJson } from '../print/json-channels.js';
import { table } from '../print/table.js';
import { type Channel, channelIdText, newDirection } from '../track/channel.js';
import { capturesNamed } from './captures-named.js';
import { explained } from './explaining.js';
import type { Io } from './io.js';
import { Output } from './output.js';
import { examineAll, numbersTouched, tellProblems } from './reading.js';
import type { ReadingOptions } from './reading-options.js';
import { openLinked } from './two-passes.js';

/** The options of `handshark channels`. */
export interface ChannelsOptions extends ReadingOptions {
  readonly format: 'text' | 'json';
}

/** Prints a row or an object a channel. */
export async function channels(files: readonly string[], options: ChannelsOptions, io: Io): Promise<void> {
  if (await explained(options, io)) return;
  const captures = await capturesNamed(files, options);
  const passes =
    options.filter === undefined ? undefined : (await import('../filter/compile.js')).compileFilter(options.filter);
  const reading = await openLinked(captures, options, io, options.filter === undefined);
  const { table: tracked } = reading.examiner.tracker;
  let chosen: ReadonlySet<number> | undefined;
  try {
    if (passes) chosen = await numbersTouched(reading, passes, options.count, ({ facts }) => facts.channels);
    else await examineAll(reading, options.count);
  } finally {
    await reading.capture.close();
  }
  if (!options.quiet) {
    const all = [...tracked.channels.values()].filter(({ number }) => !chosen || chosen.has(number));
    await printChannels(all, options.format, new Output(io.stdout));
    if (tracked.forgotten > 0) {
      io.remark(`channels forgotten to stay within bounds, oldest first: ${captures.title}: ${tracked.forgotten}`);
    }
  }
  tellProblems(reading, io);
}

/** Prints channels as a table, or a line of JSON each. */
export async function printChannels(
  all: readonly Channel[],
  format: ChannelsOptions['format'],
  output: Output,
): Promise<void> {
  const lines = format === 'json' ? all.map(channelJson) : table(HEADS, all.map(rowOf));
  for (const line of lines) {
    const waits = output.write(`${line}\n`);
    if (waits) await waits;
  }
  await output.flush();
}

const HEADS = [
  'No.',
  'Id',
  'Dialect',
  'Initiator',
  'Responder',
  'State',
  'Mode',
  'Cookie 1',
  'Cookie 2',
  'RTT ms',
  'RTT2 ms',
  'Pkts →',
  'Pkts ←',
  'Data →',
  'Data ←',
  'Lost',
  'Dup',
  'Reord',
  'Resent',
] as const;

function rowOf(channel: Channel): readonly string[] {
  const { number, dialect, initiator, responder, c1, c2, state, caps } = channel;
  const out = channel.fromInitiator ?? newDirection();
  const back = channel.fromResponder ?? newDirection();
  const millis = (seconds: number | undefined) => (seconds === undefined ? '' : (seconds * 1e3).toFixed(3));
  return [
    `${number}`,
    channelIdText(c1, c2),
    dialect.name,
    initiator.id.slice(0, 8),
    responder.id.slice(0, 8),
    state,
    caps === undefined ? '' : modeOf(caps),
    channel.cookie1Status ?? '',
    channel.cookie2Status ?? '',
    millis(channel.rttNewAcknowledge),
    millis(channel.rttAcknowledgeFinalize),
    `${out.packets}`,
    `${back.packets}`,
    `${out.dataBytes}`,
    `${back.dataBytes}`,
    `${out.lost + back.lost}`,
    `${out.duplicates + back.duplicates}`,
    `${out.reordered + back.reordered}`,
    `${out.resent + back.resent}`,
  ];
}
