import type { Layer } from '../layer.js';
import type { Limit } from '../wire/stop.js';
import { hexOf } from '../wire/view.js';
import { ACK_V1, ackCount, messagePart, openvpnStart, remotePart, sessionPart } from './layout.js';
import { acksEnd, isControl, isWrapped, type Shape, shapeOf } from './shape.js';
import { packetAt } from './stream.js';

/** A control packet as handshakes see it. */
export interface OpenvpnControl {
  readonly opcode: number;
  /** The sender's session, 16 hex digits. */
  readonly session: string;
  readonly shape: Shape;
}

/** What a control packet holds that is not encrypted: acknowledgements, and what follows. */
export interface OpenvpnBody {
  /** The session of the other side that it acknowledges packets of, 16 hex digits; undefined where there are none. */
  readonly remote: string | undefined;
  /** Where what it carries starts: TLS. */
  readonly data: number;
}

const { opcode } = openvpnStart.fields;

/** The kind of the packet of a layer, whose first byte is captured. */
export const opcodeOf = (view: DataView, layer: Layer): number => opcode.read(view, packetAt(layer));

/** Reads a layer of OpenVPN; undefined for packets of data, and those that were cut. */
export function readControl(view: DataView, layer: Layer): OpenvpnControl | undefined {
  const { limit } = layer;
  const at = packetAt(layer);
  if (at + openvpnStart.size + sessionPart.size > limit.captured) return undefined;
  const of = opcode.read(view, at);
  const shape = isControl(of) ? shapeOf(view, at, limit) : undefined;
  if (!shape) return undefined;
  const session = at + openvpnStart.size;
  return { opcode: of, session: hexOf(view, session, session + sessionPart.size), shape };
}

/** Reads acknowledgements at `at` and what follows; undefined where they do not fit. */
export function readBody(view: DataView, at: number, of: number, { captured }: Limit): OpenvpnBody | undefined {
  const end = acksEnd(view, at, captured);
  if (end === 0) return undefined;
  const hasRemote = end > at + ackCount.size;
  const remote = hasRemote ? hexOf(view, end - remotePart.size, end) : undefined;
  return { remote, data: Math.min(captured, of === ACK_V1 ? end : end + messagePart.size) };
}

/** Whether the end of a packet of a kind is a wrapped key, which no MAC of the packet covers. */
export const endsInKey = isWrapped;
