import { type Command, Option } from 'commander';
import { DIALECTS } from '../../dissectors/channel/dialects.js';
import type { Target } from '../script/script.js';
import type { CheckOptions } from './check-peers.js';
import type { RunIo } from './run-io.js';
import { idOption, listenOption, secondsOption, seedOption, targetOption } from './run-options.js';

/** Declares `handshark check`. Source: the command line page. */
export function checkCommand(program: Command, io: RunIo): void {
  program
    .command('check')
    .description('ask a peer for what the protocol page says, test by test')
    .argument('[address]', 'HOST:PORT of a responder, or "peer": the built-in one, in both roles', targetOption)
    .addOption(new Option('--listen <host:port>', 'test initiators: each test waits for one').argParser(listenOption))
    .addOption(
      new Option('--dialect <name>', 'which version of the protocol to speak')
        .choices(DIALECTS.map(({ name }) => name))
        .default('hmac'),
    )
    .option('--only <name>', 'play this test only; repeatable', (name, before: string[]) => [...before, name], [])
    .addOption(new Option('--format <format>', 'how to report').choices(['text', 'json', 'tap']).default('text'))
    .addOption(new Option('--peer-id <id>', 'who asks (default: random; "listener" with --listen)').argParser(idOption))
    .addOption(
      new Option('--remote-id <id>', 'who is asked (default: "listener"; anyone with --listen)').argParser(idOption),
    )
    .option('--slow', 'play the tests that take minutes, too')
    .option('--refuses', 'the peer refuses every channel: play the test that needs that, and no other')
    .addOption(new Option('--timeout <s>', 'how long to wait for an answer (default: 2)').argParser(secondsOption))
    .addOption(new Option('--seed <n>', 'draw the same random values again').argParser(seedOption))
    .option('-v, --verbose', 'tell the packets of tests that pass, too')
    .option('--list', 'list the tests')
    .option(
      '-w, --write <file>',
      'record the packets, and the secrets, to a capture file; - for standard output, with the report on stderr',
    )
    .addHelpText('after', EXAMPLES)
    .action(async (address: Target | undefined, options: CheckOptions) => {
      // Other commands do not pay for what the tests need.
      const { check } = await import('./check-peers.js');
      await check(address, options, io);
    });
}

const EXAMPLES = `
The tests are described in docs/conformance.md.

Examples:
  handshark check 127.0.0.1:4242                        all tests of responders
  handshark check 127.0.0.1:4242 --only data-gap -v     one of them, with its packets
  handshark check 127.0.0.1:4242 --format tap           for a CI; also json
  handshark check --listen 127.0.0.1:4242               tests of initiators, one for each that comes
  handshark check peer                                  the built-in peer, in both roles`;
