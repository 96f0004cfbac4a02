import { pcapFileHeader, pcapRecord } from '../../dissectors/file/pcap-writer.js';
import { ENHANCED_PACKET, SECTION_HEADER } from '../../dissectors/file/pcapng-blocks.js';
import { PcapngReader } from '../../dissectors/file/pcapng-reader.js';
import { RecordBatch } from '../../dissectors/file/records.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { type Blocks, joined } from './block-cutter.js';
import { CaptureError } from './capture-error.js';

type Piece = readonly [type: number, bytes: Uint8Array];

/** Makes pcap records, with times in nanoseconds, of the packets of a pcapng stream. The file header counts as a section's. */
export class PcapConversion {
  readonly #path: string;
  readonly #reader = new PcapngReader();
  readonly #records = new RecordBatch();
  #linkType: number | undefined;

  /** @param path what is written, for complaints */
  constructor(path: string) {
    this.#path = path;
  }

  /** @throws {CaptureError} for packets of a second link type: a pcap file has one */
  convert({ bytes }: Blocks): Blocks {
    const view = viewOf(bytes);
    const pieces: Piece[] = [];
    for (let at = 0; at < bytes.length; ) {
      const { consumed } = this.#reader.read(view, at, bytes.length, this.#records);
      if (consumed <= at) break;
      at = consumed;
      this.#checkLinkTypes(pieces);
      this.#take(view, pieces);
    }
    return joined(pieces);
  }

  #checkLinkTypes(pieces: Piece[]): void {
    for (const { linkType, snapLength } of this.#reader.interfaces) {
      if (this.#linkType === undefined) {
        this.#linkType = linkType;
        pieces.push([SECTION_HEADER, pcapFileHeader({ linkType, snapLength, nanoseconds: true })]);
      } else if (this.#linkType !== linkType) {
        const why = `a pcap file has one link type, these packets have two (${this.#linkType} and ${linkType})`;
        throw new CaptureError('cannot write', this.#path, `${why}; name the file .pcapng`);
      }
    }
  }

  #take(view: DataView, pieces: Piece[]): void {
    const { count, at, captured, wire, seconds, nanos } = this.#records;
    for (let row = 0; row < count; row++) {
      const bytes = new Uint8Array(view.buffer, view.byteOffset + (at[row] ?? 0), captured[row] ?? 0);
      const time = { seconds: seconds[row] ?? 0, nanos: nanos[row] ?? 0 };
      pieces.push([ENHANCED_PACKET, pcapRecord({ ...time, bytes, wire: wire[row] ?? 0 }, true)]);
    }
  }
}
