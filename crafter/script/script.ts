import type { Dialect } from '../../dissectors/channel/dialects.js';
import type { MessageKind } from '../../dissectors/channel/messages.js';
import type { Fault } from '../faults.js';
import type { Conditions } from '../link/conditions.js';
import type { Settings } from '../peer/settings.js';
import type { ProtocolForm } from './protocol.js';
import type { Shape } from './shape.js';
import type { Condition, Expression, PacketRange, Pattern, Position, SourcePart, TimeTree } from './tree.js';

/** Whom the script plays with. */
export type Target =
  /** The built-in peer, in virtual time. */
  | { readonly kind: 'peer' }
  | { readonly kind: 'udp'; readonly host: string; readonly port: number }
  /** The first sender of something to this address. */
  | { readonly kind: 'listen'; readonly host: string; readonly port: number };

/** A field of a packet, and what it is given or must be. */
export interface FieldPlan {
  readonly shape: Shape;
  readonly pattern: Pattern;
  readonly at: Position;
}

/** A message of a packet; without a kind, one of a type that is given by its number. */
export interface MessagePlan {
  readonly kind: MessageKind | undefined;
  readonly word: string;
  readonly fields: readonly FieldPlan[];
  readonly at: Position;
}

/** A field that becomes a variable. */
export interface Capture {
  /** `id`, `cookie2`, `sequence`; `c1` and `c2` of whatever has an id. */
  readonly field: string;
  /** In the how many-th message that has it, from 1. */
  readonly nth: number;
  readonly as: string;
  readonly at: Position;
}

/** A message of another protocol in place of a channel packet. */
export interface ProtocolPlan {
  readonly form: ProtocolForm;
  /** As the script names it. */
  readonly word: string;
  readonly fields: readonly FieldPlan[];
}

/** A packet to send, or to expect. */
export interface PacketPlan {
  readonly at: Position;
  /** Fields of the packet around its messages, by `chan(…)`. */
  readonly header: readonly FieldPlan[];
  /** `...` stands for any messages. */
  readonly messages: readonly (MessagePlan | '...')[];
  /** In place of messages: bytes as they are. */
  readonly raw: Expression | undefined;
  /** In place of messages: one of another protocol. */
  readonly protocol: ProtocolPlan | undefined;
  readonly faults: readonly Fault[];
  readonly captures: readonly Capture[];
  /** Which of the own ports, from 1. */
  readonly via: number;
  readonly times: number;
}

/** What the built-in peer can be told to do. */
export type CommandName = 'open' | 'send' | 'close' | 'abort';

/** What the application of the built-in peer sees. */
export type SightName = 'opened' | 'receive' | 'ended' | 'closed' | 'failed';

/** What it must see. */
export interface SightPlan {
  readonly name: SightName;
  readonly fields: readonly FieldPlan[];
}

/** A line that happens at a time, or one that says which lines do. */
export type Step = Position & { readonly time: TimeTree } & (
    | { readonly kind: 'send'; readonly packet: PacketPlan }
    | {
        readonly kind: 'expect';
        readonly packet: PacketPlan;
        readonly isOptional: boolean;
        /** How many lines after it happen only if it did. */
        readonly skips: number;
      }
    | { readonly kind: 'nothing' }
    | { readonly kind: 'command'; readonly name: CommandName; readonly given: readonly FieldPlan[] }
    /** Left out, the application must see nothing more. */
    | { readonly kind: 'see'; readonly sight: SightPlan | undefined }
    /** Goes on with another line, by its place among the steps, unless the condition holds. */
    | { readonly kind: 'unless'; readonly condition: Condition; readonly to: number }
    | { readonly kind: 'jump'; readonly to: number }
  );

/** A value that is to be drawn when the script starts, or one that is known. */
export type OrRandom = Uint8Array | 'random';

/** How a script is run; what is not said has its default. */
export interface ScriptSettings {
  readonly dialect: Dialect;
  readonly role: 'initiator' | 'responder';
  readonly local: OrRandom;
  /** `any`: that of the first packet that comes. */
  readonly remote: Uint8Array | 'any';
  readonly secret: OrRandom;
  /** Of the other peer, where it is known. */
  readonly remoteSecret: Uint8Array | undefined;
  readonly target: Target;
  /** Times are in milliseconds. */
  readonly tolerance: number;
  readonly timeout: number;
  /** Left out, every run draws other random values. */
  readonly seed: number | undefined;
  /** Of the built-in peer. */
  readonly peer: Partial<Settings>;
  /** Whether its application sends back what it receives. */
  readonly echo: boolean;
  readonly network: Partial<Conditions>;
}

/** A script that can be run: every name in it means something, every value fits. */
export interface Script extends ScriptSettings {
  readonly file: string;
  /** Where the lines of each file begin. */
  readonly parts: readonly SourcePart[];
  /** All lines, for reports. */
  readonly source: readonly string[];
  readonly variables: readonly (Position & { readonly name: string; readonly value: Expression })[];
  readonly ignores: readonly PacketPlan[];
  /** Whether packets that came before, bit by bit, are passed over. */
  readonly ignoresRepeats: boolean;
  /** Packets that are lost on the way, by their numbers in the play. */
  readonly drops: readonly PacketRange[];
  readonly steps: readonly Step[];
  /** Variables that were given a value from outside, and that nothing asks for. */
  readonly unused: readonly string[];
}
