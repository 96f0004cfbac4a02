import { modeOf } from '../../../dissectors/channel/capabilities.js';
import { DIALECTS } from '../../../dissectors/channel/dialects.js';
import type { ChannelPacket, Message } from '../../../dissectors/channel/dissect.js';
import { idText } from '../../../dissectors/channel/dissect.js';
import { numberOf } from '../../../dissectors/channel/explain.js';
import type { Field } from '../../../dissectors/wire/field.js';
import { locate, type Placed } from '../../../dissectors/wire/layout.js';
import { hexOf } from '../../../dissectors/wire/view.js';
import { type Statuses, statusesOf } from '../../print/cookie-statuses.js';
import { textOf } from '../../print/field-texts.js';
import type { Packet } from '../../print/packet.js';
import { channelIdText } from '../../track/channel.js';
import type { Touched } from '../../track/facts.js';
import { BASE, type Origin, setBase } from './base.js';
import type { Batch } from './batch.js';
import type { ColumnSpec } from './column.js';
import { columnTypeOf, placesOf } from './field-columns.js';

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

/** The fields of all messages but their data, each with the statuses of cookies behind it. */
const OF_BODIES: readonly ColumnSpec[] = bodyColumns();

function bodyColumns(): readonly ColumnSpec[] {
  const fields = new Map<string, Placed<Field>>();
  for (const { body } of DIALECTS.flatMap(({ messages }) => messages)) {
    for (const field of body.list) if (field.key !== 'id' && field.key !== 'data') fields.set(field.path, field);
  }
  return [...fields].flatMap(([name, field]): readonly ColumnSpec[] => {
    const own: ColumnSpec = { name, type: columnTypeOf(name, field), about: `${field.label}.` };
    if (!field.key.startsWith('cookie')) return [own];
    return [own, { name: `${name}.status`, type: 'string', about: `The verdict on ${field.label.toLowerCase()}.` }];
  });
}

/** The columns of the table of messages. */
export const MESSAGE_COLUMNS: readonly ColumnSpec[] = [...BASE, ...OF_ENVELOPES, ...OF_BODIES];

/** Fills the rows of the table of messages: one for each message of channel packets. */
export class MessageRows {
  readonly #place: Readonly<Record<EnvelopeColumn, number>>;
  readonly #bodies: ReadonlyMap<string, number>;

  constructor() {
    this.#place = Object.fromEntries(
      placesOf(
        MESSAGE_COLUMNS,
        OF_ENVELOPES.map(({ name }) => name),
      ),
    ) as Record<EnvelopeColumn, number>;
    this.#bodies = placesOf(
      MESSAGE_COLUMNS,
      OF_BODIES.map(({ name }) => name),
    );
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
        this.#setEnvelope(batch, row, channel, touched);
        this.#setMessage(batch, row, channel, message, ++number);
        this.#setBody(batch, row, channel, message, statuses);
      }
    }
  }

  #setEnvelope(batch: Batch, row: number, packet: ChannelPacket, touched: Touched | undefined): void {
    const place = this.#place;
    const { view, at, dialect, id, sequence } = packet;
    const { sender, recipient } = dialect.header.fields;
    if (touched) {
      batch.setText(row, place['channel.id'], channelIdText(touched.c1, touched.c2));
      batch.setText(row, place['channel.state'], touched.state);
    }
    batch.setText(row, place['chan.dialect'], dialect.name);
    if (id === undefined) return;
    const peerAt = (from: number) => hexOf(view, at + from, at + from + PEER_SIZE);
    batch.setText(row, place['chan.sender'], peerAt(sender.offset));
    batch.setText(row, place['chan.recipient'], peerAt(recipient.offset));
    batch.setText(row, place['chan.id'], idText(id));
    batch.setNumber(row, place['chan.sequence'], sequence);
  }

  #setMessage(batch: Batch, row: number, packet: ChannelPacket, message: Message, number: number): void {
    const place = this.#place;
    const { kind, code, stop } = message;
    batch.setNumber(row, place['chan.msg.number'], number);
    batch.setText(row, place['chan.msg.type'], kind?.name ?? `${code}`);
    const id = numberOf(packet, message, 'id');
    if (id >= 0) batch.setText(row, place['chan.msg.id'], idText(id));
    batch.setText(row, place['chan.msg.stop'], stop?.why);
    const caps = numberOf(packet, message, 'caps');
    if (caps >= 0) batch.setText(row, place['chan.caps.mode'], modeOf(caps));
  }

  #setBody(batch: Batch, row: number, packet: ChannelPacket, message: Message, statuses: Statuses): void {
    const { kind, body, end } = message;
    if (!kind) return;
    for (const { field, start, value } of locate(kind.body, packet.view, body, { captured: end, wire: end }).located) {
      const place = this.#bodies.get(field.path);
      if (place === undefined) continue;
      if (typeof value === 'boolean') batch.setNumber(row, place, value ? 1 : 0);
      else if (typeof value === 'number' && field.kind === 'uint') batch.setNumber(row, place, value);
      else batch.setText(row, place, textOf(field, value));
      if (field.key.startsWith('cookie')) batch.setText(row, place + 1, statuses(packet, start));
    }
  }
}

const PEER_SIZE = 16;

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
