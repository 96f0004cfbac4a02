import type { Blocks } from '../../../../analyzer/capture/block-cutter.js';
import type { ByteSource } from '../../../../analyzer/capture/byte-source.js';
import { enhancedPacket, interfaceDescription, sectionHeader } from '../../../../dissectors/file/pcapng-writer.js';

export const SECTION = 0x0a0d0d0a;

/** The head of a pcapng stream: a section with an interface. */
export const section = (linkType = 1): Buffer =>
  Buffer.concat([sectionHeader(), interfaceDescription({ linkType, name: 'eth0' })]);

/** A block with a packet; its first byte counts. */
export const packetBlock = (number: number, size = 20, interfaceId = 0): Uint8Array => {
  const bytes = new Uint8Array(size).fill(number);
  return enhancedPacket({ interfaceId, seconds: number, nanos: 5, bytes, wire: size });
};

export const HEAD: Blocks = (() => {
  const [header, description] = [sectionHeader(), interfaceDescription({ linkType: 1, name: 'eth0' })];
  const bytes = Buffer.concat([header, description]);
  return { bytes, types: [SECTION, 1], ends: [header.length, bytes.length] };
})();

/** The packets with these numbers. */
export function packets(...numbers: readonly number[]): Blocks {
  const blocks = numbers.map((number) => packetBlock(number));
  const bytes = Buffer.concat(blocks);
  return { bytes, types: blocks.map(() => 6), ends: blocks.map((block, index) => block.length * (index + 1)) };
}

/** A stream that a test fills. */
export class FilledSource implements ByteSource {
  readonly progress = undefined;
  readonly problem = undefined;
  isClosed = false;
  readonly #pieces: Uint8Array[] = [];
  #isOver = false;
  #isAwaited = false;
  #wake = () => {};

  /** Pieces that nobody has read yet. */
  get waiting(): number {
    return this.#pieces.length;
  }

  /** Whether its reader has dealt with all there is, and waits for more or for nothing. */
  get isIdle(): boolean {
    return this.#pieces.length === 0 && (this.#isAwaited || this.isClosed);
  }

  push(bytes: Uint8Array): void {
    this.#pieces.push(bytes);
    this.#wake();
  }

  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  async read(into: Uint8Array): Promise<number> {
    while (this.#pieces.length === 0 && !this.#isOver) {
      this.#isAwaited = true;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#isAwaited = false;
    const [piece] = this.#pieces;
    if (piece === undefined) return 0;
    const taken = piece.subarray(0, into.length);
    into.set(taken);
    if (taken.length < piece.length) this.#pieces[0] = piece.subarray(taken.length);
    else this.#pieces.shift();
    return taken.length;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.end();
  }
}
