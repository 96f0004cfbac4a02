import type { LayerName } from '../../dissectors/layer.js';
import { DISSECTORS } from '../../dissectors/registry.js';
import { HeadSink, PickSink, type Taker } from '../../dissectors/wire/pick-sink.js';
import type { FieldSink } from '../../dissectors/wire/sink.js';
import type { Packet } from './packet.js';
import { tellLayerOf } from './tell-layer.js';
import { frameTeller, tellAfter, tellColumns, tellFrame } from './tell-packet.js';
import { isWorkedOut, tellWorkedOut } from './worked-out.js';

/** Hands the values of a field in a packet to whoever it was made for, in their order. */
export type Accessor = (packet: Packet) => void;

/**
 * How the values of a field are reached, found out once: which layers can have it, and what takes it from what they tell.
 * @param paths the filter names that the field stands for, one or two; a name without a dot is a layer or a header
 * @param taker what takes the values; that of a name without a dot is told their presence
 */
export function accessor(paths: readonly string[], taker: Taker): Accessor {
  const [path = ''] = paths;
  const head = headOf(path);
  if (path === head) return presenceAccessor(path, taker);
  const sink = new PickSink(paths, taker);
  const whole = head === 'frame' ? frameTeller(paths) : tellerOf(head);
  if (whole) return (packet) => whole(packet, sink);
  const owners = new Set(paths.flatMap(ownersOf));
  const [only] = owners;
  const tells = tellerFor(paths);
  return (packet) => {
    for (const layer of packet.dissection.layers) {
      if (layer.name === only || owners.has(layer.name)) tells(packet, layer, sink);
    }
  };
}

const headOf = (path: string): string => path.split('.', 1)[0] ?? path;

/** What tells the fields of this name that belong to no layer. */
function tellerOf(head: string): ((packet: Packet, sink: FieldSink) => void) | undefined {
  switch (head) {
    case 'frame':
      return tellFrame;
    case '_ws':
      return tellColumns;
    case 'channel':
    case 'handshake':
    case 'expert':
      return tellAfter;
    default:
      // Links between packets are named after channels, whatever they are about.
      return undefined;
  }
}

/** What tells a layer to those who want these fields. */
export const tellerFor = (paths: readonly string[]): typeof tellLayerOf =>
  paths.some(isWorkedOut) ? tellAll : tellLayerOf;

/** Tells a layer with what is worked out of it. */
function tellAll(...given: Parameters<typeof tellLayerOf>): void {
  tellLayerOf(...given);
  tellWorkedOut(...given);
}

function presenceAccessor(name: string, taker: Taker): Accessor {
  const sink = new HeadSink(name, taker);
  const whole = tellerOf(name);
  if (whole) {
    return (packet) => {
      sink.begin();
      whole(packet, sink);
      sink.end();
    };
  }
  const owners = new Set(ownersOf(name));
  return (packet) => {
    for (const layer of packet.dissection.layers) {
      if (!owners.has(layer.name)) continue;
      sink.begin();
      tellLayerOf(packet, layer, sink);
      sink.end();
    }
  };
}

/** The layers that can have a field, or of a name without a dot a field that is named after it. */
export function ownersOf(path: string): readonly LayerName[] {
  const head = headOf(path);
  if (head === 'chan' || head === 'data') return [head];
  if (isWorkedOut(path)) return [head];
  const prefix = path === head ? `${path}.` : undefined;
  const owners = DISSECTORS.filter(
    ({ name, fields }) =>
      name === path || fields.some((field) => field.path === path || (prefix && field.path.startsWith(prefix))),
  );
  return owners.map(({ name }) => name);
}
