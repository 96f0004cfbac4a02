import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { UsageError } from './usage-error.js';

/**
 * Refuses words behind the arguments that a command takes, such as a second capture, and names those that are no files
 * either. The whole program refuses its own: there the first word may be a command that was misspelt.
 * @throws {UsageError} naming them
 */
export function refuseSurplus(command: Command): void {
  const { args, registeredArguments: taken } = command;
  if (command.parent === null || taken.at(-1)?.variadic || args.length <= taken.length) return;
  const more = args.slice(taken.length);
  const surplus = more.join(', ');
  if (taken.length === 0) throw new UsageError(`too many arguments: ${surplus}: ${nameOf(command)} takes none`);
  const known = args.slice(0, taken.length).join(' ');
  if (taken.at(-1)?.name() !== 'file') {
    throw new UsageError(`too many arguments: ${surplus}: ${nameOf(command)} takes ${known} alone`);
  }
  // The first may not be there either, and that is the mistake that a user looks for first.
  const absent = absentText(args.slice(taken.length - 1));
  throw new UsageError(
    `${more.length === 1 ? 'two' : more.length + 1} captures: ${surplus}: ${known} is named as well${absent}`,
  );
}

/** What to add about words that should be files and are none; nothing where all are. */
function absentText(words: readonly string[]): string {
  const absent = words.filter((word) => word !== '-' && !existsSync(word));
  return absent.length === 0 ? '' : `; no such file: ${absent.join(', ')}; a display filter goes with -Y`;
}

/** The name of a command behind those of the commands that it belongs to: `peer listen`. */
function nameOf(command: Command): string {
  const { parent } = command;
  return parent?.parent ? `${nameOf(parent)} ${command.name()}` : command.name();
}
