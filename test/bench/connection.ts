import { nothing, type Part, raw } from '../../crafter/part.js';
import { tcp } from '../../crafter/transport-part.js';

const FIN = 0x001;
const SYN = 0x002;
const PUSH = 0x008;
const ACK = 0x010;

/** Maximum segment size 1460, and that acknowledgements may be selective. */
const OPTIONS = Uint8Array.of(2, 4, 0x05, 0xb4, 1, 1, 4, 2);
/** Bytes of a segment on Ethernet, without options. */
const MOST_SEGMENT = 1460;

/** A segment, and which end sends it. */
export interface Segment {
  readonly fromClient: boolean;
  readonly packet: Part;
}

interface End {
  readonly port: number;
  /** The sequence number of the next byte. */
  next: number;
}

/** A TCP connection on which nothing is lost: it keeps the numbers of both ends. */
export class Connection {
  private readonly client: End;
  private readonly server: End;

  /** @param starts the first sequence numbers of the client and of the server */
  constructor(ports: readonly [client: number, server: number], starts: readonly [client: number, server: number]) {
    this.client = { port: ports[0], next: starts[0] };
    this.server = { port: ports[1], next: starts[1] };
  }

  private segment(fromClient: boolean, flags: number, bytes?: Uint8Array): Segment {
    const [from, to] = fromClient ? [this.client, this.server] : [this.server, this.client];
    const header = {
      srcport: from.port,
      dstport: to.port,
      seq_raw: from.next,
      ack_raw: flags & ACK ? to.next : 0,
      flags,
    };
    const taken = (bytes?.length ?? 0) + (flags & (SYN | FIN) ? 1 : 0);
    from.next = (from.next + taken) >>> 0;
    return { fromClient, packet: tcp(header, bytes ? raw(bytes) : nothing, flags & SYN ? raw(OPTIONS) : nothing) };
  }

  /** SYN, SYN and ACK, ACK. */
  *open(): Generator<Segment> {
    yield this.segment(true, SYN);
    yield this.segment(false, SYN | ACK);
    yield this.acknowledge(true);
  }

  acknowledge(fromClient: boolean): Segment {
    return this.segment(fromClient, ACK);
  }

  /** Sends bytes in full segments and the rest; the other end acknowledges every second full one, as receivers do. */
  *send(fromClient: boolean, bytes: Uint8Array): Generator<Segment> {
    for (let at = 0, count = 1; at < bytes.length; at += MOST_SEGMENT, count++) {
      const isLast = at + MOST_SEGMENT >= bytes.length;
      yield this.segment(fromClient, isLast ? ACK | PUSH : ACK, bytes.subarray(at, at + MOST_SEGMENT));
      if (!isLast && count % 2 === 0) yield this.acknowledge(!fromClient);
    }
  }

  /** FIN of the client, FIN of the server, ACK. */
  *close(): Generator<Segment> {
    yield this.segment(true, FIN | ACK);
    yield this.segment(false, FIN | ACK);
    yield this.acknowledge(true);
  }
}
