import type { Handshake } from '../../../analyzer/handshakes/handshake.js';
import type { HandshakeBounds } from '../../../analyzer/handshakes/table.js';
import { parseSecrets } from '../../../analyzer/secrets/secrets.js';
import { Examiner } from '../../../analyzer/track/examine.js';
import type { PacketFacts } from '../../../analyzer/track/facts.js';
import { ipv4 } from '../../../crafter/network-part.js';
import { build, type Part, raw } from '../../../crafter/part.js';
import { udp } from '../../../crafter/transport-part.js';
import { viewOf } from '../../../dissectors/wire/view.js';

/** Link types: a packet that starts with its IPv4 header, and an Ethernet frame. */
const RAW_IPV4 = 228;
const ETHERNET = 1;

/** One end of a datagram: the last byte of its address in 10.0.0.0/8, and its port. */
export interface End {
  readonly host: number;
  readonly port: number;
}

const addressOf = ({ host }: End): number => 0x0a000000 + host;

/** Examines packets one after the other, and tells what became of handshakes. */
export class HandshakeWatch {
  readonly examiner: Examiner;
  private number = 0;

  constructor(secrets = '', handshakeBounds?: HandshakeBounds) {
    const bounds = handshakeBounds ? { handshakeBounds } : {};
    this.examiner = new Examiner({ secrets: parseSecrets(secrets, 'f'), seed: 1, ...bounds });
  }

  /** Sees a UDP datagram, so many milliseconds after 1970. */
  datagram(ms: number, from: End, to: End, payload: Uint8Array): PacketFacts {
    const ports = { srcport: from.port, dstport: to.port };
    const packet = ipv4({ src: addressOf(from), dst: addressOf(to) }, udp(ports, raw(payload)));
    return this.packet(ms, packet, RAW_IPV4);
  }

  /** Sees an Ethernet frame. */
  frame(ms: number, frame: Part | Uint8Array): PacketFacts {
    return this.packet(ms, frame instanceof Uint8Array ? raw(frame) : frame, ETHERNET);
  }

  packet(ms: number, packet: Part, linkType: number): PacketFacts {
    const bytes = build(packet);
    const { length } = bytes;
    const nanos = (ms % 1000) * 1e6;
    const seconds = Math.floor(ms / 1000);
    return this.examiner.examine(viewOf(bytes), 0, length, length, linkType, ++this.number, seconds, nanos).facts;
  }

  get rows(): readonly Handshake[] {
    return [...this.examiner.handshakes.table.rows.values()];
  }
}

/** The codes of the findings of a packet. */
export const codesOf = ({ findings }: PacketFacts): readonly string[] => findings.map(({ code }) => code);
