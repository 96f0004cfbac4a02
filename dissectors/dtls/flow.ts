import type { FlowAnswer, FlowReader, Piece, Source } from '../layer.js';
import { Fragments } from '../reassembly/fragments.js';
import { cutPieces } from '../reassembly/pieces.js';
import { chosenVersionOf, readServerHello } from '../tls/hello.js';
import { CLIENT_HELLO, HELLO_VERIFY_REQUEST, SERVER_HELLO } from '../tls/layout.js';
import { isNewVersion } from '../tls/version.js';
import type { Limit } from '../wire/stop.js';
import { fragmentsIn, isPlain, isUnified, type MessageFragment, recordsIn } from './records.js';

/** What a flow may hold of messages that are not complete: a handshake has few at a time. */
const BOUNDS = { datagrams: 16, bytes: 256 * 1024, fragments: 4096, overlaps: 256 };

/** The numbers that are told of a datagram: the version that was agreed on, who sent it, a place for each message put together. */
export const VERSION_PLACE = 0;
export const SIDE_PLACE = 1;
export const FIRST_WHOLE = 2;

/** Who has sent a datagram, as far as the first hello tells. */
export const SIDES = { unknown: 0, client: 1, server: 2 } as const;

/**
 * Follows a flow of DTLS: which version was agreed on, and fragments of handshake messages until they are whole.
 * Source: RFC 6347, section 4.2.3; RFC 9147, section 5.5.
 */
export class DtlsFlow implements FlowReader {
  /** 0 while nobody has said; what the ServerHello says stands. */
  private version = 0;
  private isAgreed = false;
  /** Whether the client's datagrams go against the direction of the flow's first. */
  private clientIsBack: boolean | undefined;
  private fragments: Fragments | undefined;

  get bytes(): number {
    return this.fragments?.bytes ?? 0;
  }

  /** Records of DTLS 1.3 are encrypted with their heads: only the first three bits are always the same. */
  expects(view: DataView, at: number, { captured }: Limit): boolean {
    return isNewVersion(this.version) && at < captured && isUnified(view.getUint8(at));
  }

  take(pieces: readonly Piece[], view: DataView, at: number, limit: Limit, isBack: boolean): FlowAnswer {
    const wholes: Source[] = [];
    const numbers: number[] = [];
    let place = 0;
    for (const record of recordsIn(view, at, limit)) {
      const fragments = fragmentsIn(view, record);
      for (const fragment of fragments) {
        const whole = fragment.isAll ? undefined : this.complete(pieces, view, at, fragment, isBack);
        if (whole) {
          wholes.push(whole);
          numbers.push(place);
        }
        this.hear(
          fragment.type,
          whole?.view ?? view,
          whole ? 0 : fragment.body,
          whole ? whole.view.byteLength : fragment.end,
        );
        place++;
      }
      this.find(fragments[0]?.type, isBack);
      // A client may write any version into the head of its first record.
      const isOffer = fragments[0]?.type === CLIENT_HELLO;
      if (!this.isAgreed && !record.isUnified && !isOffer && isPlain(record)) this.version = record.version;
      if (this.version === 0 && !record.isUnified && !isPlain(record)) this.version = record.version;
    }
    return { numbers: [this.version, this.sideOf(isBack), ...numbers], wholes };
  }

  /** Finds out who is the client, by the first hello. */
  private find(type: number | undefined, isBack: boolean): void {
    if (type === CLIENT_HELLO) this.clientIsBack = isBack;
    else if (type === SERVER_HELLO || type === HELLO_VERIFY_REQUEST) this.clientIsBack ??= !isBack;
  }

  private sideOf(isBack: boolean): number {
    if (this.clientIsBack === undefined) return SIDES.unknown;
    return this.clientIsBack === isBack ? SIDES.client : SIDES.server;
  }

  /** The version that a ServerHello has chosen, once it is whole. */
  private hear(type: number, view: DataView, at: number, end: number): void {
    const hello = type === SERVER_HELLO ? readServerHello(view, at, end) : undefined;
    if (!hello) return;
    this.version = chosenVersionOf(hello);
    this.isAgreed = true;
  }

  private complete(
    pieces: readonly Piece[],
    view: DataView,
    at: number,
    { sequence, type, length, offset, body, end, wire }: MessageFragment,
    isBack: boolean,
  ): Source | undefined {
    this.fragments ??= new Fragments(BOUNDS);
    const key = `${isBack ? '<' : '>'}${sequence} ${type} ${length}`;
    const own = cutPieces(pieces, body - at, end - body);
    const fragment = { key, offset, more: offset + wire - body < length };
    const { source } = this.fragments.add(own, view, body, { captured: end, wire }, fragment);
    return source && { ...source, name: 'Reassembled message' };
  }
}
