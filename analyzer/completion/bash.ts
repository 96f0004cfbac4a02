import { allCommands, type DescribedCommand, type DescribedOption } from './described.js';

/** A completion script for bash. */
export function bashScript(program: DescribedCommand, fields: readonly string[]): string {
  const commands = allCommands(program);
  return `# Completes the words of handshark in bash. Put it in a file that bash reads:
#   handshark completion bash > ~/.local/share/bash-completion/completions/handshark

_handshark_fields=${quoted(fields.join('\n'))}

# The name at the end of a filter; what stands before it stays.
_handshark_filter() {
  local IFS=$'\\n' text=$1 name
  [[ $text == [\\'\\"]* ]] && text=\${text:1}
  name=\${text##*[!A-Za-z0-9_.]}
  COMPREPLY=( $(compgen -P "\${text%"$name"}" -W "$_handshark_fields" -- "$name") )
  compopt -o nospace 2>/dev/null
}

_handshark_field() {
  local IFS=$'\\n'
  COMPREPLY=( $(compgen -W "$_handshark_fields" -- "$1") )
}

_handshark_file() {
  local IFS=$'\\n'
  COMPREPLY+=( $(compgen -f -- "$1") )
  compopt -o filenames 2>/dev/null
}

_handshark_interface() {
  COMPREPLY=( $(compgen -W "$(command ls /sys/class/net 2>/dev/null || ifconfig -l 2>/dev/null)" -- "$1") )
}

_handshark() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command= at
  # bash takes --option=value apart.
  if [[ $cur == = ]]; then cur=
  elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for (( at = 1; at < COMP_CWORD; at++ )); do
    case "$command/\${COMP_WORDS[at]}" in
${commands
  .flatMap(({ path, commands: inner }) => inner.map((one) => [path, one.path] as const))
  .map(([path, inner]) => `      ${quoted(`${path}/${inner.split(' ').at(-1)}`)}) command=${quoted(inner)} ;;`)
  .join('\n')}
    esac
  done
  COMPREPLY=()
  case "$command/$prev" in
${commands.flatMap(valueArms).join('\n')}
  esac
  case "$command" in
${commands.map(wordsArm).join('\n')}
  esac
}
complete -F _handshark handshark
`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

function valueArms({ path, options }: DescribedCommand): readonly string[] {
  return options.flatMap((option) => {
    const action = valueAction(option);
    if (action === undefined) return [];
    return [`    ${option.names.map((name) => quoted(`${path}/${name}`)).join('|')}) ${action}; return ;;`];
  });
}

function valueAction({ value }: DescribedOption): string | undefined {
  if (!value) return undefined;
  const { kind, choices } = value;
  if (kind === 'text') return ':';
  if (kind === 'choice') return `COMPREPLY=( $(compgen -W ${quoted(choices.join(' '))} -- "$cur") )`;
  return `_handshark_${kind} "$cur"`;
}

/** What stands where no value is awaited: options after a dash, else commands, choices and files. */
function wordsArm({ path, options, arguments: given, commands }: DescribedCommand): string {
  const names = options.flatMap((option) => option.names);
  const words = [
    ...commands.map((inner) => inner.path.split(' ').at(-1) ?? ''),
    ...given.flatMap(({ choices }) => choices),
  ];
  const files = given.some(({ kind }) => kind === 'file') ? '\n        _handshark_file "$cur"' : '';
  return `    ${quoted(path)})
      if [[ $cur == -* ]]; then COMPREPLY=( $(compgen -W ${quoted(names.join(' '))} -- "$cur") )
      else
        COMPREPLY=( $(compgen -W ${quoted(words.join(' '))} -- "$cur") )${files}
      fi ;;`;
}
