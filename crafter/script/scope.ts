import type { Dialect } from '../../dissectors/channel/dialects.js';
import type { FieldValue } from './shape.js';
import type { Expression, Position } from './tree.js';

/** What a variable holds: a value, or digits or a text that become one where they are used. */
export type Held = FieldValue | Extract<Expression, { kind: 'hex' | 'text' }>;

/** What expressions may ask for. */
export interface Scope {
  readonly dialect: Dialect;
  /** The peers of the channel at hand, by role. */
  readonly initiator: Uint8Array;
  readonly responder: Uint8Array;
  readonly variable: (name: string) => Held | undefined;
  /** The names of all variables, for errors. */
  readonly names: () => Iterable<string>;
  readonly random: (size: number) => Uint8Array;
  /** What the protocol asks for in a field; undefined where it leaves the choice. */
  readonly valid?: (key: string, at: Position) => FieldValue | undefined;
}
