/** A place where keys can mean something of their own: a pane, a screen, or what lies over the screens. */
export type Focus =
  | 'list'
  | 'detail'
  | 'bytes'
  | 'handshakes'
  | 'channels'
  | 'ladder'
  | 'difference'
  | 'data'
  | 'statistics'
  | 'craft'
  | 'log'
  | 'help'
  | 'prompt';

/** One command where it can be given. The help screen, the palette, the hints and the documentation are printed from these. */
export interface Binding<Name extends string = string> {
  readonly command: Name;
  /** Names of keys as the input module gives them. None for a command that only the palette has. */
  readonly keys: readonly string[];
  readonly where: readonly Focus[];
  /** What the help screen says. */
  readonly help: string;
  /** What follows its name in the palette, such as `FILE`; it cannot be given without. */
  readonly argument?: string;
}

export const bind = <const Name extends string>(
  where: readonly Focus[],
  command: Name,
  keys: readonly string[],
  help: string,
  argument?: string,
): Binding<Name> => ({ command, keys, where, help, ...(argument !== undefined && { argument }) });

/** The commands of some bindings. */
export type CommandOf<Bindings extends readonly Binding[]> = Bindings[number]['command'];

/** Whether a command is one of those of some bindings. */
export const isOneOf = <Name extends string>(bindings: readonly Binding<Name>[], command: string): command is Name =>
  bindings.some((binding) => binding.command === command);

/** The keys that move in every list of lines. */
export const moving = (where: readonly Focus[], what: string) =>
  [
    bind(where, 'up', ['up', 'k'], `${what} above`),
    bind(where, 'down', ['down', 'j'], `${what} below`),
    bind(where, 'page-up', ['page-up', 'ctrl-b'], 'a page up'),
    bind(where, 'page-down', ['page-down', 'space'], 'a page down'),
    bind(where, 'half-up', ['ctrl-u'], 'half a page up'),
    bind(where, 'half-down', ['ctrl-d'], 'half a page down'),
    bind(where, 'first', ['home', 'g'], 'start'),
    bind(where, 'last', ['end', 'G'], 'end'),
    bind(where, 'shift-left', ['left', 'h', '<'], 'read the start of long lines'),
    bind(where, 'shift-right', ['right', 'l', '>'], 'read on in long lines'),
  ] as const;

/** What moves in a list of lines. */
export type MovingCommand = CommandOf<ReturnType<typeof moving>>;
