import { type Command, CommanderError } from 'commander';
import { CraftError } from './craft-error.js';

/**
 * Reads a line that was typed on the screen with the options of a command, which it then has. Nothing is printed.
 * @throws {CraftError} if the words make no sense, or ask for help
 */
export function parseLine(command: Command, words: readonly string[]): void {
  command.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} });
  try {
    command.parse(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const isHelp = error.code === 'commander.helpDisplayed';
    throw new CraftError(
      isHelp
        ? `handshark ${command.name()} --help lists the options`
        : error.message.replace(/^error: /, '').replaceAll('\n', ' '),
    );
  }
}
