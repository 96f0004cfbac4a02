import type { Dissection } from '../../dissectors/dissect.js';
import type { Layer, LayerName } from '../../dissectors/layer.js';
import type { FindingCode } from '../../dissectors/wire/finding.js';
import type { HandshakeSecrets } from '../secrets/handshake-secrets.js';
import type { Handshake, When } from './handshake.js';
import type { HandshakeTable, KindRules } from './table.js';

/** Where something is in the bytes of a packet: a layer, or a part of one. Offsets are those of the layer's source. */
export type SpotInPacket = Pick<Layer, 'source' | 'at' | 'end'>;

/** One packet on its way through the trackers of handshakes. Valid until the next packet. */
export interface Step extends When {
  readonly dissection: Dissection;
  /** When the packet was captured: whole seconds since 1970-01-01T00:00:00Z, and nanoseconds beyond them. */
  readonly seconds: number;
  readonly nanos: number;
  readonly secrets: HandshakeSecrets;
  readonly table: HandshakeTable;
  /** Adds a finding about a place in the packet. Its arguments are numbers: facts are kept in columns. */
  readonly note: (code: FindingCode, spot: SpotInPacket, given?: readonly number[]) => void;
  /** Notes that the packet is one of a handshake's messages, where `table.message` does not. */
  readonly touch: (row: Handshake) => void;
}

/** Follows the handshakes of one kind: folds layers, in capture order, into rows of the table. Pure, and bounded. */
export interface KindTracker extends KindRules {
  /** Which layers of a packet it wants to see. */
  readonly layers: readonly LayerName[];
  /** Takes a layer of a packet. @param place of the layer among those of the dissection */
  take(step: Step, layer: Layer, place: number): void;
  /** Takes a layer that an error message quotes: it was sent earlier, and did not get through. */
  takeQuoted?(step: Step, layer: Layer, place: number): void;
}
