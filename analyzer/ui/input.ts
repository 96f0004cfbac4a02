/** What the user did, whatever terminal it was done on. */
export type InputEvent =
  /** A key by name: `a`, `G`, `enter`, `page-up`, `f1`, with modifiers in the order `ctrl-alt-shift-`. */
  | { readonly type: 'key'; readonly key: string }
  /** Cells count from 0, from the top left. */
  | {
      readonly type: 'mouse';
      readonly kind: 'press' | 'drag' | 'release' | 'wheel-up' | 'wheel-down';
      readonly x: number;
      readonly y: number;
    }
  | { readonly type: 'paste'; readonly text: string };

/**
 * Reads keys, mouse and pasted text out of what a terminal sends. Chunks may hold many keys and end anywhere, even
 * within a sequence. What is not understood is dropped whole, so that no part of it passes for a key.
 */
export class InputReader {
  #rest = '';
  /** Pasted text as far as it came; undefined outside of a paste. */
  #pasted: string | undefined;

  /** Reads a chunk. */
  push(text: string): readonly InputEvent[] {
    this.#rest += text;
    const events: InputEvent[] = [];
    while (this.#rest !== '') {
      const before = this.#rest.length;
      const event = this.#pasted === undefined ? this.#next() : this.#paste(this.#pasted);
      if (event !== undefined) events.push(event);
      else if (this.#rest.length === before) break;
    }
    return events;
  }

  /** Whether what is left may be the Esc key or the start of a sequence; only time tells: `flush` once it is up. */
  get isWaiting(): boolean {
    return this.#rest !== '' && this.#pasted === undefined;
  }

  /** Takes what is left for keys: no more of a sequence is coming. */
  flush(): readonly InputEvent[] {
    if (!this.isWaiting) return [];
    const rest = this.#rest;
    this.#rest = '';
    if (rest === ESC) return [key('escape')];
    if (rest === `${ESC}${ESC}`) return [key('escape'), key('escape')];
    if (rest === `${ESC}[` || rest === `${ESC}O`) return [key(`alt-${rest[1]}`)];
    return [];
  }

  #next(): InputEvent | undefined {
    const rest = this.#rest;
    if (!rest.startsWith(ESC)) {
      const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
      this.#rest = rest.slice(character.length);
      return plainKey(character);
    }
    if (rest.length === 1) return undefined;
    const started = SEQUENCES.find(({ start }) => start.test(rest));
    if (started === undefined) return this.#altKey();
    const found = started.whole.exec(rest)?.[0];
    if (found === undefined) {
      // Longer than any sequence, and still no end: noise.
      if (rest.length > MOST_SEQUENCE) this.#rest = '';
      return undefined;
    }
    this.#rest = rest.slice(found.length);
    if (found === PASTE_START) {
      this.#pasted = '';
      return undefined;
    }
    return started.read(found);
  }

  #altKey(): InputEvent | undefined {
    const character = String.fromCodePoint(this.#rest.codePointAt(1) ?? 0);
    // Esc twice is the Esc key, and perhaps the start of a sequence.
    if (character === ESC) {
      this.#rest = this.#rest.slice(1);
      return key('escape');
    }
    this.#rest = this.#rest.slice(1 + character.length);
    const plain = plainKey(character);
    return plain && key(`alt-${plain.key}`);
  }

  #paste(pasted: string): InputEvent | undefined {
    const end = this.#rest.indexOf(PASTE_END);
    // The last characters may be the start of the end.
    const taken = end < 0 ? Math.max(0, this.#rest.length - PASTE_END.length + 1) : end;
    const text = (pasted + this.#rest.slice(0, taken)).slice(0, MOST_PASTED);
    this.#rest = this.#rest.slice(end < 0 ? taken : taken + PASTE_END.length);
    this.#pasted = end < 0 ? text : undefined;
    return end < 0 ? undefined : { type: 'paste', text };
  }
}

const ESC = '\x1b';
const PASTE_START = '\x1b[200~';
const PASTE_END = '\x1b[201~';
/** Characters after which a sequence without an end is noise, and a paste is cut. */
const MOST_SEQUENCE = 4096;
/** Characters that are taken of one paste: no filter or name is longer. */
const MOST_PASTED = 65_536;

const key = (name: string): InputEvent & { readonly type: 'key' } => ({ type: 'key', key: name });

function plainKey(character: string): (InputEvent & { readonly type: 'key' }) | undefined {
  const named = CONTROLS[character];
  if (named !== undefined) return key(named);
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x01 && code <= 0x1a) return key(`ctrl-${String.fromCharCode(code + 0x60)}`);
  // The remaining controls, and those of ISO 6429 above ASCII, are no keys.
  return code < 0x20 || (code >= 0x80 && code < 0xa0) ? undefined : key(character);
}

const CONTROLS: Readonly<Record<string, string>> = {
  '\x00': 'ctrl-space',
  '\t': 'tab',
  '\r': 'enter',
  '\n': 'enter',
  '\b': 'backspace',
  '\x7f': 'backspace',
  ' ': 'space',
  '\x1c': 'ctrl-\\',
  '\x1d': 'ctrl-]',
  '\x1e': 'ctrl-^',
  '\x1f': 'ctrl-_',
};

interface Sequence {
  readonly start: RegExp;
  readonly whole: RegExp;
  read(found: string): InputEvent | undefined;
}

/** The families of sequences, the more special first. */
const SEQUENCES: readonly Sequence[] = [
  // The Linux console's F1 to F5.
  { start: /^\x1b\[\[/, whole: /^\x1b\[\[[\s\S]/, read: (found) => letterKey(CONSOLE_FUNCTIONS[found.at(-1) ?? '']) },
  // Mouse reports in the old form: three characters, any of which may look like a key.
  { start: /^\x1b\[M/, whole: /^\x1b\[M[\s\S]{3}/, read: () => undefined },
  // rxvt ends some with `$`, which elsewhere is not an end.
  { start: /^\x1b\[[0-9;]+\$/, whole: /^\x1b\[[0-9;]+\$/, read: readCsi },
  { start: /^\x1b\[/, whole: /^\x1b\[[\x20-\x3f]*[^\x20-\x3f]/, read: readCsi },
  { start: /^\x1bO/, whole: /^\x1bO[0-9;]*[^0-9;]/, read: (found) => readLetter(found.slice(2)) },
  // Answers of the terminal: strings up to BEL or ST.
  { start: /^\x1b[\]P_^X]/, whole: /^\x1b[\]P_^X][\s\S]*?(?:\x07|\x1b\\)/, read: () => undefined },
];

const CONSOLE_FUNCTIONS: Readonly<Record<string, string>> = { A: 'f1', B: 'f2', C: 'f3', D: 'f4', E: 'f5' };

/** Final letters, of CSI and SS3 alike; lower case are rxvt's, with a modifier of their own. */
const LETTERS: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  E: 'begin',
  F: 'end',
  H: 'home',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
  M: 'enter',
  Z: 'shift-tab',
  a: 'shift-up',
  b: 'shift-down',
  c: 'shift-right',
  d: 'shift-left',
};

/** Numbers before a final `~`; `$`, `^` and `@` are rxvt's, with modifiers. */
const NUMBERS: Readonly<Record<string, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'page-up',
  6: 'page-down',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
};
const RXVT_MODIFIERS: Readonly<Record<string, number>> = { '~': 0, $: 1, '^': 4, '@': 5 };

const letterKey = (name: string | undefined): InputEvent | undefined => (name === undefined ? undefined : key(name));

function readCsi(found: string): InputEvent | undefined {
  const body = found.slice(2, -1);
  const final = found.at(-1) ?? '';
  if (body.startsWith('<')) return readMouse(body.slice(1), final);
  if (/^[0-9;]*$/.test(body) && final in RXVT_MODIFIERS) {
    const [number = '', modifiers = '1'] = body.split(';');
    return modified(NUMBERS[number], Number(modifiers) - 1 + (RXVT_MODIFIERS[final] ?? 0));
  }
  if (final === 'u') return readUnicodeKey(body);
  return readLetter(body + final);
}

/** `A`, `1;5A`, and `5A` as some terminals shorten it. */
function readLetter(found: string): InputEvent | undefined {
  const parts = /^(?:(?:1;)?([0-9]+))?([\s\S])$/.exec(found);
  if (parts === null) return undefined;
  return modified(LETTERS[parts[2] ?? ''], Number(parts[1] ?? 1) - 1);
}

/** Keys that are told by their character, from terminals that were asked to by someone before us. */
function readUnicodeKey(body: string): InputEvent | undefined {
  const [code = '', modifiers = '1'] = body.split(';');
  const number = Number.parseInt(code, 10);
  if (!(number > 0 && number <= 0x10ffff)) return undefined;
  const name = number === 27 ? 'escape' : plainKey(String.fromCodePoint(number))?.key;
  const bits = Number.parseInt(modifiers, 10) - 1;
  // The character has the shift in it already.
  return modified(name, name?.length === 1 ? bits & ~SHIFT : bits);
}

const SHIFT = 1;
const ALT = 2;
const CONTROL = 4;

function modified(name: string | undefined, bits: number): InputEvent | undefined {
  if (name === undefined) return undefined;
  const prefix = `${bits & CONTROL ? 'ctrl-' : ''}${bits & ALT ? 'alt-' : ''}${bits & SHIFT ? 'shift-' : ''}`;
  return key(prefix + name);
}

/** SGR mouse reports: `button;x;y`, `M` for pressed or moved, `m` for let go. */
function readMouse(body: string, final: string): InputEvent | undefined {
  const parts = /^([0-9]{1,5});([0-9]{1,5});([0-9]{1,5})$/.exec(body);
  if (parts === null) return undefined;
  const button = Number(parts[1]);
  const x = Number(parts[2]) - 1;
  const y = Number(parts[3]) - 1;
  const kind = mouseKind(button, final);
  return kind && x >= 0 && y >= 0 ? { type: 'mouse', kind, x, y } : undefined;
}

function mouseKind(button: number, final: string): (InputEvent & { type: 'mouse' })['kind'] | undefined {
  if (button & 64) return button & 2 ? undefined : button & 1 ? 'wheel-down' : 'wheel-up';
  // Only the first button does anything; the second pastes and the third opens menus in many terminals.
  if ((button & 0b1100_0011) !== 0) return undefined;
  if (final === 'm') return 'release';
  return button & 32 ? 'drag' : 'press';
}
