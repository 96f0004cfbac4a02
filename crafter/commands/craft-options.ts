import { DIALECTS, type Dialect, dialectNamed } from '../../dissectors/channel/dialects.js';
import type { MessageName } from '../../dissectors/channel/messages.js';
import type { Value } from '../../dissectors/wire/field.js';
import { faultNamed } from '../fault-names.js';
import type { Fault } from '../faults.js';
import { peerId } from '../peer-id.js';
import { momentFrom } from '../rewrite/packet-times.js';
import { fieldNamed } from './craft-fields.js';
import { type AnyLayer, layerFrom } from './craft-layers.js';
import { type PayloadPlan, payloadFrom } from './craft-payload.js';
import { cutFrom, type Pieces } from './craft-pieces.js';
import { type Condition, conditionFrom, type Taken, takenFrom } from './craft-request.js';
import { count, hexNumber, secretFrom, udpDestination } from './craft-values.js';
import { type Vary, varyFrom } from './craft-vary.js';
import { valueFrom } from './field-value.js';
import { secretIn } from './secret-file.js';

/** A message asked for, with what was said about it. */
export interface MessagePlan {
  readonly code: number;
  /** Left out for a type that is given by its number only. */
  readonly name?: MessageName;
  readonly given: Readonly<Record<string, Value>>;
  /** Of a type given by its number. */
  readonly body?: Uint8Array;
}

/** Where the packet goes. */
export type Destination =
  | { readonly to: 'hex' }
  | { readonly to: 'file'; readonly path: string }
  | { readonly to: 'udp'; readonly host: string; readonly port: number }
  | { readonly to: 'interface'; readonly name: string };

/** What is said of a packet. What was not said is left out. */
export interface PacketArguments {
  readonly dialect?: Dialect;
  readonly messages: readonly MessagePlan[];
  /** Fields of the envelope. */
  readonly header: Readonly<Record<string, Value>>;
  /** Fields said before any message, or that no single message has: they hold for all that have them. */
  readonly common: Readonly<Record<string, Value>>;
  readonly id?: number;
  readonly c2?: number;
  readonly secret?: Uint8Array;
  readonly initiatorSecret?: Uint8Array;
  readonly responderSecret?: Uint8Array;
  readonly role?: 'initiator' | 'responder';
  readonly padding?: number;
  readonly paddedTo?: number;
  readonly layers: readonly AnyLayer[];
  /** What is sent instead of a channel packet, outermost first. */
  readonly payload: readonly PayloadPlan[];
  /** The message of another protocol, by its words; it is the innermost layer. */
  readonly protocol?: AnyLayer;
  readonly bare: boolean;
  readonly faults: readonly Fault[];
  readonly frameFaults: readonly Fault[];
}

/** A command line of `craft`, understood. */
export interface CraftArguments extends PacketArguments {
  readonly count: number;
  /** Values that are others in every packet. */
  readonly vary: readonly Vary[];
  /** Fragments and segments. */
  readonly pieces: Pieces;
  /** How many damaged copies are made instead of the packet. */
  readonly fuzz?: number;
  readonly seed: number;
  /** When the first packet of a file was captured, in nanoseconds since 1970. */
  readonly time?: bigint;
  /** Whether a file is added to. */
  readonly append: boolean;
  /** Whether what comes back is waited for. */
  readonly answer: boolean;
  /** Where requests come in that are answered. */
  readonly listen?: string;
  /** What of a request goes into its answer. */
  readonly take: readonly Taken[];
  /** Which requests are answered. */
  readonly when: readonly Condition[];
  /** How long an answer is waited for, in seconds. */
  readonly timeout: number;
  /** So many a second. */
  readonly rate?: number;
  /** Whether a flood is meant. */
  readonly yes: boolean;
  readonly destination: Destination;
  readonly base?: { readonly file: string; readonly packet: number };
  readonly help: boolean;
}

/** The same while it is being read. */
export type Draft = Omit<{ -readonly [K in keyof CraftArguments]: CraftArguments[K] }, Growing> & {
  readonly messages: (Omit<MessagePlan, 'given'> & { readonly given: Record<string, Value> })[];
  readonly header: Record<string, Value>;
  readonly common: Record<string, Value>;
  readonly layers: AnyLayer[];
  readonly payload: PayloadPlan[];
  readonly faults: Fault[];
  readonly frameFaults: Fault[];
  readonly vary: Vary[];
  readonly take: Taken[];
  readonly when: Condition[];
};
type Growing = 'messages' | 'header' | 'common' | 'layers' | 'payload' | 'faults' | 'frameFaults' | Listed;
type Listed = 'vary' | 'take' | 'when';

/** An option of the packet as a whole. */
export interface Option {
  readonly about: string;
  /** What its value is called in the help; none for an option without a value. */
  readonly value?: string;
  readonly take: (draft: Draft, value: string) => void;
}

const ID_SIZE = 8;
const HALF_SIZE = 4;

/** Every option of its own; the fields of messages and of the envelope come to these. */
export const OPTIONS: Readonly<Record<string, Option>> = {
  dialect: {
    about: `one of ${DIALECTS.map(({ name }) => name).join(', ')}; ${DIALECTS[0]?.name} unless given`,
    value: 'NAME',
    take: (draft, value) => {
      const found = DIALECTS.find(({ name }) => name === value);
      if (!found) throw new RangeError(`"${value}" is not one of ${DIALECTS.map(({ name }) => name).join(', ')}`);
      draft.dialect = dialectNamed(found.name);
    },
  },
  from: {
    about: 'the sender: 32 hex digits, or a name, which stands for the start of its SHA-256',
    value: 'PEER',
    take: (draft, value) => {
      draft.header.sender = peerId(value);
    },
  },
  to: {
    about: 'the recipient',
    value: 'PEER',
    take: (draft, value) => {
      draft.header.recipient = peerId(value);
    },
  },
  id: {
    about: 'the channel, c1 and c2: for the messages and the cookies, and for the packet unless it is a handshake',
    value: 'HEX',
    take: (draft, value) => {
      draft.id = hexNumber(value, ID_SIZE);
    },
  },
  c2: {
    about: "the responder's half, where only c1 is given",
    value: 'HEX',
    take: (draft, value) => {
      draft.c2 = hexNumber(value, HALF_SIZE);
    },
  },
  channel: {
    about: "the id in the packet's header, whatever the messages say",
    value: 'HEX',
    take: (draft, value) => {
      draft.header.id = hexNumber(value, ID_SIZE);
    },
  },
  mode: {
    about: 'the capabilities, by the name of their mode',
    value: 'MODE',
    take: (draft, value) => {
      draft.common.caps = valueFrom(fieldNamed('caps'), value);
    },
  },
  secret: {
    about: 'makes the cookies that are not given; hex, or "text"',
    value: 'SECRET',
    take: (draft, value) => {
      draft.secret = secretFrom(value);
    },
  },
  'secret-file': {
    about: 'the same, from the first line of a file: the list of processes shows words',
    value: 'FILE',
    take: (draft, value) => {
      draft.secret = secretFrom(secretIn(value));
    },
  },
  'initiator-secret': {
    about: "makes cookie 1, where the peers' secrets differ",
    value: 'SECRET',
    take: (draft, value) => {
      draft.initiatorSecret = secretFrom(value);
    },
  },
  'responder-secret': {
    about: 'makes cookie 2',
    value: 'SECRET',
    take: (draft, value) => {
      draft.responderSecret = secretFrom(value);
    },
  },
  role: {
    about: 'what the sender is: initiator, or responder; the responder if it sends ACKNOWLEDGE',
    value: 'ROLE',
    take: (draft, value) => {
      if (value !== 'initiator' && value !== 'responder') throw new RangeError(`"${value}" is no role`);
      draft.role = value;
    },
  },
  padding: {
    about: 'bytes between the messages and the checksum; enough for the answer unless given',
    value: 'N',
    take: (draft, value) => {
      draft.padding = count(value);
    },
  },
  'padded-to': {
    about: 'the size of the whole packet, reached by padding',
    value: 'N',
    take: (draft, value) => {
      draft.paddedTo = count(value);
    },
  },
  layer: {
    about: 'a layer around the packet, outermost first; repeatable',
    value: 'NAME[:FIELD=VALUE,…]',
    take: (draft, value) => {
      draft.layers.push(layerFrom(value));
    },
  },
  payload: {
    about: 'instead of a channel packet: a header of another protocol, outermost first, or bytes; repeatable',
    value: 'NAME[:FIELD=VALUE,…], hex:BYTES, text:TEXT, file:PATH, zero:N, random:N or none',
    take: (draft, value) => {
      draft.payload.push(payloadFrom(value));
    },
  },
  fault: {
    about: 'damages the channel packet; repeatable',
    value: 'NAME[:N]',
    take: (draft, value) => {
      draft.faults.push(faultNamed(value));
    },
  },
  'frame-fault': {
    about: `damages the whole frame: cut, flip, trailing; repeatable`,
    value: 'NAME:N',
    take: (draft, value) => {
      if (!/^(cut|flip|trailing):/.test(value)) throw new RangeError(`"${value}" is not cut:N, flip:N or trailing:N`);
      draft.frameFaults.push(faultNamed(value));
    },
  },
  'from-capture': {
    about: 'starts from a packet of a capture: what is given changes it, messages are added to its own',
    value: 'FILE',
    take: (draft, value) => {
      draft.base = { file: value, packet: draft.base?.packet ?? 1 };
    },
  },
  packet: {
    about: 'which packet of that capture, from 1',
    value: 'N',
    take: (draft, value) => {
      draft.base = { file: draft.base?.file ?? '', packet: count(value) };
    },
  },
  bare: {
    about: 'without the layers of the captured packet',
    take: (draft) => {
      draft.bare = true;
    },
  },
  count: {
    about: 'so many packets',
    value: 'N',
    take: (draft, value) => {
      draft.count = count(value);
    },
  },
  vary: {
    about:
      'a field that is another one in every packet: counter[:START[:STEP]], random, 10.0.0.0/24, 1-99, a|b, text {n}; repeatable',
    value: 'FIELD=SPEC',
    take: (draft, value) => {
      draft.vary.push(varyFrom(value));
    },
  },
  fragment: {
    about: 'fragments of the innermost IP layer: bytes each, or 0-64,56-128,128- in any order, with overlaps',
    value: 'N or RANGES',
    take: (draft, value) => {
      draft.pieces = { ...draft.pieces, fragments: cutFrom(value) };
    },
  },
  segment: {
    about: 'segments of the TCP payload: bytes each, or ranges as for --fragment; 8-16=ff for other bytes',
    value: 'N or RANGES',
    take: (draft, value) => {
      draft.pieces = { ...draft.pieces, segments: cutFrom(value) };
    },
  },
  session: {
    about: 'the TCP segments on a connection: its handshake before them, its end behind them',
    take: (draft) => {
      draft.pieces = { ...draft.pieces, session: true };
    },
  },
  fuzz: {
    about: 'so many damaged copies instead of the packet; of --from-capture any packet',
    value: 'N',
    take: (draft, value) => {
      draft.fuzz = count(value);
    },
  },
  seed: {
    about: 'what chance follows from; 1 unless given',
    value: 'N',
    take: (draft, value) => {
      draft.seed = count(value);
    },
  },
  time: {
    about: 'in a file: when the first packet was captured; --rate tells how far apart they are',
    value: 'TIME',
    take: (draft, value) => {
      draft.time = momentFrom(value);
    },
  },
  append: {
    about: 'adds to the file of -w instead of replacing it',
    take: (draft) => {
      draft.append = true;
    },
  },
  answer: {
    about: 'with --udp: waits for what comes back after each packet, and prints it',
    take: (draft) => {
      draft.answer = true;
    },
  },
  listen: {
    about: 'answers every datagram that comes in there with the packet, until stopped, or --count answers were sent',
    value: 'HOST:PORT',
    take: (draft, value) => {
      draft.listen = value;
    },
  },
  take: {
    about: 'with --listen: a field of the packet that is what a field of the request is; repeatable',
    value: 'FIELD=REQUEST_FIELD',
    take: (draft, value) => {
      draft.take.push(takenFrom(value));
    },
  },
  when: {
    about: 'with --listen: answers only requests with this field, or this value of it; repeatable',
    value: 'FIELD[=VALUE]',
    take: (draft, value) => {
      draft.when.push(conditionFrom(value));
    },
  },
  timeout: {
    about: 'with --answer: how long to wait, in seconds; 2 unless given',
    value: 'S',
    take: (draft, value) => {
      if (!/^(\d+\.?\d*|\.\d+)$/.test(value) || Number(value) > 86_400) throw new RangeError(`"${value}" is no time`);
      draft.timeout = Number(value);
    },
  },
  rate: {
    about: 'so many a second: where they are sent, as fast as it goes unless given; in files, all at one time',
    value: 'N',
    take: (draft, value) => {
      if (!/^(\d+\.?\d*|\.\d+)$/.test(value) || Number(value) === 0) throw new RangeError(`"${value}" is no rate`);
      draft.rate = Number(value);
    },
  },
  yes: {
    about: 'does flood a network that is not the own machine: with more than 1000 packets a second',
    take: (draft) => {
      draft.yes = true;
    },
  },
  write: {
    about: 'into a capture file, instead of hex on standard output; - for the capture there',
    value: 'FILE',
    take: (draft, value) => {
      draft.destination = { to: 'file', path: value };
    },
  },
  udp: {
    about: 'sends the channel packet in a datagram',
    value: 'HOST:PORT',
    take: (draft, value) => {
      draft.destination = udpDestination(value);
    },
  },
  interface: {
    about: 'sends the frame on an interface, as it is',
    value: 'IFACE',
    take: (draft, value) => {
      draft.destination = { to: 'interface', name: value };
    },
  },
  help: {
    about: 'this text',
    take: (draft) => {
      draft.help = true;
    },
  },
};

/** Options by their letters. */
export const SHORT: Readonly<Record<string, string>> = {
  w: 'write',
  i: 'interface',
  c: 'count',
  h: 'help',
  r: 'from-capture',
};
