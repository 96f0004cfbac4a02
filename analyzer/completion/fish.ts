import { allCommands, type DescribedCommand, type DescribedOption } from './described.js';

/** A completion script for fish. */
export function fishScript(program: DescribedCommand, fields: readonly string[]): string {
  const commands = allCommands(program);
  return `# Completes the words of handshark in fish. Put it in a file that fish reads:
#   handshark completion fish > ~/.config/fish/completions/handshark.fish

set -g __handshark_fields ${fields.join(' ')}

# The commands that were typed: "peer listen".
function __handshark_command
  set -l command ''
  for word in (commandline -opc)[2..]
    switch "$command/$word"
${commands
  .flatMap(({ path, commands: inner }) => inner.map((one) => [path, one.path] as const))
  .map(
    ([path, inner]) =>
      `      case ${quoted(`${path}/${inner.split(' ').at(-1)}`)}\n        set command ${quoted(inner)}`,
  )
  .join('\n')}
    end
  end
  echo $command
end

function __handshark_in
  test (__handshark_command) = "$argv"
end

# The name at the end of a filter; what stands before it stays.
function __handshark_filter
  set -l text (commandline -ct | string trim -l -c '\\'"')
  set -l before (string replace -r '[A-Za-z0-9_.]*$' '' -- "$text")
  printf '%s\\n' "$before"$__handshark_fields
end

function __handshark_interfaces
  command ls /sys/class/net 2>/dev/null; or string split ' ' (ifconfig -l 2>/dev/null)
end

complete -c handshark -f
${commands.flatMap(linesOf).join('\n')}
`;
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function linesOf({ path, options, arguments: given, commands }: DescribedCommand): readonly string[] {
  const start = `complete -c handshark -n ${quoted(`__handshark_in ${path}`.trimEnd())}`;
  const words = commands.map(
    (inner) => `${start} -a ${quoted(inner.path.split(' ').at(-1) ?? '')} -d ${quoted(inner.about)}`,
  );
  const choices = given.flatMap((argument) => argument.choices);
  return [
    ...words,
    ...(choices.length > 0 ? [`${start} -a ${quoted(choices.join(' '))}`] : []),
    ...(given.some(({ kind }) => kind === 'file') ? [`${start} -F`] : []),
    ...options.map((option) => start + optionText(option)),
  ];
}

function optionText({ names, about, value }: DescribedOption): string {
  const flags = names.map((name) => (name.startsWith('--') ? ` -l ${name.slice(2)}` : ` -s ${name.slice(1)}`));
  return `${flags.join('')}${valueText(value)} -d ${quoted(about)}`;
}

function valueText(value: DescribedOption['value']): string {
  switch (value?.kind) {
    case undefined:
      return '';
    case 'file':
      return ' -r -F';
    case 'field':
      return ` -x -a '$__handshark_fields'`;
    case 'filter':
      return ` -x -a '(__handshark_filter)'`;
    case 'interface':
      return ` -x -a '(__handshark_interfaces)'`;
    case 'choice':
      return ` -x -a ${quoted(value.choices.join(' '))}`;
    case 'text':
      return ' -x';
  }
}
