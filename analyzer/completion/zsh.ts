import { allCommands, type DescribedCommand, type DescribedOption, type DescribedValue } from './described.js';

/** A completion script for zsh. */
export function zshScript(program: DescribedCommand, fields: readonly string[]): string {
  return `#compdef handshark
# Completes the words of handshark in zsh. Put it in a folder of $fpath, as _handshark:
#   handshark completion zsh > ~/.zfunc/_handshark

typeset -ga _handshark_names=(${fields.join(' ')})

_handshark_field() { compadd -a _handshark_names }

# The name at the end of a filter; what stands before it stays.
_handshark_filter() {
  compset -P '*[^A-Za-z0-9_.]'
  compadd -S '' -a _handshark_names
}

_handshark_interface() { compadd -- $(command ls /sys/class/net 2>/dev/null || ifconfig -l 2>/dev/null) }

${allCommands(program).map(functionOf).join('\n\n')}

if [ "$funcstack[1]" = "_handshark" ]; then
  _handshark "$@"
else
  compdef _handshark handshark
fi
`;
}

const nameOf = (path: string): string => ['_handshark', ...path.split(' ')].join('_').replace(/_$/, '');

/** A text in single quotes, without what means something to `_arguments`. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const plain = (text: string): string => text.replaceAll(/[[\]:\\]/g, (character) => `\\${character}`);

function functionOf({ path, options, arguments: given, commands }: DescribedCommand): string {
  const specs = options.flatMap(optionSpecs);
  if (commands.length === 0) {
    const words = given.map((argument, place) => {
      const last = place === given.length - 1;
      return quoted(`${last ? '*' : `${place + 1}`}:${plain(argument.name)}:${actionOf(argument)}`);
    });
    return `${nameOf(path)}() {\n  _arguments -s ${[...specs, ...words].join(' \\\n    ')}\n}`;
  }
  const list = commands.map(
    (inner) => `    ${quoted(`${inner.path.split(' ').at(-1)}:${inner.about.replaceAll(':', '\\:')}`)}`,
  );
  const arms = commands.map((inner) => `      (${inner.path.split(' ').at(-1)}) ${nameOf(inner.path)} ;;`);
  const files = given.some(({ kind }) => kind === 'file') ? '\n    _files' : '';
  return `${nameOf(path)}() {
  local curcontext="$curcontext" state line
  local -a commands=(
${list.join('\n')}
  )
  _arguments -s -C ${[...specs, "'1: :->command'", "'*:: :->rest'"].join(' \\\n    ')}
  case $state in
  (command)
    _describe command commands${files} ;;
  (rest)
    case $line[1] in
${arms.join('\n')}
    esac ;;
  esac
}`;
}

function optionSpecs({ names, about, value }: DescribedOption): readonly string[] {
  return names.map((name) => {
    const text = `[${plain(about)}]`;
    if (!value) return quoted(`*${name}${text}`);
    const joint = name.startsWith('--') ? '=' : '+';
    return quoted(`*${name}${joint}${text}:${plain(value.name)}:${actionOf(value)}`);
  });
}

function actionOf({ kind, choices }: DescribedValue): string {
  switch (kind) {
    case 'file':
      return '_files';
    case 'field':
    case 'filter':
    case 'interface':
      return `_handshark_${kind}`;
    case 'choice':
      return `(${choices.join(' ')})`;
    case 'text':
      return ' ';
  }
}
