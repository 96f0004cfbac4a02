import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { channelPacket, cookiesOf, data, leastSize, message, unknownMessage } from '../../crafter/channel-part.js';
import { build, builder, joined, nothing, raw } from '../../crafter/part.js';
import { type DialectName, dialectNamed } from '../../dissectors/channel/dialects.js';
import { dissectChannel } from '../../dissectors/channel/dissect.js';
import { decode } from '../../dissectors/wire/message.js';
import { fromHex, toHex, viewOf } from '../../dissectors/wire/view.js';

interface Vectors {
  readonly initiator: string;
  readonly responder: string;
  readonly initiator_secret: string;
  readonly responder_secret: string;
  readonly packets: readonly { readonly name: string; readonly dialect: DialectName; readonly hex: string }[];
}
const vectors: Vectors = JSON.parse(
  readFileSync(new URL('../../fixtures/vectors.json', import.meta.url), 'utf8'),
).packet;

const roles = {
  initiator: fromHex(vectors.initiator),
  responder: fromHex(vectors.responder),
  initiatorSecret: fromHex(vectors.initiator_secret),
  responderSecret: fromHex(vectors.responder_secret),
};
const toResponder = { sender: roles.initiator, recipient: roles.responder };
const toInitiator = { sender: roles.responder, recipient: roles.initiator };
const id = 0x1a2b3c4d;

/** The packets of the vectors, told to the crafter in the words of the protocol page. */
function craft(name: DialectName, what: string): Uint8Array {
  const dialect = dialectNamed(name);
  const cookies = cookiesOf(dialect, roles, id);
  const reference = name === 'channeler' ? { paddedTo: 256 } : {};
  const packet = (...given: Parameters<typeof channelPacket> extends [unknown, ...infer Rest] ? Rest : never) =>
    build(channelPacket(dialect, ...given));
  switch (what) {
    case 'new': {
      const first = message(dialect, 'CHANNEL_NEW', { c1: 0x1a2b, ...cookies, s1: 0xffff, caps: 7 });
      return packet(toResponder, [first], name === 'hmac' ? { paddedTo: leastSize(dialect, 1) } : reference);
    }
    case 'acknowledge':
      return packet(
        toInitiator,
        [message(dialect, 'CHANNEL_ACKNOWLEDGE', { id, ...cookies, ack: 0, s2: 0x1000 })],
        reference,
      );
    case 'finalize': {
      const caps = name === 'channeler' ? 0 : 7;
      const last = message(dialect, 'CHANNEL_FINALIZE', { id, ...cookies, ack: 0x1001, caps });
      return packet(toResponder, [last], reference);
    }
    case 'cookie and data': {
      const [, , high = 0, low = 0] = cookies.cookie2 ?? [];
      return packet({ ...toResponder, id, sequence: (high << 8) | low }, [
        message(dialect, 'CHANNEL_COOKIE', { ...(cookies.cookie2 && { cookie: cookies.cookie2 }), caps: 3 }),
        data(dialect, new TextEncoder().encode('early')),
      ]);
    }
    case 'two handshakes in one packet': {
      const second = cookiesOf(dialect, roles, 0x1a2c0000);
      return packet(
        toResponder,
        [
          message(dialect, 'CHANNEL_NEW', { c1: 0x1a2b, ...cookies }),
          message(dialect, 'CHANNEL_NEW', { c1: 0x1a2c, ...second }),
        ],
        { paddedTo: 256 },
      );
    }
    case 'progress and window': {
      const [high = 0, low = 0] = cookies.cookie2 ?? [];
      return packet({ ...toInitiator, id, sequence: (high << 8) | low }, [
        message(dialect, 'DATA_PROGRESS', { next: 0x1234, received: 5 }),
        message(dialect, 'DATA_WINDOW', { window: 256 }),
      ]);
    }
    case 'close':
      return packet({ ...toInitiator, id, sequence: 9 }, [message(dialect, 'CHANNEL_CLOSE', { reason: 1 })]);
    case 'data': {
      const bytes = Uint8Array.from({ length: 1200 }, (_, at) => at & 0xff);
      return packet({ ...toResponder, id }, [data(dialect, bytes)], { paddedTo: 1500 });
    }
    default:
      throw new Error(`no recipe for "${what}"`);
  }
}

describe('the vectors', () => {
  test.each(vectors.packets)('$dialect "$name" is built byte for byte', ({ dialect, name, hex }) => {
    expect(toHex(craft(dialect, name))).toBe(hex);
  });

  test.each(vectors.packets)('$dialect "$name" is read and built again', ({ dialect: name, hex }) => {
    const view = viewOf(fromHex(hex));
    const { messages, padding } = dissectChannel(view, 0, { captured: view.byteLength, wire: view.byteLength });
    const dialect = dialectNamed(name);
    const parts = messages.map(({ kind, body }) =>
      message(dialect, kind?.name ?? 'DATA', kind ? decode(kind.body, view, body) : {}),
    );
    const { sender, recipient, id: channel } = decode(dialect.header, view, 0);
    const sequence = view.getUint16(44);
    const again = channelPacket(dialect, { sender, recipient, id: channel, sequence }, parts, {
      padding: padding ?? 0,
    });
    expect(toHex(build(again))).toBe(hex);
  });
});

const hmac = dialectNamed('hmac');
const channeler = dialectNamed('channeler');

test('an empty packet is an envelope: default channel, no peers, nothing in it', () => {
  expect(toHex(build(channelPacket(hmac, {}, [])))).toBe(`99838caa${'00'.repeat(32)}f0f0f0f0000000340000000039b7019c`);
});

test('what is given is sent as given', () => {
  const given = { protocol_id: 1, id: 2, flags: 0xffff, size: 3, sequence: 4, payload_size: 5, checksum: 6 };
  expect(toHex(build(channelPacket(hmac, given, [raw(fromHex('0a'))])))).toBe(
    `00000001${'00'.repeat(32)}00000002ffff0003000400050a00000006`,
  );
});

test('halves and flags can be given apart', () => {
  const given = { initiator: 0x1111, responder: 0x2222, 'flags.encrypted': true, 'flags.spin': true };
  expect(toHex(build(channelPacket(hmac, given, []))).slice(72, 84)).toBe('111122220003');
  expect(toHex(build(channelPacket(channeler, given, []))).slice(72, 84)).toBe('222211110003');
});

test.each([
  // padding, its bytes
  [1, '01'],
  [254, 'fe'.repeat(254)],
  [255, '00'.repeat(255)],
  [256, '01'.repeat(256)],
])('%i bytes of padding have that value, modulo 255', (padding, hex) => {
  const packet = build(channelPacket(hmac, {}, [], { padding }));
  expect(toHex(packet.subarray(48, -4))).toBe(hex);
  expect(packet).toEqual(build(channelPacket(hmac, {}, [], { paddedTo: 52 + padding })));
});

test('a packet that is larger than it should be padded to is not cut', () => {
  expect(channelPacket(hmac, {}, [raw(new Uint8Array(10))], { paddedTo: 60 }).size).toBe(62);
});

test('a length of DATA is that of its bytes unless given', () => {
  const bytes = fromHex('aabb');
  expect(toHex(build(data(hmac, bytes)))).toBe('1402aabb');
  expect(toHex(build(message(hmac, 'DATA', { length: 300, data: bytes })))).toBe('14812caabb');
  expect(toHex(build(message(hmac, 'DATA')))).toBe('1400');
  expect(toHex(build(data(hmac, new Uint8Array(300))))).toBe(`14812c${'00'.repeat(300)}`);
});

test('a message takes the fields that its dialect has', () => {
  const given = { id, ack: 1, cookie2: fromHex('01020304'), caps: 0xffff };
  expect(toHex(build(message(dialectNamed('seqno'), 'CHANNEL_FINALIZE', given)))).toBe('0c1a2b3c4d0001');
  expect(toHex(build(message(channeler, 'CHANNEL_FINALIZE', given)))).toBe('0c3c4d1a2b01020304ffff');
});

test('a message that the dialect lacks is refused, but can be written by its number', () => {
  expect(() => message(channeler, 'CHANNEL_CLOSE')).toThrow(new RangeError('channeler has no CHANNEL_CLOSE'));
  expect(toHex(build(unknownMessage(14, fromHex('0000'))))).toBe('0e0000');
  expect(toHex(build(unknownMessage(300, new Uint8Array(0))))).toBe('812c');
});

test('cookies come only from known secrets', () => {
  expect(cookiesOf(hmac, { initiator: roles.initiator, responder: roles.responder }, id)).toEqual({});
  expect(cookiesOf(dialectNamed('seqno'), roles, id)).toEqual({});
});

test.each([
  ['hmac', 1, 0, 89],
  ['hmac', 3, 0, 163],
  ['hmac', 0, 2, 110],
  ['channeler', 2, 0, 78],
  ['channeler', 0, 2, 0],
] as const)('%s pads %i NEW and %i FINALIZE to at least %i bytes', (name, news, finals, least) => {
  expect(leastSize(dialectNamed(name), news, finals)).toBe(least);
});

test('parts are joined back to back', () => {
  expect(toHex(build(joined([raw(fromHex('01')), nothing, raw(fromHex('0203'))])))).toBe('010203');
});

describe('fields over the same bytes', () => {
  const dialect = dialectNamed('hmac');
  const headerOf = (given: Parameters<typeof channelPacket>[1]) =>
    toHex(build(channelPacket(dialect, given, [])).subarray(36, 44));

  test.each([
    // the order in which they are given does not count: the whole comes first
    [{ initiator: 0x1234, id: 0xaaaabbbb }, '1234bbbb 0000 0034'],
    [{ id: 0xaaaabbbb, initiator: 0x1234 }, '1234bbbb 0000 0034'],
    [{ responder: 0x1234, initiator: 0x5678 }, '56781234 0000 0034'],
    [{ 'flags.spin': true, flags: 0x8001 }, 'f0f0f0f0 8003 0034'],
    [{ flags: 0x8003, 'flags.spin': false }, 'f0f0f0f0 8001 0034'],
  ])('%j reads %s', (given, hex) => {
    expect(headerOf(given)).toBe(hex.replaceAll(' ', ''));
  });
});

describe('many packets from one builder', () => {
  const dialect = dialectNamed('hmac');
  const packetOf = (size: number) =>
    channelPacket(dialect, { id: 0x12345678, sequence: size }, [data(dialect, new Uint8Array(size).fill(size))]);
  const sizes = Array.from({ length: 400 }, (_, at) => (at % 50 === 49 ? 5000 : (at * 37) % 900));

  test('are those that `build` makes, and stay as they are while others follow', () => {
    const make = builder();
    const made = sizes.map((size) => make(packetOf(size)));
    expect(made.map(toHex)).toEqual(sizes.map((size) => toHex(build(packetOf(size)))));
  });
});
