/** A place in a script. Both count from 1, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Something that has a value while the script runs. */
export type Expression = Position &
  (
    | { readonly kind: 'number'; readonly value: number }
    /** Digits after `0x`: a number or bytes, as its place wants it. */
    | { readonly kind: 'hex'; readonly digits: string }
    | { readonly kind: 'text'; readonly text: string }
    /** A variable, or a word such as `tcp`. */
    | { readonly kind: 'name'; readonly name: string; readonly isMarked: boolean }
    | { readonly kind: 'call'; readonly name: string; readonly given: readonly Expression[] }
    | { readonly kind: 'sum'; readonly sign: 1 | -1; readonly left: Expression; readonly right: Expression }
  );

/** What a field must be. */
export type Pattern = Position &
  (
    | { readonly kind: 'any' }
    | { readonly kind: 'is' | 'not' | 'starts'; readonly value: Expression }
    | { readonly kind: 'range'; readonly low: Expression; readonly high: Expression }
  );

/** A field with what it is given, or must be; without a name, what stands first. */
export interface FieldTree extends Position {
  readonly name: string | undefined;
  readonly pattern: Pattern;
}

export interface MessageTree extends Position {
  readonly name: string;
  readonly fields: readonly FieldTree[];
}

/** `...` among messages: any others, or none. */
export interface Others extends Position {
  readonly name: '...';
}

/** A field that becomes a variable: `cookie2[2] as second`. */
export interface CaptureTree extends Position {
  readonly field: string;
  /** In the how many-th message that has it, from 1. */
  readonly nth: number;
  readonly as: string;
}

export interface FaultTree extends Position {
  /** As `crafter/fault-names.ts` takes it: `flip:7`. */
  readonly text: string;
}

/** A packet to send, or to expect. */
export interface PacketTree extends Position {
  readonly messages: readonly (MessageTree | Others)[];
  /** In place of messages: bytes as they are. */
  readonly raw: Expression | undefined;
  readonly faults: readonly FaultTree[];
  readonly captures: readonly CaptureTree[];
  /** Which of the own ports, from 1. */
  readonly via: (Position & { readonly number: number }) | undefined;
  readonly times: (Position & { readonly count: number }) | undefined;
}

/** When a line happens, or may happen. Seconds; counted from the start of the script, or from the line before. */
export type TimeTree = Position &
  (
    | { readonly kind: 'any' }
    | { readonly kind: 'moment'; readonly isRelative: boolean; readonly seconds: number }
    | { readonly kind: 'span'; readonly isRelative: boolean; readonly low: number; readonly high: number }
  );

/** A line that happens at a time. */
export type LineTree = Position & { readonly time: TimeTree } & (
    | { readonly kind: 'send'; readonly packet: PacketTree }
    | { readonly kind: 'expect'; readonly packet: PacketTree; readonly isOptional: boolean }
    | { readonly kind: 'nothing' }
    /** Something that the built-in peer is told to do. */
    | { readonly kind: 'command'; readonly command: MessageTree }
  );

/** A line that says how the script is to be run. */
export type SettingTree = Position &
  (
    | { readonly kind: 'word'; readonly name: string; readonly words: readonly WordTree[] }
    | { readonly kind: 'list'; readonly name: string; readonly fields: readonly FieldTree[] }
    | { readonly kind: 'let'; readonly name: string; readonly value: Expression }
    | { readonly kind: 'ignore'; readonly packet: PacketTree | undefined }
  );

export interface WordTree extends Position {
  readonly text: string;
  readonly isQuoted: boolean;
}

/** A script as it is written, before anything in it is understood. */
export interface ScriptTree {
  readonly file: string;
  /** Its lines, for reports. */
  readonly source: readonly string[];
  readonly settings: readonly SettingTree[];
  readonly lines: readonly LineTree[];
}
