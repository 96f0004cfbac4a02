import { type Command, Option } from 'commander';
import type { InterfaceIo, RunIo } from './run-io.js';
import {
  defineOption,
  idOption,
  listenOption,
  secondsOption,
  secretOption,
  seedOption,
  targetOption,
} from './run-options.js';
import type { RunOptions } from './run-scripts.js';

/** Declares `handshark run`. Source: the command line page. */
export function runCommand(program: Command, io: RunIo, interfaceIo: InterfaceIo): void {
  program
    .command('run')
    .description('play scripts that send and expect packets, against a peer')
    .argument('<script...>', 'the scripts; - for standard input')
    .addOption(
      new Option('--target <where>', 'play against HOST:PORT, or "peer": the built-in one').argParser(targetOption),
    )
    .addOption(
      new Option('--listen <host:port>', 'play against whoever comes').argParser(listenOption).conflicts('target'),
    )
    .addOption(
      new Option('-i, --interface <name>', 'play on an interface, in whole frames').conflicts(['target', 'listen']),
    )
    .addOption(
      new Option('--layer <layer>', 'a layer of these frames, outermost first, as craft has them; repeatable')
        .argParser((text, before: readonly string[]) => [...before, text])
        .default([]),
    )
    .option('--yes', 'do flood a network that is not the own machine')
    .addOption(new Option('--peer-id <id>', 'who the script is: 32 hex digits, or a name').argParser(idOption))
    .addOption(new Option('--remote-id <id>', 'who the other peer is').argParser(idOption))
    .addOption(new Option('--secret <hex>', 'the secret of the cookies').argParser(secretOption))
    .addOption(new Option('--seed <n>', 'draw the same random values again').argParser(seedOption))
    .addOption(new Option('--timeout <s>', 'how long to wait for what has no time').argParser(secondsOption))
    .addOption(
      new Option('--define <name=value>', "set a variable, in place of the script's own value; repeatable")
        .argParser(defineOption)
        .default(new Map()),
    )
    .option('-v, --verbose', 'tell all that happens')
    .option('--json', 'report as JSON, one object a script')
    .option(
      '-w, --write <file>',
      'record the packets, and the secrets, to a capture file; - for standard output, with the report on stderr',
    )
    .addHelpText('after', EXAMPLES)
    .action(async (files: readonly string[], options: RunOptions) => {
      // Other commands do not pay for what scripts need.
      const { run } = await import('./run-scripts.js');
      await run(files, options, io, interfaceIo);
    });
}

const EXAMPLES = `
The language is described in docs/scripts.md.

Examples:
  handshark run handshake.hs                            with the built-in peer, in virtual time
  handshark run *.hs --target 127.0.0.1:4242            with a responder on the network
  handshark run answer.hs --listen 127.0.0.1:4242       with whoever comes
  handshark run -v -w trace.pcapng handshake.hs         tell all that happens, and record it
  handshark run new.hs -i veth0 --layer eth --layer ip:src=192.0.2.9,dst=192.0.2.1 --layer udp:srcport=7,dstport=4242
                                                        on an interface, from an address that is nobody's`;
