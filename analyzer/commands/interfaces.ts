import { type Command, Option } from 'commander';
import type { Io } from './io.js';

/** Declares `handshark interfaces`. Source: the command line page. */
export function interfacesCommand(program: Command, io: Io): void {
  program
    .command('interfaces')
    .description('list the interfaces of this machine: addresses, link types, and what can capture on each')
    .addOption(new Option('-T, --format <format>', 'what to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', EXAMPLES)
    .action(async ({ format }: { readonly format: 'text' | 'json' }) => {
      const { listInterfaces } = await import('./list-interfaces.js');
      await listInterfaces(format, io);
    });
}

const EXAMPLES = `
Examples:
  handshark interfaces                        a row an interface; its number is good for -i, too
  handshark interfaces -T json | jq -r .name  one JSON object an interface`;
