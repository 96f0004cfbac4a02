import { parseIpv4, parseIpv6 } from '../ip-address.js';
import { viewOf } from '../wire/view.js';

/** What datagrams to or from an announced address and port may be; and streams whose start has told what they are. */
export type AnnouncedFlow = 'media' | 'tftp' | 'http' | 'ssh' | 'sip' | 'smb' | 'smb2';

/** An address and a port of which a message says what they are for: text that is only good to compare. */
export interface Announced {
  readonly flow: AnnouncedFlow;
  /** As `endpointKey` makes it; undefined where it is the sender's own, or the stream that the message is in. */
  readonly endpoint: string | undefined;
}

/** The keys of the table `flow` for what was announced. Those of flows that have readers are small. */
export const FLOW_KEYS = {
  rtp: 5004,
  rtcp: 5005,
  tftp: 6900,
  http: 8000,
  ssh: 2200,
  sip: 5060,
  smb: 4450,
  smb2: 4451,
} as const;

/** Addresses and ports of one message that are taken: a call has one or two, a conference some more. */
const MOST_ANNOUNCED = 16;
/** Bytes of a message that are read for them. */
const MOST_BYTES = 16_384;

/** The key of an address in text and a port, as `endpointKey` makes it of a header. */
function endpointOf(address: string, port: number): string | undefined {
  const four = parseIpv4(address);
  if (four !== undefined) return String.fromCharCode(four >>> 16, four & 0xffff, port);
  const six = parseIpv6(address);
  if (!six) return undefined;
  const view = viewOf(six);
  return String.fromCharCode(...Array.from({ length: 8 }, (_, word) => view.getUint16(2 * word)), port);
}

/**
 * Where the media of a session will come from and go to, as its description says: the address of each `c=` line, the port
 * of each `m=` line, and the port after it, or that of `a=rtcp:`, for what RTCP reports.
 * Source: RFC 8866, sections 5.7 and 5.14; RFC 3605.
 */
export function announcedMedia(view: DataView, at: number, captured: number): readonly Announced[] {
  const text = textOf(view, at, Math.min(captured, at + MOST_BYTES));
  const body = text.indexOf('\nv=0');
  if (body < 0) return NONE;
  const found: Announced[] = [];
  const add = (address: string, port: number): void => {
    const endpoint = port > 0 && port <= 0xffff ? endpointOf(address, port) : undefined;
    if (endpoint !== undefined && found.length < MOST_ANNOUNCED) found.push({ flow: 'media', endpoint });
  };
  let session = '';
  for (const section of text.slice(body).split('\nm=')) {
    const address = /\nc=IN IP[46] ([0-9a-fA-F.:]+)/.exec(section)?.[1] ?? session;
    const port = /^(?:audio|video|text|application|image) (\d{1,5})/.exec(section)?.[1];
    if (port === undefined) session = address;
    else {
      add(address, Number(port));
      add(address, Number(/\na=rtcp:(\d{1,5})/.exec(section)?.[1] ?? Number(port) + 1));
    }
  }
  return found;
}

/** The client of a transfer is answered from a port of the server's choice. Source: RFC 1350, section 4. */
export const announcedTransfer = (view: DataView, at: number, captured: number): readonly Announced[] =>
  at + 2 <= captured && (view.getUint8(at + 1) === 1 || view.getUint8(at + 1) === 2) ? OWN_TRANSFER : NONE;

const OWN_TRANSFER: readonly Announced[] = [{ flow: 'tftp', endpoint: undefined }];
const NONE: readonly Announced[] = [];

function textOf(view: DataView, at: number, end: number): string {
  let text = '';
  for (let place = at; place < end; place++) {
    const byte = view.getUint8(place);
    if (byte !== 13) text += String.fromCharCode(byte);
  }
  return text;
}
