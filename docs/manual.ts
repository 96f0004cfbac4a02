import { Writable } from 'node:stream';
import {
  allCommands,
  type DescribedArgument,
  type DescribedCommand,
  type DescribedOption,
  describe,
} from '../analyzer/completion/described.js';
import { buildProgram } from '../analyzer/program.js';

/** A world in which nothing happens: the program is only asked what it has declared. */
export const NO_IO: Parameters<typeof buildProgram>[0] = {
  stdout: new Writable({ write: (_chunk, _encoding, done) => done() }),
  stderr: new Writable(),
  isTerminal: false,
  columns: undefined,
  env: {},
  complain: () => {},
  remark: () => {},
  earn: () => {},
  progress: () => {},
  onRotate: () => {},
  interrupted: () => new AbortController().signal,
};

/** An option that so many commands have is told once. */
const SHARED_BY = 3;

/**
 * The manual page, from what the commands declare.
 * Source: groff_man(7).
 */
export function manualPage(): string {
  const program = describe(buildProgram(NO_IO));
  const commands = allCommands(program).filter(({ path, commands: inner }) => path !== '' && inner.length === 0);
  const shared = sharedOptions([program, ...commands]);
  return `.\\" Printed from the commands by "npm run docs".
.TH HANDSHARK 1 "" "Handshark" "User Commands"
.SH NAME
handshark \\- ${roff(program.about)}
.SH SYNOPSIS
${synopsis(program)}
${commands.map(synopsis).join('\n')}
.SH DESCRIPTION
Opens a capture, standard input or live traffic in the terminal; without a terminal it prints the packets, as
.B handshark decode
does.
Captures are pcap or pcapng files, as they are or compressed with gzip or zstd; what they are is told by their content.
${examples(program)}.SH COMMON OPTIONS
Options of all commands that read a capture.
${[...shared.values()].map(optionText).join('\n')}
.SH OPTIONS
${ownOptions(program, shared)}
.SH COMMANDS
${commands.map((command) => section(command, shared)).join('\n')}
.SH EXIT STATUS
.TP
.B 0
Done.
.TP
.B 1
The work failed, or the input was damaged: all that could be read was printed first.
.TP
.B 2
The command line, a filter or the configuration makes no sense.
.SH ENVIRONMENT
.TP
.B NO_COLOR
Where it is set and not empty, nothing is coloured unless asked for with \\-\\-color always.
.TP
.B XDG_CONFIG_HOME
Where configuration files are; ~/.config unless set.
.TP
.B LC_ALL, LC_CTYPE, LANG
Without UTF\\-8 in the locale, terminals are drawn on with ASCII only.
.TP
.B HANDSHARK_DEBUG
Where it is 1, errors come with where in the program they happened.
.SH FILES
.TP
.I $XDG_CONFIG_HOME/handshark/config.json
Default options, by command: {"decode": {"time": "ad"}}.
.SH SEE ALSO
.BR tshark (1),
.BR wireshark\\-filter (4),
.BR pcap\\-filter (7)
`;
}

/** A text as roff takes it: nothing in it is a request or an escape. */
const roff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/^([.'])/gm, '\\&$1');

const keyOf = ({ names, about, value }: DescribedOption): string => `${names.join()} ${about} ${value?.choices.join()}`;

function sharedOptions(commands: readonly DescribedCommand[]): ReadonlyMap<string, DescribedOption> {
  const counts = new Map<string, number>();
  const options = commands.flatMap((command) => command.options);
  for (const option of options) counts.set(keyOf(option), (counts.get(keyOf(option)) ?? 0) + 1);
  const often = options.filter((option) => (counts.get(keyOf(option)) ?? 0) >= SHARED_BY);
  return new Map(often.map((option) => [keyOf(option), option]));
}

const argumentText = ({ name, required, kind, choices }: DescribedArgument): string => {
  const words = kind === 'choice' && choices.length <= 6 ? choices.join('|') : name;
  return required ? `\\fI${roff(words)}\\fR` : `[\\fI${roff(words)}\\fR]`;
};

function synopsis({ path, arguments: given, options }: DescribedCommand): string {
  const words = [
    `\\fBhandshark${path === '' ? '' : ` ${roff(path)}`}\\fR`,
    ...(options.length > 1 ? ['[\\fIoptions\\fR]'] : []),
    ...given.map(argumentText),
  ];
  return `${words.join(' ')}\n.br`;
}

function optionText({ names, about, value }: DescribedOption): string {
  const flags = names.map((name) => `\\fB${roff(name)}\\fR`).join(', ');
  const choices = value && value.choices.length > 0 ? ` (${value.choices.join(', ')})` : '';
  return `.TP\n${flags}${value ? ` \\fI${roff(value.name)}\\fR` : ''}\n${roff(about + choices)}`;
}

function ownOptions({ options }: DescribedCommand, shared: ReadonlyMap<string, DescribedOption>): string {
  return options
    .filter((option) => !shared.has(keyOf(option)))
    .map(optionText)
    .join('\n');
}

function section(command: DescribedCommand, shared: ReadonlyMap<string, DescribedOption>): string {
  const { path, about, options } = command;
  const given = command.arguments
    .filter((argument) => argument.about !== '')
    .map((argument) => `.TP\n${argumentText(argument)}\n${roff(argument.about)}`);
  const reads = options.some(({ names }) => names.includes('--read'));
  const own = ownOptions(command, shared);
  return [
    `.SS handshark ${roff(path)}`,
    `${roff(about.charAt(0).toUpperCase() + about.slice(1))}.`,
    ...(reads ? ['Takes the common options too.'] : []),
    ...given,
    ...(own === '' ? [] : [own]),
    examples(command).trimEnd(),
  ]
    .filter((text) => text !== '')
    .join('\n');
}

/** The examples of the help, each on its line. */
function examples({ examples: text }: DescribedCommand): string {
  if (text === '') return '';
  const [head = '', ...lines] = text.split('\n');
  return `.PP\n${roff(head)}\n.PP\n.nf\n.RS\n${lines.map((line) => roff(line.trim())).join('\n')}\n.RE\n.fi\n`;
}
