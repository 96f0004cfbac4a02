import { modeOf } from '../../dissectors/channel/capabilities.js';
import { DIALECTS } from '../../dissectors/channel/dialects.js';
import { type ChannelPacket, idText } from '../../dissectors/channel/dissect.js';
import { PAYLOAD, privateHeader } from '../../dissectors/channel/packet.js';
import type { LayerName } from '../../dissectors/layer.js';
import { usualHeader } from '../../dissectors/usual.js';
import type { Field } from '../../dissectors/wire/field.js';
import type { Layout, Placed } from '../../dissectors/wire/layout.js';
import { plainText } from '../../dissectors/wire/line.js';
import { epochTime } from '../text/elapsed.js';
import { channelIdText } from '../track/channel.js';
import { fieldValues, isHost, messageTypeText, pathsOf } from './fields.js';
import type { Packet } from './packet.js';
import { GOOD, PLAIN_LAYOUTS, plainLayout } from './plain-layer.js';
import { isoTime } from './time.js';
import type { Utf8Text } from './utf8-text.js';

/** A field as `-T fields` prints it. */
export interface Column {
  /** Its texts in a packet. */
  readonly texts: (packet: Packet) => readonly string[];
  /** Writes its text where it has one and that can be read where it stands; else writes nothing, and says so. */
  readonly write: (packet: Packet, into: Utf8Text) => boolean;
}

/** Fields of plain headers are read where they stand; for others the trees of the layers are made that they can be in. */
export function columnOf(name: string): Column {
  const paths = pathsOf(name);
  const only = paths.length === 1 ? paths[0] : undefined;
  const quick = (only && (ofPacket(only) ?? ofChannels(only))) || ofPlainLayer(paths);
  const tree = (packet: Packet) => fieldValues(packet, name).map(({ text }) => text);
  return {
    texts: quick ? (packet) => quick(packet) ?? tree(packet) : tree,
    write: (only && (numberWriter(only) ?? headerWriter(only))) || (() => false),
  };
}

/** Writes a number that is known of every packet. */
function numberWriter(path: string): Column['write'] | undefined {
  const write = (read: (packet: Packet) => number): Column['write'] => {
    return (packet, into) => {
      into.addNumber(read(packet));
      return true;
    };
  };
  switch (path) {
    case 'frame.number':
      return write(({ number }) => number);
    case 'frame.len':
      return write(({ wire }) => wire);
    case 'frame.cap_len':
      return write(({ captured }) => captured);
    default:
      return undefined;
  }
}

/** Writes a field of the headers of usual frames. */
function headerWriter(path: string): Column['write'] | undefined {
  for (const { name, list } of PLAIN_LAYOUTS) {
    const field = list.find((one) => one.path === path);
    const write = field && valueWriter(field);
    if (!write) continue;
    return ({ dissection }, into) => {
      const at = usualHeader(dissection, name as LayerName);
      const [channel] = dissection.channels;
      if (at < 0 || !channel) return false;
      write(channel.view, at, into);
      return true;
    };
  }
  return undefined;
}

type WriteValue = (view: DataView, at: number, into: Utf8Text) => void;

function valueWriter(field: Placed<Field>): WriteValue {
  if (field.kind === 'uint' && field.base === 'dec')
    return (view, at, into) => into.addNumber(Number(field.read(view, at)));
  if (field.kind === 'ipv4') return (view, at, into) => into.addIpv4(view.getUint32(at + field.offset));
  const read = readerOf(field);
  return (view, at, into) => into.add(read(view, at));
}

/** Says nothing of packets with anything unusual about them. */
type Quick = (packet: Packet) => readonly string[] | undefined;

/** Fields of the whole packet. */
function ofPacket(path: string): Quick | undefined {
  switch (path) {
    case 'frame.number':
      return ({ number }) => [`${number}`];
    case 'frame.time':
      return ({ seconds, nanos }) => [isoTime(seconds, nanos)];
    case 'frame.time_epoch':
      return ({ seconds, nanos }) => [epochTime(seconds, nanos)];
    case 'frame.len':
      return ({ wire }) => [`${wire}`];
    case 'frame.cap_len':
      return ({ captured }) => [`${captured}`];
    case 'channel.number':
      return ({ facts }) => facts.channels.map(({ number }) => `${number}`);
    case 'channel.id':
      return ({ facts }) => facts.channels.map(({ c1, c2 }) => channelIdText(c1, c2));
    case 'channel.state':
      return ({ facts }) => facts.channels.map(({ state }) => state);
    case 'channel.mode':
      return ({ facts }) => facts.channels.flatMap(({ caps }) => (caps === undefined ? [] : [modeOf(caps)]));
    default:
      return undefined;
  }
}

/** Fields of the headers that most packets have, in the order of their layout. */
function ofPlainLayer(paths: readonly string[]): Quick | undefined {
  const layout = PLAIN_LAYOUTS.find(({ name }) => paths[0]?.startsWith(`${name}.`));
  if (!layout) return undefined;
  const fields = layout.list.filter(({ path }) => paths.includes(path));
  const ofStatus = paths[0] === `${layout.name}.checksum.status`;
  // A name that other layers share is looked for in all of them.
  if (fields.length < paths.length && !ofStatus) return undefined;
  const readers = fields.map(readerOf);
  return (packet) => {
    const { layers, sources } = packet.dissection;
    let only: readonly string[] | undefined;
    for (const layer of layers) {
      // Another layer has fields of the same names: UDP-Lite those of UDP.
      if (layer.name !== layout.name && isHost(layer.name, layout.name)) return undefined;
      if (layer.name !== layout.name) continue;
      const view = sources[layer.source]?.view;
      // A layer that occurs twice is unusual as well.
      if (only || !view || plainLayout(packet, layer) !== layout) return undefined;
      only = ofStatus ? GOOD_TEXT : readers.map((read) => read(view, layer.at));
    }
    // Some layers have fields named after others.
    return only;
  };
}

const GOOD_TEXT: readonly string[] = [`${GOOD}`];

type ReadText = (view: DataView, at: number) => string;

const readerOf =
  (field: Placed<Field>): ReadText =>
  (view, at) =>
    plainText(field, field.read(view, at));

/**
 * Fields of whole channel packets: of the headers, the checksum and the types of the messages. A field that messages
 * have too is read where it stands unless there is such a message.
 */
function ofChannels(path: string): Quick | undefined {
  const codes = codesWith(path);
  const read = channelReader(path) ?? (codes.size > 0 ? () => {} : undefined);
  if (!read) return undefined;
  return ({ dissection }) => {
    const { channels, quoted } = dissection;
    if (quoted.length > 0) return undefined;
    const texts: string[] = [];
    for (const packet of channels) {
      if (packet.stop || packet.checksumStatus !== 'good' || packet.sequence === undefined) return undefined;
      if (codes.size > 0 && packet.messages.some(({ code }) => codes.has(code))) return undefined;
      read(packet, texts);
    }
    return texts;
  };
}

/** The types of the messages that have a field, in one dialect or another. */
const codesWith = (path: string): ReadonlySet<number> =>
  new Set(
    DIALECTS.flatMap(({ messages }) =>
      messages.filter(({ body }) => body.list.some((field) => field.path === path)).map(({ code }) => code),
    ),
  );

type ChannelReader = (packet: ChannelPacket, texts: string[]) => void;

function channelReader(path: string): ChannelReader | undefined {
  const header = headerReader(path) ?? privateReader(path);
  if (header) return (packet, texts) => texts.push(header(packet));
  switch (path) {
    case 'chan.dialect':
      return ({ dialect }, texts) => texts.push(dialect.name);
    case 'chan.checksum':
      return ({ checksum = 0 }, texts) => texts.push(idText(checksum));
    case 'chan.checksum.status':
      return ({ checksumStatus = '' }, texts) => texts.push(checksumStatus);
    case 'chan.msg.type':
      return ({ messages }, texts) => {
        for (const { code } of messages) texts.push(messageTypeText(code));
      };
    default:
      return undefined;
  }
}

function headerReader(path: string): ((packet: ChannelPacket) => string) | undefined {
  const readers = new Map<Layout, ReadText>();
  for (const { header } of DIALECTS) {
    const field = fieldIn(header, path);
    if (field) readers.set(header, readerOf(field));
  }
  return readers.size === 0 ? undefined : ({ dialect, view, at }) => readers.get(dialect.header)?.(view, at) ?? '';
}

const PRIVATE = PAYLOAD - privateHeader.size;

function privateReader(path: string): ((packet: ChannelPacket) => string) | undefined {
  const field = fieldIn(privateHeader, path);
  const read = field && readerOf(field);
  return read && (({ view, at }) => read(view, at + PRIVATE));
}

const fieldIn = ({ list }: Layout, path: string): Placed<Field> | undefined => list.find((one) => one.path === path);
