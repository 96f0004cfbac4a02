import { type Command, InvalidArgumentError, Option } from 'commander';
import { HANDSHAKE_KINDS, type HandshakeKind } from '../handshakes/handshake.js';
import type { Io } from './io.js';
import { withLiveOptions } from './live-options.js';
import { withReadingOptions } from './reading-options.js';
import type { HandshakesOptions } from './run-handshakes.js';

function kinds(value: string, before: readonly HandshakeKind[]): readonly HandshakeKind[] {
  const named = value.split(',').map((name) => {
    const found = HANDSHAKE_KINDS.find((kind) => kind === name);
    if (!found) throw new InvalidArgumentError(`expected one of ${HANDSHAKE_KINDS.join(', ')}`);
    return found;
  });
  return [...new Set([...before, ...named])];
}

/** Declares `handshark handshakes`. Source: the handshake page, part 1 "Where it shows". */
export function handshakesCommand(program: Command, io: Io): void {
  withLiveOptions(withReadingOptions(program.command('handshakes [files...]')))
    .description(
      'print a row a handshake, of whatever protocol: who, how far it came, cookie verdicts, round trips, why',
    )
    .addOption(
      new Option('--kind <kind>', `only handshakes of this protocol: ${HANDSHAKE_KINDS.join(', ')}; repeatable`)
        .choices(HANDSHAKE_KINDS)
        .argParser(kinds)
        .default([]),
    )
    .addOption(new Option('-T, --format <format>', 'what to print').choices(['text', 'json', 'csv']).default('text'))
    .addHelpText('after', EXAMPLES)
    .action(async (files: readonly string[], options: HandshakesOptions) => {
      const { handshakes } = await import('./run-handshakes.js');
      await handshakes(files, options, io);
    });
}

const EXAMPLES = `
Examples:
  handshark handshakes trace.pcap                          a row a handshake
  handshark handshakes --kind tcp --kind tls trace.pcap    those of two protocols
  handshark handshakes -Y 'handshake.outcome == "timed-out"' trace.pcap  those that came to nothing
  handshark handshakes -T json trace.pcap | jq .reason     one JSON object a handshake`;
