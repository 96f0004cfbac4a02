import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writePacketJson } from '../../../analyzer/print/json.js';
import { jsonMemory } from '../../../analyzer/print/json-memory.js';
import type { Packet } from '../../../analyzer/print/packet.js';
import { PLAIN_LAYOUTS } from '../../../analyzer/print/plain-layer.js';
import { Utf8Text } from '../../../analyzer/print/utf8-text.js';
import { STATES } from '../../../analyzer/track/channel.js';
import { channelPacket, data, message, unknownMessage } from '../../../crafter/channel-part.js';
import { ethernet } from '../../../crafter/link-part.js';
import { ipv4 } from '../../../crafter/network-part.js';
import { build, type Part } from '../../../crafter/part.js';
import { udp } from '../../../crafter/transport-part.js';
import { DIALECTS, type Dialect } from '../../../dissectors/channel/dialects.js';
import { DEFAULT_CHANNEL, ENCRYPTED } from '../../../dissectors/channel/packet.js';
import { type Dissection, dissectAny } from '../../../dissectors/dissect.js';
import { liveReassembly } from '../../../dissectors/reassembly/reassembly.js';
import { dissectUsual } from '../../../dissectors/usual.js';
import { plainText } from '../../../dissectors/wire/line.js';
import { viewOf } from '../../../dissectors/wire/view.js';

const bytesOf = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
const u16 = fc.nat(0xffff);
const u32 = fc.oneof(fc.integer({ min: 0, max: 0xffffffff }), fc.nat(1200), fc.constantFrom(0, 9, 10, 99, 100, 999));

const messagesOf = (dialect: Dialect): fc.Arbitrary<Part> => {
  const known = dialect.messages.map(({ name }) => name);
  const given = fc.record({ next: u16, received: u32, window: u16, reason: fc.nat(6), c1: u16, caps: fc.nat(7) });
  return fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => data(dialect, bytes)),
    fc.tuple(fc.constantFrom(...known), given).map(([name, values]) => message(dialect, name, values)),
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 4 }).map((bytes) => unknownMessage(99, bytes)) },
  );
};

const frames = fc.constantFrom(...DIALECTS).chain((dialect) =>
  fc.record({
    dialect: fc.constant(dialect),
    eth: fc.record({ src: bytesOf(6), dst: bytesOf(6) }),
    ip: fc.record({
      ...{ src: u32, dst: u32, id: u16, ttl: fc.nat(255), dsfield: fc.nat(255) },
      ...{ 'flags.df': fc.boolean(), 'flags.rb': fc.boolean() },
    }),
    ports: fc.record({ srcport: u16, dstport: u16 }),
    header: fc.record({
      ...{ sender: bytesOf(16), recipient: bytesOf(16), id: fc.oneof(u32, fc.constant(DEFAULT_CHANNEL)) },
      ...{ flags: fc.constantFrom(0, 0, 0, 2, ENCRYPTED, 0x8000), sequence: u16 },
    }),
    messages: fc.array(messagesOf(dialect), { maxLength: 4 }),
    padding: fc.nat(40),
    trailer: fc.nat(20),
  }),
);

interface Shown {
  readonly dissection: Dissection;
  readonly rest: Omit<Packet, 'dissection'>;
}

const facts = fc.record({
  number: u32,
  seconds: fc.oneof(fc.nat(4_000_000_000), fc.constantFrom(-1, 0, 0.5, 253_402_300_800, 9_000_000_000_000)),
  nanos: fc.oneof(fc.nat(999_999_999), fc.constantFrom(0, 1_000_000_000)),
  wire: u32,
  captured: u32,
  on: fc.option(fc.record({ name: fc.option(fc.string({ unit: 'grapheme', maxLength: 600 }), { nil: undefined }) }), {
    nil: undefined,
  }),
  comments: fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.constant(['seen']) }),
  channels: fc.array(
    fc.record({
      ...{ number: u32, c1: u16, c2: fc.option(u16, { nil: undefined }), state: fc.constantFrom(...STATES) },
      caps: fc.option(fc.nat(7), { nil: undefined }),
    }),
    { maxLength: 3 },
  ),
});

const jsonOf = ({ dissection, rest }: Shown): string => {
  const into = new Utf8Text(64);
  writePacketJson({ ...rest, dissection }, into);
  return into.toString();
};

test('usual frames become the JSON that is written of all others', () => {
  let quick = 0;
  fc.assert(
    fc.property(frames, facts, (frame, { channels, on, ...given }) => {
      const { dialect, eth, ip, ports, header, messages, padding, trailer } = frame;
      const packet = channelPacket(dialect, header, messages, { padding });
      const bytes = build(ethernet(eth, ipv4(ip, udp(ports, packet)), 42 + packet.size + trailer));
      // Frames lie anywhere in a chunk of the capture.
      const view = viewOf(Uint8Array.from([1, 2, 3, ...bytes]));
      const limit = { captured: view.byteLength, wire: view.byteLength };
      const usual = dissectUsual(view, 3, limit, 1, 7, undefined);
      const any = dissectAny(view, 3, limit, 1, 7, liveReassembly(), {});
      const known = { channels, verdicts: [], findings: [] };
      const rest = { ...given, facts: known, on, secrets: [], timeline: undefined, links: undefined } as Shown['rest'];
      const expected = jsonOf({ dissection: any, rest });
      expect(JSON.parse(expected).frame.number).toBe(given.number);
      if (!usual) return;
      if (jsonMemory()?.usual({ ...rest, dissection: usual }, new Utf8Text())) quick++;
      expect(jsonOf({ dissection: usual, rest })).toBe(expected);
    }),
    { numRuns: 3000, seed: 4242 },
  );
  // The property says something only if many were written the quick way.
  expect(quick).toBeGreaterThan(1000);
});

test('a frame full of small messages is written whole', () => {
  const [dialect] = DIALECTS as readonly [Dialect, ...Dialect[]];
  const messages = Array.from({ length: 20_000 }, (_, at) => data(dialect, Uint8Array.of(at)));
  const header = { sender: new Uint8Array(16), recipient: new Uint8Array(16) };
  const bytes = build(ethernet({}, ipv4({}, udp({}, channelPacket(dialect, header, messages)))));
  const view = viewOf(bytes);
  const limit = { captured: view.byteLength, wire: view.byteLength };
  const dissection = dissectUsual(view, 0, limit, 1, 1, undefined);
  expect(dissection).toBeDefined();
  if (!dissection) return;
  const rest = {
    ...{ number: 1, seconds: 0, nanos: 0, captured: bytes.length, wire: bytes.length, on: undefined, comments: [] },
    ...{ facts: { channels: [], verdicts: [], findings: [] }, secrets: [], timeline: undefined, links: undefined },
  };
  const { chan } = JSON.parse(jsonOf({ dissection, rest }));
  expect(chan[0].messages).toHaveLength(20_000);
  expect(chan[0].messages.at(-1)).toEqual({ type: 'DATA', code: 20, length: 1, data: '1f' });
});

test.each(PLAIN_LAYOUTS.map((layout) => [layout.name, layout] as const))(
  '%s is written field by field',
  (_, layout) => {
    fc.assert(
      fc.property(bytesOf(layout.size), (bytes) => {
        const view = viewOf(Uint8Array.from([7, ...bytes]));
        const into = new Utf8Text(8);
        expect(jsonMemory()?.layer(layout, view, 1, into)).toBe(true);
        const written: Readonly<Record<string, unknown>> = JSON.parse(into.toString());
        expect(Object.keys(written).filter((key) => key !== 'checksum.status')).toEqual(
          layout.list.map(({ key }) => key),
        );
        for (const field of layout.list) {
          const { key, kind } = field;
          const value = field.read(view, 1);
          const plain = kind === 'uint' || kind === 'bool' ? value : plainText(field, value);
          expect([key, written[key]]).toEqual([key, plain]);
        }
      }),
    );
  },
);
