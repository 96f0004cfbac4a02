import { modeOf } from '../../../dissectors/channel/capabilities.js';
import type { ChannelPacket } from '../../../dissectors/channel/dissect.js';
import type { LayerName } from '../../../dissectors/layer.js';
import type { Field } from '../../../dissectors/wire/field.js';
import { severityOf } from '../../../dissectors/wire/finding.js';
import { ownersOf, tellerFor } from '../../print/accessor.js';
import { JsonShapes } from '../../print/json-shape.js';
import { fieldNamed } from '../../print/known-fields.js';
import type { Packet } from '../../print/packet.js';
import { tellAfter, tellColumns, tellFrame } from '../../print/tell-packet.js';
import { BASE, type Origin, setBase, setChannelId } from './base.js';
import type { Batch } from './batch.js';
import type { ColumnSpec } from './column.js';
import { columnTypeOf, FieldColumns, placesOf } from './field-columns.js';

/** Columns of what the tracker says of a packet, and of the packet as a whole. */
const OF_PACKETS = [
  { name: 'frame.len', type: 'int64', about: 'Bytes on the wire.' },
  { name: 'frame.cap_len', type: 'int64', about: 'Bytes captured.' },
  { name: 'frame.protocols', type: 'string', about: 'The layers, with colons between them.' },
  { name: 'channel.id', type: 'string', about: 'The first channel that the packet touches.' },
  { name: 'channel.state', type: 'string', about: 'Its state after the packet.' },
  { name: 'channel.mode', type: 'string', about: 'Its mode, once it is known.' },
  { name: 'handshake.number', type: 'int64', about: 'The first handshake that the packet is a message of.' },
  { name: 'handshake.kind', type: 'string', about: 'Its protocol.' },
  { name: 'handshake.state', type: 'string', about: 'Its state after the packet.' },
  { name: 'handshake.cookie.status', type: 'string', about: 'The verdict on its returned cookie so far.' },
  { name: 'handshake.proof.status', type: 'string', about: 'The verdict on its proof so far.' },
  { name: 'chan.checksum.status', type: 'string', about: 'Whether the checksum of the channel packet is right.' },
  { name: 'chan.msg.type', type: 'string', about: 'The first message; all are in the table `messages`.' },
  { name: 'expert.severity', type: 'string', about: 'The first finding; all are in the table `findings`.' },
  { name: 'expert.code', type: 'string', about: 'Its code.' },
] as const satisfies readonly ColumnSpec[];

/** Fields of layers that are columns without being asked for: the first value of each in a packet. */
const OF_LAYERS = [
  ...['eth.src', 'eth.dst', 'vlan.id', 'ip.src', 'ip.dst', 'ip.ttl', 'ipv6.src', 'ipv6.dst', 'ipv6.hlim'],
  ...['udp.srcport', 'udp.dstport', 'tcp.srcport', 'tcp.dstport', 'tcp.flags', 'tcp.seq_raw', 'tcp.ack_raw', 'tcp.len'],
  ...['sctp.srcport', 'sctp.dstport', 'icmp.type', 'icmp.code', 'icmpv6.type', 'icmpv6.code'],
  ...['chan.dialect', 'chan.sender', 'chan.recipient', 'chan.id', 'chan.sequence', 'chan.payload_size'],
] as const;

/** What tells the layers of a name, if they have a wanted field. */
type Teller = ReturnType<typeof tellerFor>;

/** A field as a column. */
function fieldColumn(name: string): ColumnSpec {
  const field: Field | undefined = fieldNamed(name);
  if (!field) throw new Error(`no such field: ${name}`);
  return { name, type: columnTypeOf(field), about: `${field.label}.` };
}

/** The columns of the table of packets. @param more fields besides, which are known */
export function packetColumns(more: readonly string[]): readonly ColumnSpec[] {
  const known = [...BASE, ...OF_PACKETS, ...OF_LAYERS.map(fieldColumn)];
  const names = new Set(known.map(({ name }) => name));
  return [...known, ...[...new Set(more)].filter((name) => !names.has(name)).map(fieldColumn)];
}

/** Fills the rows of the table of packets. */
export class PacketRows {
  readonly #fields: FieldColumns;
  readonly #tellers = new Map<LayerName, Teller>();
  /** What tells fields that belong to no layer, where some are wanted. */
  readonly #wholes: ((packet: Packet, sink: FieldColumns) => void)[] = [];
  readonly #place: Readonly<Record<(typeof OF_PACKETS)[number]['name'], number>>;
  readonly #shapes = new JsonShapes();
  #order: readonly LayerName[] = [];
  #protocols = '';

  constructor(specs: readonly ColumnSpec[]) {
    const places = placesOf(
      specs,
      OF_PACKETS.map(({ name }) => name),
    );
    this.#place = Object.fromEntries(places) as Record<(typeof OF_PACKETS)[number]['name'], number>;
    const wanted = specs.slice(BASE.length + OF_PACKETS.length).map(({ name }) => name);
    this.#fields = new FieldColumns(specs, wanted);
    const ofHead = (...heads: readonly string[]) => wanted.some((name) => heads.includes(name.split('.', 1)[0] ?? ''));
    if (ofHead('frame')) this.#wholes.push(tellFrame);
    if (ofHead('_ws')) this.#wholes.push(tellColumns);
    if (ofHead('channel', 'handshake', 'expert')) this.#wholes.push(tellAfter);
    const byOwner = new Map<LayerName, string[]>();
    for (const path of wanted) {
      for (const owner of ownersOf(path)) byOwner.set(owner, [...(byOwner.get(owner) ?? []), path]);
    }
    for (const [owner, paths] of byOwner) this.#tellers.set(owner, tellerFor(paths));
  }

  take(packet: Packet, origin: Origin, file: string, batch: Batch): void {
    const row = batch.add();
    const { facts, dissection, wire, captured } = packet;
    const place = this.#place;
    const [channel] = facts.channels;
    setBase(batch, row, file, origin, channel?.number);
    batch.setNumber(row, place['frame.len'], wire);
    batch.setNumber(row, place['frame.cap_len'], captured);
    batch.setText(row, place['frame.protocols'], this.#protocolsOf(packet));
    if (channel) {
      setChannelId(batch, row, place['channel.id'], channel);
      batch.setText(row, place['channel.state'], channel.state);
      if (channel.caps !== undefined) batch.setText(row, place['channel.mode'], modeOf(channel.caps));
    }
    const handshake = facts.handshakes?.[0];
    if (handshake) {
      batch.setNumber(row, place['handshake.number'], handshake.number);
      batch.setText(row, place['handshake.kind'], handshake.kind);
      batch.setText(row, place['handshake.state'], handshake.state);
      batch.setText(row, place['handshake.cookie.status'], handshake.cookieStatus);
      batch.setText(row, place['handshake.proof.status'], handshake.proofStatus);
    }
    const finding = dissection.findings[0] ?? facts.findings[0];
    if (finding) {
      batch.setText(row, place['expert.severity'], severityOf(finding));
      batch.setText(row, place['expert.code'], finding.code);
    }
    this.#fields.begin(batch, row);
    for (const tell of this.#wholes) tell(packet, this.#fields);
    for (const layer of dissection.layers) {
      this.#tellers.get(layer.name)?.(packet, layer, this.#fields);
      if (layer.facts?.type === 'channel') this.#setChannelPacket(batch, row, layer.facts.packet);
    }
  }

  /** What is told of a channel packet where no field is: of a checksum that was not captured, of an unknown message. */
  #setChannelPacket(batch: Batch, row: number, { checksumStatus, messages }: ChannelPacket): void {
    batch.setText(row, this.#place['chan.checksum.status'], checksumStatus);
    const [message] = messages;
    if (message) batch.setText(row, this.#place['chan.msg.type'], message.kind?.name ?? `${message.code}`);
  }

  /** The layers as text; most packets have those of the one before. */
  #protocolsOf({ dissection }: Packet): string {
    const { order } = this.#shapes.of(dissection.layers);
    if (order !== this.#order) {
      this.#order = order;
      this.#protocols = order.join(':');
    }
    return this.#protocols;
  }
}
