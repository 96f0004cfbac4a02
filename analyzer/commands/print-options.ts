import { type Command, Option } from 'commander';
import { TIME_FORMATS } from '../print/time-format.js';
import { FORMATS } from './formats.js';

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];
/** Names with commas or blanks between. */
const names = (value: string, before: readonly string[]): readonly string[] => [
  ...before,
  ...value.split(/[\s,]+/).filter((name) => name !== ''),
];

/** How packets are printed: what `decode` takes, and the program itself for who leaves that word out. */
const printOptions = (): readonly Option[] => [
  new Option('-T, --format <format>', 'what to print').choices(FORMATS),
  new Option(
    '-e, --field <name>',
    'print this field (implies -T fields; with -T csv, instead of the columns of the list); repeatable',
  )
    .argParser(collect)
    .default([]),
  new Option('-E, --field-option <option>', 'bom=y, header=y, separator=, aggregator=, quote=d|s|n, occurrence=f|l|a')
    .argParser(collect)
    .default([]),
  new Option('-V, --tree', 'print the tree of each packet'),
  new Option('-O, --only <protocols>', 'print the tree of each packet, and of these protocols all of it')
    .argParser(names)
    .default([]),
  new Option('-j, --just <names>', 'with -T json, ek, pdml, jsonraw: print these protocols, and name the others')
    .argParser(names)
    .default([]),
  new Option('-J, --just-all <names>', 'the same, with everything beneath them').argParser(names).default([]),
  new Option('-x, --hex', 'print the bytes of each packet'),
  new Option('-S, --separator <text>', 'print this line behind each tree, or the bytes, instead of an empty one'),
  new Option('-P, --print', 'print the list even with -w'),
  new Option('-t, --time <format>', 'how to show times').choices([...TIME_FORMATS]).default('r'),
  new Option('-u, --units <units>', 'show times since others in seconds, or in hours, minutes and seconds')
    .choices(['s', 'hms'])
    .default('s'),
  new Option(
    '-z, --statistics <tap>',
    'count too, and print it last: io,phs, io,stat,…, conv,…, endpoints,…, expert; repeatable',
  )
    .argParser(collect)
    .default([]),
  new Option('-G, --report <report>', 'list all fields or protocols, and read nothing'),
];

/** Adds them to a command. @param isHidden whether its help leaves them out, since that of `decode` has them */
export function withPrintOptions(command: Command, isHidden = false): Command {
  for (const option of printOptions()) command.addOption(isHidden ? option.hideHelp() : option);
  return command;
}

/** Whether the command line asks for packets to be printed in a way that only `decode` knows. */
export const asksToPrint = (command: Command): boolean =>
  printOptions().some((option) => command.getOptionValueSource(option.attributeName()) === 'cli');
