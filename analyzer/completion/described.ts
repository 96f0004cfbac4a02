import type { Argument, Command, Option } from 'commander';
import { OPTIONS, SHORT } from '../../crafter/commands/craft-options.js';
import { CODES } from '../../dissectors/channel/messages.js';

/** What a value of an option or an argument is, as far as a shell can help with it. */
export type ValueKind = 'file' | 'field' | 'filter' | 'interface' | 'choice' | 'text';

export interface DescribedValue {
  /** As the help calls it: `file`. */
  readonly name: string;
  readonly kind: ValueKind;
  readonly choices: readonly string[];
}

export interface DescribedOption {
  /** `-e` and `--field`; one of them may be missing. */
  readonly names: readonly string[];
  readonly about: string;
  /** None for an option that takes no value. */
  readonly value: DescribedValue | undefined;
}

export interface DescribedArgument extends DescribedValue {
  readonly about: string;
  readonly required: boolean;
}

/** A command as its help tells it, for completions and the manual page. */
export interface DescribedCommand {
  /** Without the program's name: `peer listen`; empty for the program itself. */
  readonly path: string;
  readonly about: string;
  readonly options: readonly DescribedOption[];
  readonly arguments: readonly DescribedArgument[];
  readonly commands: readonly DescribedCommand[];
  /** What its help ends with. */
  readonly examples: string;
}

/** Describes a program by what it has declared, so that nothing can be forgotten. */
export function describe(command: Command, path = ''): DescribedCommand {
  const help = command.createHelp();
  const options = help.visibleOptions(command).map(describeOption);
  const commands = help
    .visibleCommands(command)
    .filter((inner) => inner.name() !== 'help')
    .map((inner) => describe(inner, path === '' ? inner.name() : `${path} ${inner.name()}`));
  const described: DescribedCommand = {
    path,
    about: command.description(),
    options,
    arguments: command.registeredArguments.map(describeArgument),
    commands,
    examples: afterHelp(command),
  };
  return path === 'craft' ? { ...described, ...CRAFT } : described;
}

/** A command and all beneath it. */
export const allCommands = (command: DescribedCommand): readonly DescribedCommand[] => [
  command,
  ...command.commands.flatMap(allCommands),
];

function describeOption({ short, long, description, flags, argChoices }: Option): DescribedOption {
  const [, name] = /[<[]([^>\]]+)[>\]]/.exec(flags) ?? [];
  const names = [short, long].filter((one) => one !== undefined);
  if (name === undefined) return { names, about: description, value: undefined };
  return { names, about: description, value: valueCalled(name, names, argChoices) };
}

function valueCalled(name: string, names: readonly string[], choices: readonly string[] = []): DescribedValue {
  const kind = choices.length > 0 ? 'choice' : (KINDS[name] ?? (names.includes('--field') ? 'field' : 'text'));
  return { name, kind, choices };
}

/** What values are, by what the help calls them. */
const KINDS: Readonly<Record<string, ValueKind>> = {
  file: 'file',
  files: 'file',
  what: 'filter',
  'field=value': 'field',
  script: 'file',
  filter: 'filter',
  iface: 'interface',
  interface: 'interface',
};

const describeArgument = (argument: Argument): DescribedArgument => ({
  ...valueCalled(argument.name(), [], argument.argChoices),
  about: argument.description,
  required: argument.required,
});

/** The text that a command adds to its help: what it prints after what it is made of. */
function afterHelp(command: Command): string {
  const before = { ...command.configureOutput() };
  let text = '';
  const writeOut = (more: string): void => {
    text += more;
  };
  command.configureOutput({ ...before, writeOut });
  command.outputHelp();
  command.configureOutput(before);
  return text.slice(text.lastIndexOf(command.helpInformation()) + command.helpInformation().length).trim();
}

/** The crafter reads its own words. */
const CRAFT: Pick<DescribedCommand, 'options' | 'arguments'> = {
  options: Object.entries(OPTIONS).map(([long, { about, value }]) => {
    const short = Object.entries(SHORT).find(([, name]) => name === long)?.[0];
    const names = [...(short === undefined ? [] : [`-${short}`]), `--${long}`];
    if (value === undefined) return { names, about, value: undefined };
    return { names, about, value: valueCalled(value.toLowerCase().replace('iface', 'interface'), names) };
  }),
  arguments: [
    {
      name: 'message',
      kind: 'choice',
      choices: [...Object.keys(CODES).map((name) => name.toLowerCase().replace(/^(channel|data)_/, '')), 'forge'],
      about: 'messages, each followed by its fields',
      required: true,
    },
  ],
};
