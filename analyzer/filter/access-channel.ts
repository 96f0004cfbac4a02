import { modeOf } from '../../dissectors/channel/capabilities.js';
import { DIALECTS } from '../../dissectors/channel/dialects.js';
import type { ChannelPacket, Message } from '../../dissectors/channel/dissect.js';
import type { MessageKind } from '../../dissectors/channel/messages.js';
import { DEFAULT_CHANNEL, PAYLOAD, privateHeader } from '../../dissectors/channel/packet.js';
import type { Field } from '../../dissectors/wire/field.js';
import { type Layout, locate, type Placed } from '../../dissectors/wire/layout.js';
import type { Packet } from '../print/packet.js';
import { cookiesOf } from '../track/cookie-fields.js';
import { type LayerReader, plainValue, type Visit } from './reader.js';

/** Shows the values that a field has in one channel packet. */
type ChannelReader = (channel: ChannelPacket, visit: Visit, packet: Packet) => boolean;

const PRIVATE = PAYLOAD - privateHeader.size;

const placeIn = (layout: Layout, path: string): Placed<Field> | undefined =>
  layout.list.find((field) => field.path === path);

const fits = ({ offset, size }: Placed<Field>, at: number, end: number): boolean =>
  at + offset + (typeof size === 'number' ? size : 0) <= end;

/** Reads a field of the public header, whose layout depends on the dialect. */
function headerReader(path: string): ChannelReader {
  const places = new Map(DIALECTS.map(({ header }) => [header as Layout, placeIn(header, path)]));
  return ({ dialect, view, at, limit }, visit) => {
    const field = places.get(dialect.header);
    return field !== undefined && fits(field, at, limit.captured) && visit(plainValue(field.read(view, at)));
  };
}

const privateReader =
  (field: Placed<Field>): ChannelReader =>
  ({ view, at, sequence, limit }, visit) =>
    sequence !== undefined &&
    fits(field, at + PRIVATE, limit.captured) &&
    visit(plainValue(field.read(view, at + PRIVATE)));

/** Reads a field of the messages, in their order. */
function messageReader(path: string): ChannelReader {
  const places = new Map<MessageKind, Placed<Field>>();
  for (const { messages } of DIALECTS) {
    for (const kind of messages) {
      const field = placeIn(kind.body, path);
      if (field) places.set(kind, field);
    }
  }
  const read = ({ view }: ChannelPacket, { kind, body, end }: Message, visit: Visit): boolean => {
    const field = kind && places.get(kind);
    if (!field || !kind) return false;
    if (kind.body.fixed) return fits(field, body, end) && visit(plainValue(field.read(view, body)));
    const { located } = locate(kind.body, view, body, { captured: end, wire: end });
    return located.some((place) => place.field.path === path && visit(plainValue(place.value)));
  };
  return (packet, visit) => packet.messages.some((message) => read(packet, message, visit));
}

/** The verdicts on cookies of one kind. */
const verdictReader =
  (key: string): ChannelReader =>
  (channel, visit, { dissection, facts }) =>
    facts.verdicts.length > 0 &&
    cookiesOf(dissection).some(({ packet, key: kind }, at) => {
      if (packet !== channel || kind !== key) return false;
      const verdict = facts.verdicts[at];
      return verdict !== undefined && visit(verdict.status);
    });

const capabilities = messageReader('chan.caps');

/** Fields that are worked out, or that stand where only the packet knows. */
const DERIVED: ReadonlyMap<string, ChannelReader> = new Map<string, ChannelReader>([
  ['chan.dialect', ({ dialect }, visit) => visit(dialect.name)],
  ['chan.default', ({ id }, visit) => id === DEFAULT_CHANNEL && visit(1)],
  ['chan.padding', ({ padding = 0 }, visit) => padding > 0 && visit(padding)],
  ['chan.checksum', ({ checksum }, visit) => checksum !== undefined && visit(checksum)],
  [
    'chan.checksum.status',
    ({ checksum, checksumStatus = 'unverified' }, visit) => checksum !== undefined && visit(checksumStatus),
  ],
  ['chan.msg.type', ({ messages }, visit) => messages.some(({ code }) => visit(code))],
  ['chan.caps.mode', (packet, visit, whole) => capabilities(packet, (bits) => visit(modeOf(Number(bits))), whole)],
  ['chan.cookie1.status', verdictReader('cookie1')],
  ['chan.cookie2.status', verdictReader('cookie2')],
  ['chan.cookie.status', verdictReader('cookie')],
]);

function readersOf(path: string): readonly ChannelReader[] {
  const derived = DERIVED.get(path);
  if (derived) return [derived];
  const inside = placeIn(privateHeader, path);
  const readers: ChannelReader[] = [];
  if (DIALECTS.some(({ header }) => placeIn(header, path))) readers.push(headerReader(path));
  if (inside) readers.push(privateReader(inside));
  if (DIALECTS.some(({ messages }) => messages.some(({ body }) => placeIn(body, path))))
    readers.push(messageReader(path));
  return readers;
}

/** What reads a field of channel packets where it stands. */
export function channelReader(path: string): LayerReader | undefined {
  const readers = readersOf(path);
  if (readers.length === 0) return undefined;
  const [first, second] = readers;
  return (packet, { facts }, visit) => {
    if (facts?.type !== 'channel') return false;
    if (first?.(facts.packet, visit, packet)) return true;
    return second?.(facts.packet, visit, packet) ?? false;
  };
}
