import { Argument, type Command } from 'commander';
import { SHELLS, type Shell } from '../completion/shells.js';
import type { Io } from './io.js';

/** Declares `handshark completion`. Source: the command line page. */
export function completionCommand(program: Command, io: Io): void {
  program
    .command('completion')
    .description('print a script that completes commands, options, fields, files and interfaces in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText('after', EXAMPLES)
    .action(async (shell: Shell) => {
      const { completionScript } = await import('../completion/script.js');
      io.stdout.write(completionScript(program, shell));
    });
}

const EXAMPLES = `
Examples:
  source <(handshark completion bash)                                          for this shell only
  handshark completion bash > ~/.local/share/bash-completion/completions/handshark
  handshark completion zsh > ~/.zfunc/_handshark                               a folder of $fpath
  handshark completion fish > ~/.config/fish/completions/handshark.fish`;
