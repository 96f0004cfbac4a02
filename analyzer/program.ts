import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { channelsCommand } from './commands/channels.js';
import { decodeCommand } from './commands/decode.js';
import type { Io } from './commands/io.js';

/** The version in package.json, which stands beside the folder of the built program. */
const version = (): string => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return String((JSON.parse(text) as { version?: unknown }).version);
};

/** Declares the whole command line. Source: the command line page. */
export function buildProgram(io: Io): Command {
  const program = new Command('handshark')
    .description('protocol analyzer and packet crafter for the channel protocol')
    .version(version(), '--version', 'print the version')
    .exitOverride()
    .configureOutput({ writeErr: () => {}, writeOut: (text) => io.stdout.write(text) });
  decodeCommand(program, io);
  channelsCommand(program, io);
  return program;
}
