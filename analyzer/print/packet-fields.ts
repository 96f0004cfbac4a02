import { encapsulationName } from '../../dissectors/encapsulations.js';
import { linkTypeName } from '../../dissectors/link-types.js';
import { derived, type Field, named } from '../../dissectors/wire/field.js';
import type { Named } from '../../dissectors/wire/sink.js';
import { LINKS, type LinkName } from '../track/links.js';

/** The fields that tell how packets belong together. */
function linkFields(): Readonly<Record<LinkName, Field>> {
  const entries = Object.entries(LINKS).map(([name, label]) => [name, derived(label)]);
  return Object.fromEntries(entries) as Record<LinkName, Field>;
}

const DECLARED = {
  'frame.number': derived('Frame number'),
  'frame.time': derived('Arrival time', 'string'),
  'frame.time_epoch': derived('Epoch time', 'string'),
  'frame.time_relative': derived('Time since the first packet', 'string'),
  'frame.time_delta': derived('Time since the packet before', 'string'),
  'frame.time_delta_displayed': derived('Time since the packet shown before', 'string'),
  'frame.len': derived('Frame length'),
  'frame.cap_len': derived('Captured length'),
  'frame.file': derived('Capture', 'string'),
  'frame.interface_id': derived('Interface'),
  'frame.interface_name': derived('Interface name', 'string'),
  'frame.link_type': derived('Link type', 'uint', 'dec', linkTypeName),
  'frame.encap_type': derived('Encapsulation type', 'uint', 'dec', encapsulationName),
  'frame.protocols': derived('Layers', 'string'),
  'frame.comment': derived('Comment', 'string'),
  '_ws.col.number': derived('Column: number'),
  '_ws.col.time': derived('Column: time', 'string'),
  '_ws.col.source': derived('Column: source', 'string'),
  '_ws.col.destination': derived('Column: destination', 'string'),
  '_ws.col.protocol': derived('Column: protocol', 'string'),
  '_ws.col.length': derived('Column: length'),
  '_ws.col.info': derived('Column: info', 'string'),
  'data.data': derived('Data', 'bytes', 'hex'),
  'data.len': derived('Length'),
  'channel.number': derived('Channel number'),
  'channel.id': derived('Channel', 'string'),
  'channel.state': derived('State', 'string'),
  'channel.mode': derived('Mode', 'string'),
  'channel.outcome': derived('State in the end', 'string'),
  'handshake.number': derived('Handshake number'),
  'handshake.kind': derived('Protocol', 'string'),
  'handshake.state': derived('State', 'string'),
  'handshake.cookie.status': derived('Returned cookie', 'string'),
  'handshake.proof.status': derived('Proof', 'string'),
  'handshake.outcome': derived('State in the end', 'string'),
  'handshake.reason': derived('Reason', 'string'),
  ...linkFields(),
  'expert.severity': derived('Severity', 'string'),
  'expert.group': derived('Group', 'string'),
  'expert.code': derived('Finding', 'string'),
  'expert.text': derived('Message', 'string'),
} satisfies Readonly<Record<string, Field>>;

export type PacketField = keyof typeof DECLARED;

/** Fields of a packet that are not in its bytes, and of what no layer explains. */
export const PACKET_FIELDS = Object.fromEntries(
  Object.entries(DECLARED).map(([path, field]) => [path, named(path, field)]),
) as Readonly<Record<PacketField, Named>>;
