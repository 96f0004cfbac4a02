import type { Command } from 'commander';
import { positive } from './reading-options.js';

/** The options of the UI besides those of all reading commands. */
export const withOpenOptions = (command: Command): Command =>
  command
    .option('--ascii', 'draw with ASCII only')
    .option('--follow', 'wait for more at the end of a file that is still written, and keep to the newest packet')
    .option(
      '--keep <packets>',
      'packets of live traffic, or of a pipe, that are kept at least; 2000000 unless given',
      positive,
    );
