import { pcapFileHeader, pcapRecord } from '../../dissectors/file/pcap-writer.js';
import {
  decryptionSecrets,
  enhancedPacket,
  interfaceDescription,
  sectionHeader,
} from '../../dissectors/file/pcapng-writer.js';
import { toHex } from '../../dissectors/wire/view.js';
import { build } from '../part.js';
import { linkTypeOf } from './craft-layers.js';
import type { Crafted, Roles } from './craft-packet.js';

/** When a packet was made: since 1970-01-01T00:00:00Z. */
type Time = { readonly seconds: number; readonly nanos: number };

/**
 * A capture file that holds a crafted packet, `count` times: pcap if `path` ends so, else pcapng with the secrets that
 * made the cookies.
 */
export function captureOf(path: string, { frame, layers, roles }: Crafted, count: number, time: Time): Uint8Array {
  return captureOfFrame(path, { bytes: build(frame), linkType: linkTypeOf(layers), roles }, count, time);
}

/** The same of a frame that is made already; without roles nothing is known of secrets. */
export function captureOfFrame(
  path: string,
  { bytes, linkType, roles }: { readonly bytes: Uint8Array; readonly linkType: number; readonly roles?: Roles },
  count: number,
  time: Time,
): Uint8Array {
  const record = { ...time, bytes, wire: bytes.length };
  if (path.toLowerCase().endsWith('.pcap')) {
    return repeated([pcapFileHeader({ linkType, nanoseconds: true })], pcapRecord(record, true), count);
  }
  const secrets = roles ? secretLines(roles) : '';
  const head = [sectionHeader(), interfaceDescription({ linkType })];
  if (secrets !== '') head.push(decryptionSecrets(secrets));
  return repeated(head, enhancedPacket({ interfaceId: 0, ...record }), count);
}

/** Lines of a secrets file. Source: protocol page, "Secrets file". */
function secretLines({ initiator, responder, initiatorSecret, responderSecret }: Roles): string {
  const line = (peer: Uint8Array, secret: Uint8Array | undefined): string =>
    secret === undefined ? '' : `PEER_SECRET ${toHex(peer)} ${secret.length === 0 ? '""' : toHex(secret)}\n`;
  return line(initiator, initiatorSecret) + line(responder, responderSecret);
}

function repeated(head: readonly Uint8Array[], record: Uint8Array, count: number): Uint8Array {
  const headSize = head.reduce((sum, { length }) => sum + length, 0);
  const file = new Uint8Array(headSize + count * record.length);
  let at = 0;
  for (const piece of head) {
    file.set(piece, at);
    at += piece.length;
  }
  for (; at < file.length; at += record.length) file.set(record, at);
  return file;
}
