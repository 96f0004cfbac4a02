import type { Layer } from '../../dissectors/layer.js';
import { DISSECTORS } from '../../dissectors/registry.js';
import { usualHeader } from '../../dissectors/usual.js';
import { isWorkedOut } from '../print/worked-out.js';
import { channelReader } from './access-channel.js';
import { directReader, usualField } from './access-layers.js';
import { packetReader } from './access-packet.js';
import type { Named } from './names.js';
import { isChosen } from './ranges.js';
import { type LayerReader, type Reader, treeReader } from './reader.js';
import type { Range } from './tree.js';

/** How the values of a field are reached. */
export interface Access {
  readonly some: Reader;
  /** `direct`: read where they stand. `tree`: the tree of the layer is built first. */
  readonly how: 'direct' | 'tree';
}

/** How to reach the values of a field; of a layer, its presence. */
export function accessOf(named: Named, chosen?: readonly Range[]): Access {
  const { paths, name } = named;
  const packet = paths.length === 1 ? packetReader(name === paths[0] ? name : (paths[0] ?? name)) : undefined;
  if (packet) return { some: chosen && !isChosen(chosen, 1, 1) ? () => false : packet, how: 'direct' };
  const readers = paths.map((path) => layerReader(path));
  const owners = new Set(paths.flatMap((path) => ownersOf(path)));
  const how = readers.some(({ direct }) => !direct) ? 'tree' : 'direct';
  const read = together(readers.map((reader) => reader.read));
  const some = inLayers(owners, read, chosen);
  return { some: chosen ? some : usualFirst(paths, owners, some), how };
}

/** Reads fields of the headers of usual frames without their layers being made; of all other frames, as given. */
function usualFirst(paths: readonly string[], owners: ReadonlySet<string>, some: Reader): Reader {
  const fields = paths.map(usualField);
  const [first] = fields;
  const { layer } = first ?? {};
  if (!layer || USUAL_LAYERS.some((name) => owners.has(name) !== (name === layer))) return some;
  if (!fields.every((field) => field?.layer === layer)) return some;
  const reads = fields.flatMap((field) => (field ? [field.read] : []));
  return (packet, visit) => {
    const { dissection } = packet;
    const at = usualHeader(dissection, layer);
    const view = at < 0 ? undefined : dissection.channels[0]?.view;
    if (!view) return some(packet, visit);
    for (const read of reads) if (visit(read(view, at))) return true;
    return false;
  };
}

/** The layers of usual frames. */
const USUAL_LAYERS = ['eth', 'ip', 'udp', 'chan'];

const together = (readers: readonly LayerReader[]): LayerReader => {
  const [first, second, third] = readers;
  if (first && !second) return first;
  if (first && second && !third) {
    return (packet, layer, visit) => first(packet, layer, visit) || second(packet, layer, visit);
  }
  return (packet, layer, visit) => readers.some((read) => read(packet, layer, visit));
};

/** Reads a field in each of its layers, or in those chosen. */
export function inLayers(owners: ReadonlySet<string>, read: LayerReader, chosen?: readonly Range[]): Reader {
  const [only] = owners;
  if (!chosen && owners.size === 1) {
    return (packet, visit) => {
      for (const layer of packet.dissection.layers) {
        if (layer.name === only && read(packet, layer, visit)) return true;
      }
      return false;
    };
  }
  return (packet, visit) => {
    const layers = packet.dissection.layers.filter(({ name }) => owners.has(name));
    if (!chosen) return layers.some((layer) => read(packet, layer, visit));
    const numbers = numbersOf(layers);
    // Negative numbers count from the last layer that has the field, as in Wireshark.
    const total = numbers[layers.findLastIndex((layer) => read(packet, layer, () => true))] ?? 0;
    return layers.some((layer, at) => isChosen(chosen, numbers[at] ?? 0, total) && read(packet, layer, visit));
  };
}

/** The numbers of layers of one name: headers that follow a fragment belong to the layer before them. */
function numbersOf(layers: readonly Layer[]): readonly number[] {
  let number = 0;
  return layers.map(({ facts }) => {
    if (facts?.type !== 'extension' || number === 0) number++;
    return number;
  });
}

/** The layers whose trees a field can be in. */
export function ownersOf(path: string): readonly string[] {
  const layer = path.split('.', 1)[0] ?? path;
  if (layer === 'chan' || layer === 'data') return [layer];
  if (isWorkedOut(path)) return [layer];
  const prefix = path.includes('.') ? undefined : `${path}.`;
  const owners = DISSECTORS.filter(
    ({ name, fields }) =>
      name === path || fields.some((field) => field.path === path || (prefix && field.path.startsWith(prefix))),
  );
  return owners.map(({ name }) => name);
}

function layerReader(path: string): { readonly read: LayerReader; readonly direct: boolean } {
  if (path === 'chan' || path === 'data' || DISSECTORS.some(({ name }) => name === path)) {
    // A layer may have fields named after another, such as `ah` in `ipv6`: there the other is if any of them is.
    const part = treeReader(path);
    const read: LayerReader = (packet, layer, visit) => (layer.name === path ? visit(1) : part(packet, layer, visit));
    return { read, direct: true };
  }
  const direct = path.startsWith('chan.') ? channelReader(path) : directReader(path);
  return direct ? { read: direct, direct: true } : { read: treeReader(path), direct: false };
}
