import { Argument, type Command } from 'commander';
import type { Io } from './io.js';

/** What can be exported. */
const KINDS = ['lua'] as const;

/** Declares `handshark export`. Source: the command line page. */
export function exportCommand(program: Command, io: Io): void {
  program
    .command('export')
    .description('print what other programs need to understand channel packets: a dissector for Wireshark')
    .addArgument(new Argument('<kind>', 'lua: a Wireshark dissector for all dialects').choices(KINDS))
    .addHelpText('after', EXAMPLES)
    .action(async () => {
      const { luaDissector } = await import('../export/lua.js');
      io.stdout.write(luaDissector());
    });
}

const EXAMPLES = `
Examples:
  handshark export lua > ~/.local/lib/wireshark/plugins/handshark.lua  for all that Wireshark opens
  handshark export lua > chan.lua; tshark -X lua_script:chan.lua -r x.pcap -Y 'chan.msg.type == 10'`;
