import { closeSync, openSync, writeSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import type { Writable } from 'node:stream';
import { pcapFileHeader, pcapRecord } from '../../dissectors/file/pcap-writer.js';
import {
  decryptionSecrets,
  enhancedPacket,
  interfaceDescription,
  sectionHeader,
} from '../../dissectors/file/pcapng-writer.js';
import type { Endpoint } from '../endpoint.js';
import { ipv4From, ipv6From } from '../ip-address.js';
import { ipv4, ipv6 } from '../network-part.js';
import { builder, raw } from '../part.js';
import { udp } from '../transport-part.js';
import type { Moment } from './clock.js';
import { type FileBeside, openBeside } from './file-beside.js';

/** Packets that begin with IP. */
const LINKTYPE_RAW = 101;
/** Bytes are gathered up to here before they are written. */
const GATHERED = 256 * 1024;

/**
 * Writes datagrams to a capture file as they come and go, with headers of IP and UDP made up around them, since a
 * socket shows none. pcapng, or pcap if the name ends in `.pcap`; that has no place for secrets. Only whole records are
 * written, so what is on disk can be read at any time. Writing waits for the disk: nothing piles up.
 */
export class PcapSink {
  readonly #build = builder();
  /** A file, or standard output, which whoever owns it closes. */
  readonly #out: number | Writable;
  /** The file, if it gets its name only once it is complete. */
  readonly #beside: FileBeside | undefined;
  readonly #isPcapng: boolean;
  #pieces: Uint8Array[] = [];
  #size = 0;
  #ident = 0;
  /** Datagrams taken so far. */
  packets = 0;

  /**
   * @param path the file
   * @param stdout what `-` stands for; a file of that name if left out
   * @param isBeside whether the file gets its name once it is complete; otherwise it can be read as it grows
   * @throws what the system says if the file cannot be made
   */
  constructor(path: string, stdout?: Writable, isBeside = false) {
    const stream = path === '-' ? stdout : undefined;
    this.#beside = isBeside && !stream ? openBeside(path) : undefined;
    this.#out = stream ?? this.#beside?.fd ?? openSync(path, 'w');
    this.#isPcapng = !path.toLowerCase().endsWith('.pcap');
    if (this.#isPcapng) {
      this.#add(sectionHeader());
      this.#add(interfaceDescription({ linkType: LINKTYPE_RAW, name: 'udp' }));
    } else {
      this.#add(pcapFileHeader({ linkType: LINKTYPE_RAW, nanoseconds: true }));
    }
  }

  /** Takes lines of a secrets file along. */
  secrets(text: string): void {
    if (this.#isPcapng) this.#add(decryptionSecrets(text));
  }

  /**
   * @param comment of the packet, where the file has a place for one
   * @throws what the system says if the file cannot be written
   */
  datagram(bytes: Uint8Array, from: Endpoint, to: Endpoint, { seconds, nanos }: Moment, comment?: string): void {
    const frame = this.#frame(bytes, from, to);
    const record = {
      seconds,
      nanos,
      bytes: frame,
      wire: frame.length,
      ...(comment !== undefined && { comments: [comment] }),
    };
    this.#add(this.#isPcapng ? enhancedPacket({ interfaceId: 0, ...record }) : pcapRecord(record, true));
    this.packets += 1;
    if (this.#size >= GATHERED) this.flush();
  }

  flush(): void {
    if (this.#size === 0) return;
    const bytes = Buffer.concat(this.#pieces, this.#size);
    this.#pieces = [];
    this.#size = 0;
    const out = this.#out;
    if (typeof out !== 'number') out.write(bytes);
    else for (let at = 0; at < bytes.length; ) at += writeSync(out, bytes, at);
  }

  close(): void {
    try {
      this.flush();
    } catch (error) {
      this.abandon();
      throw error;
    }
    if (this.#beside) this.#beside.complete();
    else if (typeof this.#out === 'number') closeSync(this.#out);
  }

  /** Lets it go as it is: it will not be complete. */
  abandon(): void {
    if (this.#beside) this.#beside.abandon();
    else if (typeof this.#out === 'number') closeSync(this.#out);
  }

  #frame(bytes: Uint8Array, from: Endpoint, to: Endpoint): Uint8Array {
    const datagram = udp({ srcport: from.port, dstport: to.port }, raw(bytes));
    const isMapped = MAPPED.test(from.host) || MAPPED.test(to.host);
    const [src, dst] = isMapped ? [unmapped(from.host), unmapped(to.host)] : [bare(from.host), bare(to.host)];
    if (isIPv6(dst)) return this.#build(ipv6({ src: ipv6From(src), dst: ipv6From(dst) }, datagram));
    this.#ident = (this.#ident + 1) & 0xffff;
    return this.#build(ipv4({ src: ipv4From(src), dst: ipv4From(dst), id: this.#ident }, datagram));
  }

  #add(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#size += piece.length;
  }
}

/** Addresses of IPv4 as a socket for both shows them. The wire has seen nothing of IPv6. */
const MAPPED = /^::ffff:(?=\d+\.)/i;
const unmapped = (host: string): string => (host === '::' ? '0.0.0.0' : host.replace(MAPPED, ''));

/** An address without the name of its interface. */
const bare = (host: string): string => host.replace(/%.*$/, '');
