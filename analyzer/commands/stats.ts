import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { FLOW_LAYERS, type FlowLayer } from '../stats/flow-layers.js';
import { STATS_KINDS, type StatsKind } from '../stats/kinds.js';
import { withoutConfigured } from './fitting.js';
import type { Io } from './io.js';
import { withLiveOptions } from './live-options.js';
import { withReadingOptions } from './reading-options.js';
import type { StatsOptions } from './run-stats.js';

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

function layers(value: string, before: readonly FlowLayer[]): readonly FlowLayer[] {
  const named = value.split(',').map((name) => {
    const found = FLOW_LAYERS.find((layer) => layer === name);
    if (!found) throw new InvalidArgumentError(`expected one of ${FLOW_LAYERS.join(', ')}`);
    return found;
  });
  return [...new Set([...before, ...named])];
}

/** The shortest interval: times are counted in microseconds. */
const SHORTEST = 1e-6;

function seconds(text: string): number {
  const value = Number(text);
  const fits = /^[\d.]+(e[-+]?\d+)?$/i.test(text) && (value === 0 || value >= SHORTEST) && Number.isFinite(value);
  if (!fits) throw new InvalidArgumentError('expected seconds, such as 0.5; 0 for the whole capture');
  return value;
}

/** Declares `handshark stats`. Source: the command line page. */
export function statsCommand(program: Command, io: Io): void {
  withLiveOptions(withReadingOptions(program.command('stats')))
    .description(
      'count what is in a capture: layers, endpoints, conversations, packets over time, handshakes, findings',
    )
    .addArgument(new Argument('<kind>', 'what to count').choices(STATS_KINDS))
    .argument('[files...]', 'the captures to read, merged by time; - for standard input')
    .addOption(new Option('-T, --format <format>', 'what to print').choices(['text', 'csv', 'json']).default('text'))
    .addOption(
      new Option(
        '--by <layer>',
        `endpoints, conversations: ${FLOW_LAYERS.join(', ')}; repeatable; all that occur unless given`,
      )
        .choices(FLOW_LAYERS)
        .argParser(layers)
        .default([]),
    )
    .option('--interval <seconds>', 'io: length of an interval, 1 unless given; 0 for the whole capture', seconds)
    .option(
      '--column <filter>',
      'io: a column for the packets that a display filter passes; before it COUNT(FIELD), SUM, MIN, MAX or AVG; repeatable',
      collect,
      [],
    )
    .addHelpText('after', EXAMPLES)
    .action(async (kind: StatsKind, files: readonly string[], options: StatsOptions, command: Command) => {
      // What counts is loaded only here: other commands must not pay for it.
      const { stats } = await import('./run-stats.js');
      await stats(kind, files, withoutConfigured(options, command, strangersTo(kind)), io);
    });
}

/** The options that do not go with a kind. */
function strangersTo(kind: StatsKind): readonly string[] {
  switch (kind) {
    case 'io':
      return ['by'];
    case 'endpoints':
    case 'conversations':
      return ['interval', 'column'];
    case 'handshakes':
      return ['interval', 'column', 'by', 'track'];
    case 'hierarchy':
    case 'expert':
      return ['interval', 'column', 'by'];
  }
}

const EXAMPLES = `
Examples:
  handshark stats hierarchy trace.pcap                      which layers lie in which
  handshark stats conversations --by udp --by chan x.pcap   who talked to whom, by port and by peer
  handshark stats io --interval 0.5 --column chan --column 'chan.msg.type == NEW' x.pcap
  handshark stats io --column 'SUM(chan.length) chan.msg.type == DATA' --column 'MAX(frame.time_delta)' x.pcap
  handshark stats handshakes -T json x.pcap | jq .          outcomes, round trips, retries`;
