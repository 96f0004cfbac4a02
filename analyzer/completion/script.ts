import type { Command } from 'commander';
import { bashScript } from './bash.js';
import { describe } from './described.js';
import { fishScript } from './fish.js';
import { fieldNames } from './names.js';
import type { Shell } from './shells.js';
import { zshScript } from './zsh.js';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** The script that completes a program's words in a shell. */
export const completionScript = (program: Command, shell: Shell): string =>
  SCRIPTS[shell](describe(program), fieldNames());
