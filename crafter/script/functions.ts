import { cookieKey } from '../../dissectors/channel/cookie.js';
import { flip } from '../faults.js';
import type { Scope } from './scope.js';
import { bytesShape, type FieldValue, numberShape, peerShape, type Shape } from './shape.js';

/** A function of the language. Arguments come as their shapes say. */
export interface ScriptFunction {
  readonly about: string;
  readonly takes: readonly Shape[];
  /** How many arguments must be given; all unless said. */
  readonly least?: number;
  /** @throws {RangeError} on arguments that make no sense together */
  readonly make: (given: readonly FieldValue[], scope: Scope) => FieldValue;
}

/** The largest value of 16 bits. */
const MOST_16 = 0xffff;
/** The largest value of 32 bits. */
const MOST_32 = 0xffff_ffff;
/** More than a datagram holds. */
const MOST_BYTES = 0xffff;

const bytes = (value: FieldValue | undefined): Uint8Array => (value instanceof Uint8Array ? value : new Uint8Array(0));
const number = (value: FieldValue | undefined): number => Number(value ?? 0);

const PEERS = [peerShape('initiator'), peerShape('responder')];
const ID = numberShape('id', MOST_32);

export const FUNCTIONS: Readonly<Record<string, ScriptFunction>> = {
  cookie1: {
    about: 'the cookie that an initiator with this secret makes for c1; peers as the script has them unless given',
    takes: [bytesShape('secret'), numberShape('c1', MOST_16), ...PEERS],
    least: 2,
    make: ([secret, c1, initiator, responder], scope) =>
      cookieKey(scope.dialect, bytes(secret))({ ...peers(scope, initiator, responder), c1: number(c1) }),
  },
  cookie2: {
    about: 'the cookie that a responder with this secret makes for a channel',
    takes: [bytesShape('secret'), ID, ...PEERS],
    least: 2,
    make: ([secret, id, initiator, responder], scope) => {
      const [c1, c2] = [number(id) >>> 16, number(id) & MOST_16];
      return cookieKey(scope.dialect, bytes(secret))({ ...peers(scope, initiator, responder), c1, c2 });
    },
  },
  id: {
    about: 'the channel id of two halves',
    takes: [numberShape('c1', MOST_16), numberShape('c2', MOST_16)],
    make: ([c1, c2]) => ((number(c1) << 16) | number(c2)) >>> 0,
  },
  c1: { about: "the initiator's half of a channel id", takes: [ID], make: ([id]) => number(id) >>> 16 },
  c2: { about: "the responder's half of a channel id", takes: [ID], make: ([id]) => number(id) & MOST_16 },
  responder_start: {
    about: "the first number of the responder's direction: bytes 0 and 1 of cookie2",
    takes: [bytesShape('cookie2')],
    make: ([cookie2]) => startIn(bytes(cookie2), 0),
  },
  initiator_start: {
    about: "the first number of the initiator's direction: bytes 2 and 3 of cookie2",
    takes: [bytesShape('cookie2')],
    make: ([cookie2]) => startIn(bytes(cookie2), 2),
  },
  flip: {
    about: 'the bytes with one bit turned round; bit 0 is the first one sent',
    takes: [bytesShape('bytes'), numberShape('bit')],
    make: ([value, bit]) => flip(number(bit))(bytes(value)),
  },
  repeat: {
    about: 'the bytes so many times',
    takes: [bytesShape('bytes'), numberShape('count', MOST_BYTES)],
    make: ([value, count]) => repeated(bytes(value), number(count)),
  },
  random: {
    about: 'so many random bytes',
    takes: [numberShape('count', MOST_BYTES)],
    make: ([count], { random }) => random(number(count)),
  },
  peer: { about: 'the id of the peer with this name', takes: [peerShape('name')], make: ([id]) => bytes(id) },
};

const peers = (scope: Scope, initiator: FieldValue | undefined, responder: FieldValue | undefined) => ({
  initiator: initiator === undefined ? scope.initiator : bytes(initiator),
  responder: responder === undefined ? scope.responder : bytes(responder),
});

function startIn(cookie2: Uint8Array, at: number): number {
  if (cookie2.length < 4) throw new RangeError('a cookie has at least 4 bytes');
  return ((cookie2[at] ?? 0) << 8) | (cookie2[at + 1] ?? 0);
}

function repeated(value: Uint8Array, count: number): Uint8Array {
  if (value.length * count > MOST_BYTES) throw new RangeError(`${value.length * count} bytes fit no packet`);
  const all = new Uint8Array(value.length * count);
  for (let copy = 0; copy < count; copy++) all.set(value, copy * value.length);
  return all;
}
