import type { Layer } from '../../dissectors/layer.js';
import { ownersOf } from '../print/accessor.js';
import { packetReader } from './access-packet.js';
import type { Named } from './names.js';
import { isChosen } from './ranges.js';
import { fieldReader, type LayerReader, presenceReader, type Reader } from './reader.js';
import type { Range } from './tree.js';

/** How the values of a field are reached. */
export interface Access {
  readonly some: Reader;
}

/** How to reach the values of a field; of a layer, its presence. */
export function accessOf(named: Named, chosen?: readonly Range[]): Access {
  const { paths, name } = named;
  const [first = name] = paths;
  const packet = paths.length === 1 ? packetReader(name === first ? name : first) : undefined;
  if (packet) return { some: chosen && !isChosen(chosen, 1, 1) ? () => false : packet };
  const owners = new Set(paths.flatMap(ownersOf));
  const read = first.includes('.') ? fieldReader(paths) : presenceReader(first);
  return { some: inLayers(owners, read, chosen) };
}

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
