import { closeSync, openSync, writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { LAST_SECOND, pcapFileHeader } from '../../dissectors/file/pcap-writer.js';
import { ENHANCED_PACKET, padded } from '../../dissectors/file/pcapng-blocks.js';
import {
  decryptionSecrets,
  enhancedPacket,
  interfaceDescription,
  sectionHeader,
} from '../../dissectors/file/pcapng-writer.js';
import { viewOf } from '../../dissectors/wire/view.js';
import type { Endpoint } from '../endpoint.js';
import type { Moment } from './clock.js';
import { DatagramFrames } from './datagram-frames.js';
import { type FileBeside, openBeside } from './file-beside.js';
import { makePrivate } from './make-private.js';

/** Packets that begin with IP. */
const LINKTYPE_RAW = 101;
/** Bytes are gathered up to here before they are written. */
const GATHERED = 256 * 1024;
/** What a record has before its packet and behind it, in each format. */
const HEADS = { pcap: 16, pcapng: 28 };
const PCAPNG_TAIL = 4;

/**
 * Writes datagrams to a capture file as they come and go, with headers of IP and UDP made up around them, since a
 * socket shows none. pcapng, or pcap if the name ends in `.pcap`; that has no place for secrets. Only whole records are
 * written, so what is on disk can be read at any time. Writing waits for the disk: nothing piles up.
 */
export class PcapSink {
  readonly #frames = new DatagramFrames();
  /** A file, or standard output, which whoever owns it closes. */
  readonly #out: number | Writable;
  /** The file, if it gets its name only once it is complete. */
  readonly #beside: FileBeside | undefined;
  readonly #isPcapng: boolean;
  /** What is gathered: its first `size` bytes. Grown for a longer record. */
  #gathered = new Uint8Array(GATHERED);
  #view = viewOf(this.#gathered);
  #size = 0;
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
    if (!this.#isPcapng) return;
    if (typeof this.#out === 'number') makePrivate(this.#out);
    this.#add(decryptionSecrets(text));
  }

  /**
   * @param comment of the packet, where the file has a place for one
   * @throws what the system says if the file cannot be written
   */
  datagram(bytes: Uint8Array, from: Endpoint, to: Endpoint, { seconds, nanos }: Moment, comment?: string): void {
    const length = this.#frames.headSize(from, to) + bytes.length;
    if (comment !== undefined && this.#isPcapng) {
      const frame = new Uint8Array(length);
      this.#frames.write(frame, viewOf(frame), 0, bytes, from, to);
      const comments = [comment];
      this.#add(enhancedPacket({ interfaceId: 0, seconds, nanos, bytes: frame, wire: length, comments }));
    } else if (this.#isPcapng) {
      const at = this.#room(HEADS.pcapng + padded(length) + PCAPNG_TAIL);
      this.#enhanced(at, length, seconds, nanos);
      this.#frames.write(this.#gathered, this.#view, at + HEADS.pcapng, bytes, from, to);
    } else {
      const at = this.#room(HEADS.pcap + length);
      this.#view.setUint32(at, Math.max(0, Math.min(LAST_SECOND, seconds)), true);
      this.#view.setUint32(at + 4, nanos, true);
      this.#view.setUint32(at + 8, length, true);
      this.#view.setUint32(at + 12, length, true);
      this.#frames.write(this.#gathered, this.#view, at + HEADS.pcap, bytes, from, to);
    }
    this.packets += 1;
  }

  flush(): void {
    if (this.#size === 0) return;
    const bytes = this.#gathered.subarray(0, this.#size);
    this.#size = 0;
    const out = this.#out;
    // A stream may look at the bytes later.
    if (typeof out !== 'number') out.write(bytes.slice());
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

  /** An enhanced packet block, but for its packet. Source: draft-ietf-opsawg-pcapng, "Enhanced Packet Block". */
  #enhanced(at: number, length: number, seconds: number, nanos: number): void {
    const view = this.#view;
    const size = HEADS.pcapng + padded(length) + PCAPNG_TAIL;
    view.setUint32(at, ENHANCED_PACKET, true);
    view.setUint32(at + 4, size, true);
    view.setUint32(at + 8, 0, true);
    setNanoseconds(view, at + 12, seconds, nanos);
    view.setUint32(at + 20, length, true);
    view.setUint32(at + 24, length, true);
    // What was written there before must not show behind the packet.
    view.setUint32(at + size - 2 * PCAPNG_TAIL, 0);
    view.setUint32(at + size - PCAPNG_TAIL, size, true);
  }

  /** Where so many bytes go. */
  #room(size: number): number {
    if (this.#size > 0 && this.#size + size > GATHERED) this.flush();
    if (size > this.#gathered.length) {
      this.#gathered = new Uint8Array(size);
      this.#view = viewOf(this.#gathered);
    }
    const at = this.#size;
    this.#size += size;
    return at;
  }

  #add(piece: Uint8Array): void {
    const at = this.#room(piece.length);
    this.#gathered.set(piece, at);
  }
}

const WORD = 0x1_0000_0000;
const HALF = 0x1_0000;
const PER_SECOND = 1e9;

/** Writes a time as nanoseconds since 1970, its upper half first; 53 bits would not hold it. */
function setNanoseconds(view: DataView, at: number, seconds: number, nanos: number): void {
  const upper = Math.floor(seconds / HALF) * PER_SECOND;
  const lower = (seconds % HALF) * PER_SECOND + nanos + (upper % HALF) * HALF;
  view.setUint32(at, Math.floor(upper / HALF) + Math.floor(lower / WORD), true);
  view.setUint32(at + 4, lower % WORD, true);
}
