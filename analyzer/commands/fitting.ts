import type { Command } from 'commander';

/**
 * The options of a command, where those of these names that only the configuration has set are as if it had not: a
 * default that does not go with what is asked for is no mistake of the command line.
 */
export function withoutConfigured<O extends object>(options: O, command: Command, names: readonly string[]): O {
  const fitting = new Map<string, unknown>(Object.entries(options));
  for (const name of names) {
    if (command.getOptionValueSource(name) !== 'config') continue;
    const option = command.options.find((one) => one.attributeName() === name);
    const value: unknown = option?.negate ? true : option?.defaultValue;
    if (value === undefined) fitting.delete(name);
    else fitting.set(name, value);
  }
  // Each is what it is where nothing is configured: of the same type, or left out.
  return Object.fromEntries(fitting) as O;
}
