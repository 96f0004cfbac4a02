import { detect } from '../../dissectors/file/detect.js';
import { readPcapHeader } from '../../dissectors/file/pcap-header.js';
import { pcapFileHeader, pcapRecord } from '../../dissectors/file/pcap-writer.js';
import {
  decryptionSecrets,
  enhancedPacket,
  interfaceDescription,
  sectionHeader,
} from '../../dissectors/file/pcapng-writer.js';
import { concatenated, toHex, viewOf } from '../../dissectors/wire/view.js';
import { CraftError } from './craft-error.js';
import type { Roles } from './craft-packet.js';

/** When a packet was made: since 1970-01-01T00:00:00Z. */
type Time = { readonly seconds: number; readonly nanos: number };

/** What a capture file is made of. */
export interface CapturePlan {
  readonly linkType: number;
  readonly roles?: Roles;
  /** When the first frame was captured. */
  readonly time: Time;
  /** So many frames a second; all at one time if left out. */
  readonly rate?: number;
}

/**
 * A capture file that holds crafted frames: pcap if `path` ends so, else pcapng with the secrets that made the cookies.
 */
export function captureOf(path: string, frames: readonly Uint8Array[], plan: CapturePlan): Uint8Array {
  return isPcap(path)
    ? concatenated([pcapFileHeader({ linkType: plan.linkType, nanoseconds: true }), ...pcapRecords(frames, plan)])
    : concatenated(sectionOf(frames, plan));
}

const isPcap = (path: string): boolean => path.toLowerCase().endsWith('.pcap');

const pcapRecords = (frames: readonly Uint8Array[], plan: CapturePlan, nanoseconds = true): readonly Uint8Array[] =>
  frames.map((bytes, place) => pcapRecord({ ...timeAt(plan, place), bytes, wire: bytes.length }, nanoseconds));

function sectionOf(frames: readonly Uint8Array[], plan: CapturePlan): readonly Uint8Array[] {
  const secrets = plan.roles ? secretLines(plan.roles) : '';
  return [
    sectionHeader(),
    interfaceDescription({ linkType: plan.linkType }),
    ...(secrets === '' ? [] : [decryptionSecrets(secrets)]),
    ...frames.map((bytes, place) =>
      enhancedPacket({ interfaceId: 0, ...timeAt(plan, place), bytes, wire: bytes.length }),
    ),
  ];
}

const NANOS = 1e9;

function timeAt({ time, rate }: CapturePlan, place: number): Time {
  if (rate === undefined) return time;
  const since = time.nanos + Math.round((place * NANOS) / rate);
  return { seconds: time.seconds + Math.floor(since / NANOS), nanos: since % NANOS };
}

/** Bytes of a file that tell what may be added to it. */
export const HEAD_SIZE = 28;

/**
 * What is to be written behind a capture that is there, for frames to be added to it: records in its own form, or a section
 * of their own.
 * @param head the first bytes of the file
 * @throws {CraftError} if it is no capture, or one of another link type
 */
export function addedTo(path: string, head: Uint8Array, frames: readonly Uint8Array[], plan: CapturePlan): Uint8Array {
  const view = viewOf(head);
  const kind = detect(view, 0, head.length);
  if (kind === 'pcapng') return concatenated(sectionOf(frames, plan));
  const header = kind === 'pcap' ? readPcapHeader(view, 0, head.length) : undefined;
  if (!header?.ok) throw new CraftError(`--append: ${path}: is no plain capture`, 1);
  if (!header.littleEndian || header.recordSizes[0] !== RECORD_SIZE) {
    throw new CraftError(`--append: ${path}: is a pcap file of a form that nothing is added to; rewrite it first`, 1);
  }
  if (header.linkType !== plan.linkType) {
    const types = `${header.linkType}, the new packets have ${plan.linkType}`;
    throw new CraftError(`--append: ${path}: its packets have link type ${types}; a .pcapng file takes both`, 1);
  }
  return concatenated(pcapRecords(frames, plan, header.nanoseconds));
}

/** Bytes before each packet of a pcap file. */
const RECORD_SIZE = 16;

/** The same of one frame; without roles nothing is known of secrets. */
export const captureOfFrame = (
  path: string,
  { bytes, ...plan }: Omit<CapturePlan, 'time' | 'rate'> & { readonly bytes: Uint8Array },
  time: Time,
): Uint8Array => captureOf(path, [bytes], { ...plan, time });

/** Lines of a secrets file. Source: protocol page, "Secrets file". */
function secretLines({ initiator, responder, initiatorSecret, responderSecret }: Roles): string {
  const line = (peer: Uint8Array, secret: Uint8Array | undefined): string =>
    secret === undefined ? '' : `PEER_SECRET ${toHex(peer)} ${secret.length === 0 ? '""' : toHex(secret)}\n`;
  return line(initiator, initiatorSecret) + line(responder, responderSecret);
}
