import { modeOf } from '../../../dissectors/channel/capabilities.js';
import { DIALECTS } from '../../../dissectors/channel/dialects.js';
import type { ChannelPacket, Message } from '../../../dissectors/channel/dissect.js';
import { idText } from '../../../dissectors/channel/dissect.js';
import { numberOf } from '../../../dissectors/channel/explain.js';
import type { MessageKind } from '../../../dissectors/channel/messages.js';
import type { Field } from '../../../dissectors/wire/field.js';
import type { Placed } from '../../../dissectors/wire/layout.js';
import { tellLayout } from '../../../dissectors/wire/sink.js';
import { type Statuses, statusesOf } from '../../print/cookie-statuses.js';
import type { Packet } from '../../print/packet.js';
import { tellLayerOf } from '../../print/tell-layer.js';
import type { Touched } from '../../track/facts.js';
import { BASE, type Origin, setBase, setChannelId } from './base.js';
import type { Batch } from './batch.js';
import type { ColumnSpec } from './column.js';
import { columnTypeOf, FieldColumns, placesOf } from './field-columns.js';

const OF_ENVELOPES = [
  { name: 'channel.id', type: 'string', about: 'The channel, as far as its id is known after the packet.' },
  { name: 'channel.state', type: 'string', about: 'Its state after the packet.' },
  { name: 'chan.dialect', type: 'string', about: 'The dialect of the channel packet.' },
  { name: 'chan.sender', type: 'string', about: 'The peer that sent it.' },
  { name: 'chan.recipient', type: 'string', about: 'The peer that it was sent to.' },
  { name: 'chan.id', type: 'string', about: 'The channel in its header; handshakes are on the default channel.' },
  { name: 'chan.sequence', type: 'int32', about: 'Its sequence number.' },
  { name: 'chan.msg.number', type: 'int32', about: 'The place of the message among those of the frame, from 1.' },
  { name: 'chan.msg.type', type: 'string', about: 'The kind of the message; of an unknown kind its code.' },
  { name: 'chan.msg.id', type: 'string', about: 'The channel that a handshake message names in its body.' },
  { name: 'chan.msg.stop', type: 'string', about: 'Why the message could not be read to its end.' },
  { name: 'chan.caps.mode', type: 'string', about: 'What the capabilities come to.' },
] as const satisfies readonly ColumnSpec[];

type EnvelopeColumn = (typeof OF_ENVELOPES)[number]['name'];

/** Who sent the packet to whom, as the network has it: the outermost addresses, as in the table of packets. */
const OF_NETWORKS: readonly ColumnSpec[] = [
  { name: 'ip.src', type: 'string', about: 'The address that the packet came from.' },
  { name: 'ip.dst', type: 'string', about: 'The address that it went to.' },
  { name: 'ipv6.src', type: 'string', about: 'The same over IPv6.' },
  { name: 'ipv6.dst', type: 'string', about: 'The same over IPv6.' },
];

/** The fields of all messages but their data, each with the statuses of cookies behind it. */
const OF_BODIES: readonly ColumnSpec[] = bodyColumns();

function bodyColumns(): readonly ColumnSpec[] {
  const fields = new Map<string, Placed<Field>>();
  for (const { body } of DIALECTS.flatMap(({ messages }) => messages)) {
    for (const field of body.list) if (field.key !== 'id' && field.key !== 'data') fields.set(field.path, field);
  }
  return [...fields].flatMap(([name, field]): readonly ColumnSpec[] => {
    const own: ColumnSpec = { name, type: columnTypeOf(field), about: `${field.label}.` };
    if (!field.key.startsWith('cookie')) return [own];
    return [own, { name: `${name}.status`, type: 'string', about: `The verdict on ${field.label.toLowerCase()}.` }];
  });
}

/** The columns of the table of messages. */
export const MESSAGE_COLUMNS: readonly ColumnSpec[] = [...BASE, ...OF_NETWORKS, ...OF_ENVELOPES, ...OF_BODIES];

/** A cookie in the body of a kind of message, and the column of its verdict. */
interface CookieColumn {
  readonly offset: number;
  readonly end: number;
  readonly column: number;
}

/** Fills the rows of the table of messages: one for each message of channel packets. */
export class MessageRows {
  readonly #place: Readonly<Record<EnvelopeColumn, number>>;
  readonly #fields: FieldColumns;
  readonly #cookies: ReadonlyMap<MessageKind, readonly CookieColumn[]>;

  constructor() {
    const places = placesOf(
      MESSAGE_COLUMNS,
      MESSAGE_COLUMNS.map(({ name }) => name),
    );
    this.#place = Object.fromEntries(places) as Record<EnvelopeColumn, number>;
    const bodies = OF_BODIES.map(({ name }) => name).filter((name) => !name.endsWith('.status'));
    this.#fields = new FieldColumns(MESSAGE_COLUMNS, [
      ...OF_NETWORKS.map(({ name }) => name),
      ...OF_HEADERS,
      ...bodies,
    ]);
    const kinds = DIALECTS.flatMap(({ messages }) => messages);
    this.#cookies = new Map(kinds.map((kind) => [kind, cookieColumns(kind, places)]));
  }

  take(packet: Packet, origin: Origin, file: string, batch: Batch): void {
    const { channels } = packet.dissection;
    if (channels.length === 0) return;
    const statuses = statusesOf(packet);
    let number = 0;
    for (const channel of channels) {
      for (const message of channel.messages) {
        const touched = touchedBy(packet.facts.channels, channel, message);
        const row = batch.add();
        setBase(batch, row, file, origin, touched?.number);
        this.#fields.begin(batch, row);
        for (const layer of packet.dissection.layers) {
          if (layer.name === 'ip' || layer.name === 'ipv6') tellLayerOf(packet, layer, this.#fields);
        }
        this.#setEnvelope(batch, row, channel, touched);
        this.#setMessage(batch, row, channel, message, ++number);
        this.#setBody(batch, row, channel, message, statuses);
      }
    }
  }

  #setEnvelope(batch: Batch, row: number, packet: ChannelPacket, touched: Touched | undefined): void {
    const place = this.#place;
    const { view, at, dialect, limit, sequence } = packet;
    if (touched) {
      setChannelId(batch, row, place['channel.id'], touched);
      batch.setText(row, place['channel.state'], touched.state);
    }
    batch.setText(row, place['chan.dialect'], dialect.name);
    batch.setNumber(row, place['chan.sequence'], sequence);
    tellLayout(this.#fields, dialect.header, view, at, limit);
  }

  #setMessage(batch: Batch, row: number, packet: ChannelPacket, message: Message, number: number): void {
    const place = this.#place;
    const { kind, code, stop } = message;
    batch.setNumber(row, place['chan.msg.number'], number);
    batch.setText(row, place['chan.msg.type'], kind?.name ?? `${code}`);
    batch.setText(row, place['chan.msg.stop'], stop?.why);
    const id = numberOf(packet, message, 'id');
    if (id >= 0) batch.setNumbered(row, place['chan.msg.id'], id, idText);
    const caps = numberOf(packet, message, 'caps');
    if (caps >= 0) batch.setText(row, place['chan.caps.mode'], modeOf(caps));
  }

  #setBody(batch: Batch, row: number, packet: ChannelPacket, message: Message, statuses: Statuses): void {
    const { kind, body, end } = message;
    if (!kind) return;
    tellLayout(this.#fields, kind.body, packet.view, body, { captured: end, wire: end });
    for (const cookie of this.#cookies.get(kind) ?? []) {
      if (body + cookie.end <= end) batch.setText(row, cookie.column, statuses(packet, body + cookie.offset));
    }
  }
}

/** Fields of the header that are columns. */
const OF_HEADERS = ['chan.sender', 'chan.recipient', 'chan.id'] as const;

const cookieColumns = ({ body }: MessageKind, places: ReadonlyMap<string, number>): readonly CookieColumn[] =>
  body.list.flatMap(({ path, offset, size }) => {
    const column = places.get(`${path}.status`);
    return column === undefined ? [] : [{ offset, end: offset + Number(size), column }];
  });

/** The channel that a message is about, of those that its packet touches. */
function touchedBy(channels: readonly Touched[], packet: ChannelPacket, message: Message): Touched | undefined {
  if (channels.length < 2) return channels[0];
  const own = numberOf(packet, message, 'id');
  const id = own < 0 ? (packet.id ?? -1) : own;
  const half = numberOf(packet, message, 'c1');
  return (
    channels.find(({ c1, c2 }) => c2 !== undefined && c1 === id >>> 16 && c2 === (id & 0xffff)) ??
    channels.find(({ c1 }) => c1 === (half < 0 ? id >>> 16 : half))
  );
}
