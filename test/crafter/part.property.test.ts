import fc from 'fast-check';
import { expect, test } from 'vitest';
import { channelPacket, type MessageGiven, message } from '../../crafter/channel-part.js';
import { build } from '../../crafter/part.js';
import { DIALECTS, dialectOf } from '../../dissectors/channel/dialects.js';
import { dissectChannel } from '../../dissectors/channel/dissect.js';
import type { MessageKind } from '../../dissectors/channel/messages.js';
import { privateHeader } from '../../dissectors/channel/packet.js';
import type { Field, Value } from '../../dissectors/wire/field.js';
import { decode } from '../../dissectors/wire/message.js';
import { viewOf } from '../../dissectors/wire/view.js';

const half = fc.integer({ min: 0, max: 0xffff });
const whole = fc.integer({ min: 0, max: 0xffff_ffff });
const peer = fc.uint8Array({ minLength: 16, maxLength: 16 });

/** Any value that a field of a message can hold. */
function anyValueOf({ kind, size, label }: Field): fc.Arbitrary<Value> {
  if (label === 'Data') return fc.uint8Array({ maxLength: 300 });
  if (kind === 'bytes' && typeof size === 'number') return fc.uint8Array({ minLength: size, maxLength: size });
  return size === 4 ? whole : half;
}

/** Fields that lie on their own bytes; lengths follow from the data. */
const ownFields = ({ body }: MessageKind) => body.list.filter(({ kind, key }) => kind !== 'bool' && key !== 'length');

const givenFor = (kind: MessageKind): fc.Arbitrary<Record<string, Value>> =>
  fc.record(Object.fromEntries(ownFields(kind).map((field) => [field.key, anyValueOf(field)])));

const dialects = fc.constantFrom(...DIALECTS);

test('what the crafter builds, the dissector reads back', () => {
  const packets = dialects.chain((dialect) =>
    fc.record({
      dialect: fc.constant(dialect),
      header: fc.record({ sender: peer, recipient: peer, id: whole, sequence: half }),
      padding: fc.nat(600),
      messages: fc.array(
        fc.constantFrom(...dialect.messages).chain((kind) => fc.tuple(fc.constant(kind), givenFor(kind))),
        { maxLength: 6 },
      ),
    }),
  );
  fc.assert(
    fc.property(packets, ({ dialect, header, padding, messages }) => {
      const parts = messages.map(([{ name }, given]) => message(dialect, name, given as MessageGiven));
      const view = viewOf(build(channelPacket(dialect, header, parts, { padding })));
      const limit = { captured: view.byteLength, wire: view.byteLength };
      const packet = dissectChannel(view, 0, limit);
      expect(packet).toMatchObject({ dialect, id: header.id, size: limit.wire, flags: 0, padding });
      expect(packet).toMatchObject({ sequence: header.sequence, checksumStatus: 'good' });
      expect(packet.stop).toBeUndefined();
      expect(decode(dialect.header, view, 0)).toMatchObject({ sender: header.sender, recipient: header.recipient });
      const read = packet.messages.map(({ kind, body }) => [kind, kind && decode(kind.body, view, body)]);
      const given = messages.map(([kind, values]) => [kind, values]);
      expect(read).toMatchObject(given);
    }),
  );
});

test('what is given is what is read, whatever it is', () => {
  const given = fc.record(
    { protocol_id: whole, id: whole, flags: half, size: half, sequence: half, payload_size: half, checksum: whole },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(dialects, given, fc.nat(40), (dialect, header, padding) => {
      const bytes = build(channelPacket(dialect, header, [], { padding }));
      const view = viewOf(bytes);
      const read = {
        ...decode(dialect.header, view, 0),
        ...decode(privateHeader, view, dialect.header.size),
        checksum: view.getUint32(bytes.length - 4),
      };
      expect(read).toMatchObject(header);
      if (header.protocol_id === undefined) expect(dialectOf(read.protocol_id)).toBe(dialect);
    }),
  );
});
