/** Rows of a segment of the packet list. */
export const SEGMENT_ROWS = 65_536;
/** Bytes of columns that a packet takes. */
export const ROW_BYTES = 64;

/**
 * The columns of a run of packets over bytes that several threads may share.
 * @param buffer at least `rows * ROW_BYTES` bytes, all zero for rows that are not filled
 * @param rows a multiple of 8
 */
export function columnsOver(buffer: ArrayBufferLike, rows: number) {
  let at = 0;
  const next = (size: number): number => {
    const start = at;
    at += size * rows;
    return start;
  };
  const float64 = () => new Float64Array(buffer, next(8), rows);
  const uint32 = () => new Uint32Array(buffer, next(4), rows);
  const uint16 = () => new Uint16Array(buffer, next(2), rows);
  const uint8 = () => new Uint8Array(buffer, next(1), rows);
  // The widest first, so that all are aligned.
  return {
    /** Of the packet's bytes in the uncompressed file; exact up to 2^53. */
    offset: float64(),
    /** Since 1970-01-01T00:00:00Z; a float, since interfaces with odd offsets make odd times. */
    seconds: float64(),
    nanos: uint32(),
    captured: uint32(),
    wire: uint32(),
    /** The number of the first channel that it touches, 0 for none; with its state and capabilities as they stand then. */
    channel: uint32(),
    /** One more than the place of further facts in the pool of the segment; 0 for none. */
    facts: uint32(),
    /** In the header of the only channel packet, where `ID_KNOWN` says so. */
    id: uint32(),
    /** One more than the number of the flow of the only UDP layer; 0 where there is none, or more than that to tell. */
    flow: uint32(),
    /** Place among the interfaces of the capture. */
    interfaceId: uint16(),
    /** One more than the place of its layers among the shapes; 0 for those that found no room. */
    shape: uint16(),
    /** Of the only network layer: one more than the place among the addresses; 0 where they must be read. */
    source: uint16(),
    destination: uint16(),
    /** Of the only transport layer, where `PORTS_KNOWN` says so. */
    srcport: uint16(),
    dstport: uint16(),
    /** A bit for each type of message in `MESSAGE_CODES`, then `OTHER_MESSAGES`, `PORTS_KNOWN` and `ID_KNOWN`. */
    messages: uint16(),
    /** A bit for each of `ENVELOPE_BITS`. */
    envelope: uint16(),
    /** Where the numbers of its direction of that channel start, where it has one. */
    start: uint16(),
    /** 0 for none, else one more than the place of the worst finding in `SEVERITIES`. */
    severity: uint8(),
    /** How that channel stands: see `standingOf`. */
    standing: uint8(),
  };
}

export type Columns = ReturnType<typeof columnsOver>;

/** Capabilities that are not known yet, in their column. */
const NO_CAPS = 15;
/** As many values as the column of standings has. */
export const STANDINGS = 256;

/** The place of a state among all, and the capabilities of the channel if they are known, as one byte. */
export const standingOf = (state: number, caps: number | undefined): number =>
  state * 16 + (caps === undefined ? NO_CAPS : caps & 7);

export const stateIn = (standing: number): number => standing >>> 4;

export function capsIn(standing: number): number | undefined {
  const caps = standing & 15;
  return caps === NO_CAPS ? undefined : caps;
}

/** Columns without rows. */
export const NO_COLUMNS: Columns = columnsOver(new ArrayBuffer(0), 0);
