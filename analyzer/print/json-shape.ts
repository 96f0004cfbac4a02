import type { Layer, LayerName } from '../../dissectors/layer.js';
import { HOSTS } from './fields.js';
import { type JsonHead, jsonHead } from './json-slot.js';
import { type Words, wordsOf } from './utf8-text.js';

/** Layers that are a list however often they occur. Source: the command line page, "`-T json`". */
const LISTS: ReadonlySet<LayerName> = new Set(['vlan', 'chan']);

/** The layers of one name in a packet. */
export interface SameLayers {
  readonly name: LayerName;
  readonly head: JsonHead;
  /** Their places among the layers of the packet. */
  readonly places: readonly number[];
  /** `,"ip":` */
  readonly key: Words;
  readonly isList: boolean;
  /** The places of layers that may have headers of this name inside. */
  readonly hosts: readonly number[];
}

/** What follows from the names of a packet's layers alone. */
export interface JsonShape {
  readonly order: readonly LayerName[];
  /** `},"layers":["eth","ip"]` */
  readonly names: Words;
  /** A layer that occurs more than once stands where it first does. */
  readonly groups: readonly SameLayers[];
}

/** A sequence of layers, and those that go on from it. */
interface Node {
  readonly names: readonly LayerName[];
  readonly next: Map<LayerName, Node>;
  shape: JsonShape | undefined;
}

const node = (names: readonly LayerName[]): Node => ({ names, next: new Map(), shape: undefined });

/** The most sequences that are remembered: captures have some tens, unless they are made to have more. */
const MOST_NODES = 4096;

/** Finds the shape of packets by their layers; those of earlier packets are remembered. */
export class JsonShapes {
  private root = node([]);
  private count = 0;
  /** That of the packet before, which most packets have too. */
  private last = shapeOf([]);

  of(layers: readonly Layer[]): JsonShape {
    if (!isOf(this.last, layers)) this.last = this.find(layers);
    return this.last;
  }

  private find(layers: readonly Layer[]): JsonShape {
    let at = this.root;
    for (let place = 0; place < layers.length; place++) {
      const { name } = layers[place] as Layer;
      at = at.next.get(name) ?? this.grow(at, name);
    }
    at.shape ??= shapeOf(at.names);
    return at.shape;
  }

  private grow(at: Node, name: LayerName): Node {
    const next = node([...at.names, name]);
    this.count++;
    if (this.count > MOST_NODES) {
      this.root = node([]);
      this.count = 0;
    } else at.next.set(name, next);
    return next;
  }
}

function shapeOf(names: readonly LayerName[]): JsonShape {
  const groups = [...new Set(names)].map((name): SameLayers => {
    const places = placesOf(names, (other) => other === name);
    const within = HOSTS.get(name);
    const hosts = within ? placesOf(names, (other) => within.includes(other)) : [];
    const isList = LISTS.has(name) || places.length > 1;
    return { name, head: jsonHead(name), places, key: wordsOf(`,"${name}":`), isList, hosts };
  });
  return { order: names, names: wordsOf(`},"layers":[${names.map((name) => `"${name}"`)}]`), groups };
}

function isOf({ order }: JsonShape, layers: readonly Layer[]): boolean {
  if (order.length !== layers.length) return false;
  for (let place = 0; place < order.length; place++) if (layers[place]?.name !== order[place]) return false;
  return true;
}

const placesOf = (names: readonly LayerName[], is: (name: LayerName) => boolean): readonly number[] =>
  names.flatMap((name, place) => (is(name) ? [place] : []));
