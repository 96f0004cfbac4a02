import type { PduState, Source, StreamFacts } from '../layer.js';
import type { FindingCode } from '../wire/finding.js';

/** Something to tell of a whole fragment or segment: a finding, but for its place. */
export interface Remark {
  readonly code: FindingCode;
  readonly given: readonly number[];
}

/** What a fragment brings to light. */
export interface Defragmented {
  readonly source?: Source;
  readonly remarks: readonly Remark[];
}

/** What a segment of a byte stream brings to light. */
export interface Streamed {
  readonly facts: StreamFacts;
  readonly remarks: readonly Remark[];
  /** The channel packets or PDUs that are complete now: in the segment itself, or in a source of their own. */
  readonly packets: readonly StreamPacket[];
}

/** Where a channel packet or a PDU of a stream lies; without a source, in the segment's payload, from whose start `at` counts. */
export interface StreamPacket {
  readonly source?: Source | undefined;
  readonly at: number;
  /** Its bytes, as captured and as sent. */
  readonly captured: number;
  readonly wire: number;
  /** Set where its checksum was found to be good: it need not be computed again. */
  readonly proven?: boolean;
  /** The application that it is a PDU of, by its place in the registry; a channel packet is of none. */
  readonly pdu?: number | undefined;
  /** What the PDUs before it say. */
  readonly state?: PduState | undefined;
}
