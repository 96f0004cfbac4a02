import { type Command, Option } from 'commander';
import { DIALECTS, type DialectName } from '../../dissectors/channel/dialects.js';
import { type LiveOptions, withLiveOptions } from './live-options.js';

/** The options of `handshark mcp`. */
export interface McpOptions extends LiveOptions {
  readonly secrets: readonly string[];
  readonly dialect?: DialectName;
  readonly allowSend?: string;
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** Declares `handshark mcp`. @param serve serves until the client leaves */
export function mcpCommand(
  program: Command,
  serve: (files: readonly string[], options: McpOptions) => Promise<void>,
): void {
  withLiveOptions(program.command('mcp'))
    .description('let an agent ask about captures: a server of the Model Context Protocol on standard input and output')
    .argument('[files...]', 'the captures that it may ask about, and no other')
    .option(
      '--secrets <file>',
      'judge cookies by the secrets in a file, and tell nobody what they are; repeatable',
      collect,
      [],
    )
    .addOption(
      new Option('--dialect <name>', 'read every channel packet as this dialect').choices(
        DIALECTS.map(({ name }) => name),
      ),
    )
    .option('--allow-send <host:port>', 'let it send UDP datagrams there; without, nothing is ever sent')
    .addHelpText('after', EXAMPLES)
    .action(serve);
}

const EXAMPLES = `
Examples:
  handshark mcp trace.pcapng                        what an agent is told to start
  handshark mcp --secrets peers.secrets a.pcap b.pcap  two captures, with verdicts on cookies
  handshark mcp -i eth0 -f 'udp port 4242'          live traffic, kept up to 512 MB
  handshark mcp trace.pcap --allow-send 127.0.0.1:4242  it may send what it crafts to that address`;
