/** A place in a script. Both count from 1, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Operations on bits, the loosest first. */
export type BitSign = '|' | '^' | '&' | '<<' | '>>';

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
    /** An operation on the bits of numbers. */
    | { readonly kind: 'bits'; readonly sign: BitSign; readonly left: Expression; readonly right: Expression }
    /** All bits turned round: what is left of them depends on the place that takes the number. */
    | { readonly kind: 'flipped'; readonly value: Expression }
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
  /** How often; what is expected may come up to `most` times. */
  readonly times: (Position & { readonly count: number; readonly most: number }) | undefined;
}

/** When a line happens, or may happen. Seconds; counted from the start of the script, or from the line before. */
export type TimeTree = Position &
  (
    | { readonly kind: 'any' }
    /** Together with the expected line before, in whatever order. */
    | { readonly kind: 'also' }
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
    /** Something that the application of the built-in peer sees; left out, nothing more. */
    | { readonly kind: 'see'; readonly sight: MessageTree | undefined }
  );

/** How two values compare. */
export type ComparisonSign = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** What a line depends on. */
export type Condition = Position &
  (
    | {
        readonly kind: 'comparison';
        readonly sign: ComparisonSign;
        readonly left: Expression;
        readonly right: Expression;
      }
    | { readonly kind: 'and' | 'or'; readonly both: readonly [Condition, Condition] }
    | { readonly kind: 'not'; readonly one: Condition }
  );

/** Lines that happen only under a condition, and those that happen without it. */
export interface BranchTree extends Position {
  readonly isBlock: true;
  readonly condition: Condition;
  readonly then: readonly BlockTree[];
  readonly otherwise: readonly BlockTree[];
}

/** A line, or several that depend on a condition. */
export type BlockTree = (LineTree & { readonly isBlock: false }) | BranchTree;

/** Packets of a play, by their numbers from 1; `to` is included. */
export interface PacketRange {
  readonly from: number;
  readonly to: number;
}

/** A line that says how the script is to be run. */
export type SettingTree = Position &
  (
    | { readonly kind: 'word'; readonly name: string; readonly words: readonly WordTree[] }
    | { readonly kind: 'list'; readonly name: string; readonly fields: readonly FieldTree[] }
    | { readonly kind: 'let'; readonly name: string; readonly value: Expression }
    | { readonly kind: 'ignore'; readonly packet: PacketTree | undefined }
    | { readonly kind: 'drop'; readonly packets: readonly PacketRange[] }
  );

export interface WordTree extends Position {
  readonly text: string;
  readonly isQuoted: boolean;
}

/** A file whose lines are part of a script. */
export interface SourcePart {
  readonly file: string;
  /** The number that its first line has among all lines of the script. */
  readonly first: number;
}

/** A script as it is written, before anything in it is understood. */
export interface ScriptTree {
  readonly file: string;
  /** Where the lines of each file begin: those of included files follow those of the script. */
  readonly parts: readonly SourcePart[];
  /** All lines, for reports. */
  readonly source: readonly string[];
  readonly settings: readonly SettingTree[];
  readonly lines: readonly BlockTree[];
}
