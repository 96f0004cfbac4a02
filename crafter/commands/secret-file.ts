import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { isRefusal, systemReason } from '../io/system-reason.js';

/** The longest file of one secret, in bytes: no secret is longer, and what has no end is no file of one. */
const MOST_BYTES = 128 * 1024;

/**
 * The secret in a file: its first line, without blanks around it.
 * @throws {RangeError} if it cannot be read, or holds none; the error tells nothing of what is in it
 */
export function secretIn(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'latin1');
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new RangeError(`cannot read ${path}: ${systemReason(error)}`);
  }
  if (text.length > MOST_BYTES) throw new RangeError(`${path} is longer than ${MOST_BYTES} bytes`);
  const [line = ''] = text.split('\n');
  if (line.trim() === '') throw new RangeError(`${path} has no secret in its first line`);
  return line.trim();
}

/**
 * Lets each secret that a command takes come from a file, and `--secret` from the environment if so said: whoever lists the
 * processes of the machine reads their words.
 * @param variable the name of a variable of the environment that has the secret where no option does
 */
export function withSecretFiles(command: Command, variable?: string): Command {
  const secrets = command.options.filter(({ long }) => /^--(?:[a-z]+-)?secret$/.test(long ?? ''));
  for (const option of secrets) {
    command.addOption(
      new Option(`${option.long}-file <file>`, 'the same, from the first line of a file').argParser((path) => {
        const text = refusing(() => secretIn(path));
        return option.parseArg ? option.parseArg(text, undefined) : text;
      }),
    );
  }
  return command.hook('preAction', (_, action) => {
    for (const option of secrets) {
      const name = option.attributeName();
      const given: unknown = action.getOptionValue(`${name}File`);
      if (given !== undefined) action.setOptionValue(name, given);
      else if (option.long === '--secret' && variable !== undefined) takeFrom(variable, option, action);
    }
  });
}

/** Takes a secret from the environment, where no word gives it. */
function takeFrom(variable: string, option: Option, command: Command): void {
  const name = option.attributeName();
  const text = process.env[variable];
  if (text === undefined || text === '' || command.getOptionValue(name) !== undefined) return;
  try {
    command.setOptionValue(name, option.parseArg ? option.parseArg(text, undefined) : text);
  } catch (error) {
    if (error instanceof InvalidArgumentError) error.message = `${variable}: ${error.message}`;
    throw error;
  }
}

/** What commander tells as a mistake of the command line. */
function refusing(read: () => string): string {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}
