import { etherText, type Field, ipv4Text, ipv6Text, type Value } from '../../dissectors/wire/field.js';
import {
  type Finding,
  textOf as findingText,
  kindOf,
  type Severity,
  severityOf,
} from '../../dissectors/wire/finding.js';
import type { Line } from '../../dissectors/wire/line.js';
import type { Taker } from '../../dissectors/wire/pick-sink.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { accessor } from '../print/accessor.js';
import { pathsOf } from '../print/fields.js';
import { JsonPackets } from '../print/json.js';
import { fieldNamed, isHeading, nearestField } from '../print/known-fields.js';
import type { Packet } from '../print/packet.js';
import { addressesOf, infoOf, protocolOf } from '../print/row.js';
import { packetTree } from '../print/tree.js';
import { Utf8Text } from '../print/utf8-text.js';

/**
 * The value of a field. Addresses are texts (`192.0.2.1`, `2001:db8::1`, `02:00:00:00:00:01`); integers of 64 bits are
 * bigints; a layer or a flag that is only there or not is `true`.
 */
export type FieldValue = number | bigint | boolean | string | Uint8Array;

/** A layer of a packet, the outermost first. */
export interface LayerView {
  /** As filters name it: `ip`. */
  readonly name: string;
  /** The header's bytes `[start, end)` in the bytes of `source`: 0 is the frame, others were put together. */
  readonly source: number;
  readonly start: number;
  readonly end: number;
}

/** Something worth telling about a packet. */
export interface FindingView {
  /** Stable: see `docs/findings.md`. */
  readonly code: string;
  readonly severity: Severity;
  readonly group: string;
  readonly text: string;
  readonly source: number;
  readonly start: number;
  readonly end: number;
}

/** A line of the detail tree, and the bytes that it is about. */
export interface TreeNode {
  /** The filter name, such as `ip.src`; of a heading that of its layer, or empty. */
  readonly path: string;
  readonly text: string;
  readonly value: FieldValue | undefined;
  readonly source: number;
  readonly start: number;
  readonly end: number;
  readonly children: readonly TreeNode[];
}

/** A row of the list. */
export interface SummaryView {
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  readonly info: string;
}

/** A name that no layer has as a field. */
export class UnknownFieldError extends Error {
  override readonly name = 'UnknownFieldError';
  /** The field that may have been meant. */
  readonly suggestion: string | undefined;

  constructor(name: string) {
    const suggestion = nearestField(name);
    super(`no such field: ${name}${suggestion === undefined ? '' : `; did you mean ${suggestion}?`}`);
    this.suggestion = suggestion;
  }
}

/** What gives the values of a field, by its name: found out once, for all packets. */
const readers = new Map<string, (packet: Packet) => readonly FieldValue[]>();

/** A packet that was dissected. It may be kept, unless it comes from a tracker, whose next packet takes its place. */
export class DissectedPacket {
  /** What the other modules of this package look into; its shape may change at any time. */
  readonly internals: Packet;

  /** Made by `dissect` and by trackers. */
  constructor(packet: Packet) {
    this.internals = packet;
  }

  /** From 1, in the order of the capture. */
  get number(): number {
    return this.internals.number;
  }

  /** In nanoseconds since 1970-01-01T00:00:00Z. */
  get time(): bigint {
    return BigInt(this.internals.seconds) * 1_000_000_000n + BigInt(this.internals.nanos);
  }

  get layers(): readonly LayerView[] {
    return this.internals.dissection.layers.map(({ name, source, at, end }) => ({ name, source, start: at, end }));
  }

  /** What is wrong or remarkable, of the packet alone first, then of what came before it. */
  get findings(): readonly FindingView[] {
    const { dissection, facts } = this.internals;
    return [...dissection.findings, ...facts.findings].map(findingView);
  }

  /** As the list shows it. */
  get summary(): SummaryView {
    const [source, destination] = addressesOf(this.internals);
    return { source, destination, protocol: protocolOf(this.internals), info: infoOf(this.internals) };
  }

  /**
   * The first value of a field, such as `chan.id` or `ip.src`; of a layer, `true` if it is there. Undefined where the
   * packet does not have it.
   * @throws {UnknownFieldError} for a name that no layer has
   */
  field(name: string): FieldValue | undefined {
    return this.fields(name)[0];
  }

  /**
   * All values of a field, in the order of the packet.
   * @throws {UnknownFieldError} for a name that no layer has
   */
  fields(name: string): readonly FieldValue[] {
    let reader = readers.get(name);
    if (!reader) {
      reader = readerOf(name);
      readers.set(name, reader);
    }
    return reader(this.internals);
  }

  /** What `decode -T json` prints of the packet. */
  json(): Readonly<Record<string, unknown>> {
    const text = new Utf8Text(4096);
    new JsonPackets().write(this.internals, text);
    return JSON.parse(text.toString()) as Record<string, unknown>;
  }

  /** Every field with the bytes that it is about, as the screen shows it. */
  tree(): readonly TreeNode[] {
    return packetTree(this.internals).map(nodeOf);
  }
}

const findingView = (finding: Finding): FindingView => ({
  code: finding.code,
  severity: severityOf(finding),
  group: kindOf(finding.code).group,
  text: findingText(finding),
  source: finding.source,
  start: finding.start,
  end: finding.end,
});

const nodeOf = ({ path, text, field, value, source, start, end, children }: Line): TreeNode => ({
  path,
  text,
  value: field && value !== undefined ? plainValue(field, value) : undefined,
  source,
  start,
  end,
  children: children.map(nodeOf),
});

function readerOf(name: string): (packet: Packet) => readonly FieldValue[] {
  if (!fieldNamed(name) && !isHeading(name)) throw new UnknownFieldError(name);
  let values: FieldValue[] = [];
  const taker: Taker = {
    field: (field, view, base) => values.push(plainValue(field, field.read(view, base))),
    value: (field, value) => values.push(plainValue(field, value)),
    presence: () => values.push(true),
  };
  const access = accessor(pathsOf(name), taker);
  return (packet) => {
    values = [];
    access(packet);
    return values;
  };
}

/** A value as a program wants it: addresses as texts, bytes as a copy of their own. */
function plainValue({ kind, size }: Field, value: Value): FieldValue {
  if (typeof value === 'number') {
    if (kind === 'ipv4') return ipv4Text(value);
    return kind === 'id' ? value.toString(16).padStart(typeof size === 'number' ? 2 * size : 1, '0') : value;
  }
  if (!(value instanceof Uint8Array)) return value;
  if (kind === 'ether' && value.length === 6) return etherText(viewOf(value), 0);
  if (kind === 'ipv6' && value.length === 16) return ipv6Text(viewOf(value), 0);
  return value.slice();
}
