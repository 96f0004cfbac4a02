import type { Layer } from '../../dissectors/layer.js';
import { dissectorNamed, keyOf } from '../../dissectors/registry.js';
import type { Field, Value } from '../../dissectors/wire/field.js';
import { severityOf, textOf } from '../../dissectors/wire/finding.js';
import type { Placed } from '../../dissectors/wire/layout.js';
import { PickSink } from '../../dissectors/wire/pick-sink.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { DECLARED, declared, declaredFields, surplusOf } from '../declared-part.js';
import { build, nothing } from '../part.js';
import { protocolMessage } from '../protocol-messages.js';
import { type FieldValue, type Shape, shapeOf } from './shape.js';

type Given = Readonly<Record<string, Value>>;

/** A header of another protocol, or one of its messages, by the name that a script has for it. */
export interface ProtocolForm {
  readonly layer: string;
  /** What tells the message, where it is one: what is expected must have it. */
  readonly marks: Given;
  /** What one that is sent has unless something else is given. */
  readonly given: Given;
  readonly shapes: readonly Shape[];
}

/** What `wg(…)` or `wg.initiation(…)` stands for; undefined where nothing is called so. */
export function protocolForm(name: string): ProtocolForm | undefined {
  const dot = name.indexOf('.');
  const message = dot < 0 ? undefined : protocolMessage(name.slice(0, dot), name.slice(dot + 1));
  const layer = message?.layer ?? (dot < 0 ? name : '');
  if (!DECLARED.includes(layer)) return undefined;
  const shapes = (declaredFields(layer) ?? []).map(shapeOf);
  return { layer, marks: message?.marks ?? {}, given: message?.given ?? {}, shapes };
}

const fieldOf = (layer: string, key: string): Placed<Field> | undefined =>
  declaredFields(layer)?.find((field) => field.key === key);

/**
 * The bytes of a message with these values.
 * @throws {RangeError} if a message of its type has no such field
 */
export function protocolBytes(
  { layer, given }: ProtocolForm,
  values: Readonly<Record<string, FieldValue>>,
): Uint8Array {
  const written = Object.entries(values).map(([key, value]) => [key, asWritten(fieldOf(layer, key), value)] as const);
  const all = { ...given, ...Object.fromEntries(written) };
  const [surplus] = surplusOf(layer, all);
  if (surplus !== undefined) throw new RangeError(`a message of this type has no field ${surplus}`);
  return build(declared(layer, all, nothing));
}

function asWritten(field: Field | undefined, value: FieldValue): Value {
  if (field?.kind === 'string' && value instanceof Uint8Array) return new TextDecoder().decode(value);
  return field?.kind === 'uint64' && typeof value === 'number' ? BigInt(value) : value;
}

/** What bytes are as a header of a protocol: its fields by their keys, or why they are none. */
export type ProtocolRead = { readonly value: (key: string) => FieldValue | undefined } | { readonly wrong: string };

/** Reads the payload of a datagram as a header of a protocol, on the port that it is known by. */
export function readProtocol(layer: string, bytes: Uint8Array): ProtocolRead {
  const dissector = dissectorNamed(layer);
  const view = viewOf(bytes);
  const limit = { captured: bytes.length, wire: bytes.length };
  const key = dissector ? (keyOf('udp.port', dissector) ?? keyOf('ip.proto', dissector) ?? 0) : 0;
  const context = { source: 0, key, network: undefined, quoted: undefined, partial: undefined };
  const found = dissector?.dissect(view, 0, limit, context);
  if (!dissector || !found) return { wrong: `no message of ${layer}` };
  if (!found.ok) return { wrong: `${found.why}: ${found.what}` };
  const bad = found.findings?.find((one) => severityOf(one) === 'error');
  if (bad) return { wrong: textOf(bad) };
  const layerFound: Layer = {
    name: layer,
    source: 0,
    at: 0,
    end: found.at,
    limit: found.limit,
    facts: found.facts,
    stop: undefined,
    quoted: undefined,
  };
  return { value: (name) => valueIn(layer, name, (sink) => dissector.tell?.(view, layerFound, sink)) };
}

/** The first value of a field that is told. */
function valueIn(layer: string, key: string, tell: (sink: PickSink) => void): FieldValue | undefined {
  const path = fieldOf(layer, key)?.path;
  if (path === undefined) return undefined;
  let first: Value | undefined;
  tell(
    new PickSink([path], {
      field: (field, view, base) => {
        first ??= field.read(view, base);
      },
      value: (_field, value) => {
        first ??= value;
      },
      presence: () => {},
    }),
  );
  if (typeof first === 'bigint') return Number(first);
  return typeof first === 'string' ? new TextEncoder().encode(first) : first;
}
