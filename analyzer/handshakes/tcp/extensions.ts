import type { Layer, Network } from '../../../dissectors/layer.js';
import { addressSize, sourceAddress } from '../../../dissectors/source-address.js';
import { SUBTYPES } from '../../../dissectors/tcp/multipath.js';
import { bytesText } from '../../../dissectors/wire/finding.js';
import { hex32, slice, toHex } from '../../../dissectors/wire/view.js';
import type { Handshake } from '../handshake.js';
import type { Step } from '../step.js';
import { FastOpen, type Pair } from './fast-open.js';
import type { TcpMemory } from './memory.js';
import { announced, joins, Multipath, subtypeOf } from './multipath.js';
import { NONE, type Segment } from './segment.js';

/** Follows what options add to the handshake of TCP: fast open and multipath. Each method tells in words what it found. */
export class Extensions {
  private readonly fastOpen = new FastOpen();
  private readonly multipath = new Multipath();

  /** Takes the options of a SYN. */
  takeSyn(step: Step, layer: Layer, row: Handshake, memory: TcpMemory, segment: Segment, network: Network): string {
    const notes = [this.openFast(step, layer, row, segment, network), this.join(step, layer, row, memory, segment)];
    return notes.filter((note) => note !== '').join(', ');
  }

  /** Takes those of a SYN-ACK. @param taken how many bytes of the SYN's data it acknowledges */
  takeAnswer(row: Handshake, memory: TcpMemory, segment: Segment, taken: number): string {
    const notes: string[] = [];
    const { view, cookieAt, cookieLength } = segment;
    if (memory.data > 0) {
      const words = taken === 0 ? 'ignores' : taken < memory.data ? `accepts ${taken} of` : 'accepts';
      notes.push(`${words} ${bytesText(memory.data)} of the SYN`);
    }
    if (cookieLength > 0) {
      notes.push('gives a fast open cookie');
      this.fastOpen.give(row.initiator, row.responder, slice(view, cookieAt, cookieAt + cookieLength));
    }
    const subtype = subtypeOf(segment);
    if (memory.joining && joins(subtype)) {
      row.proofStatus = this.multipath.answer(memory.joining, segment);
      notes.push(`HMAC ${row.proofStatus}`);
    }
    if (subtype === SUBTYPES.capable) this.learnFirst(row, memory, segment);
    return notes.join(', ');
  }

  /** Takes those of the third message. */
  takeEcho(row: Handshake, memory: TcpMemory, segment: Segment): string {
    const subtype = subtypeOf(segment);
    if (subtype === SUBTYPES.capable) {
      const { version, sender, receiver } = announced(segment);
      if (sender && receiver) this.multipath.learn(row.number, version, sender, receiver);
      return '';
    }
    if (!memory.joining || !joins(subtype)) return '';
    const proof = this.multipath.finish(memory.joining, segment);
    // A side that failed has failed, whatever the other shows.
    if (row.proofStatus !== 'invalid') row.proofStatus = proof;
    return `HMAC ${proof}`;
  }

  private openFast(step: Step, layer: Layer, row: Handshake, segment: Segment, network: Network): string {
    const { cookieAt, cookieLength, view, length } = segment;
    if (cookieAt === NONE) return '';
    if (cookieLength === 0) return 'asks for a fast open cookie';
    const cookie = slice(view, cookieAt, cookieAt + cookieLength);
    row.cookieStatus = this.fastOpen.judge(step.secrets, row.initiator, row.responder, pairOf(network), cookie);
    step.table.detail(row, 'tfo_cookie', toHex(cookie));
    if (row.cookieStatus === 'invalid') step.note('fast-open-cookie-invalid', layer);
    return length > 0 ? `fast open cookie, ${bytesText(length)}` : 'fast open cookie';
  }

  private join({ table, note }: Step, layer: Layer, row: Handshake, memory: TcpMemory, segment: Segment): string {
    const subtype = subtypeOf(segment);
    if (subtype === SUBTYPES.capable) {
      memory.initiatorKey = announced(segment).sender;
      return 'multipath';
    }
    if (!joins(subtype)) return '';
    memory.joining = this.multipath.begin(segment);
    if (!memory.joining) return '';
    row.proofStatus = 'unknown';
    table.detail(row, 'mptcp_token', hex32(memory.joining.token));
    const { keys } = memory.joining;
    if (!keys) {
      note('mptcp-token-unknown', layer);
      return 'joins a connection that was not seen';
    }
    table.detail(row, 'mptcp_joins', keys.row);
    return `joins handshake ${keys.row}`;
  }

  /** The keys of version 0, of which each side tells its own in its first message. */
  private learnFirst(row: Handshake, { initiatorKey }: TcpMemory, segment: Segment): void {
    const { version, sender } = announced(segment);
    if (version === 0 && initiatorKey && sender) this.multipath.learn(row.number, version, initiatorKey, sender);
  }
}

/** The addresses of the packet of a client. */
function pairOf(network: Network): Pair {
  const { view, destination } = network;
  const [source, size] = [sourceAddress(network), addressSize(network)];
  return { client: slice(view, source, source + size), server: slice(view, destination, destination + size) };
}
