import type { Layer, LayerName } from '../../dissectors/layer.js';

/** Which layers a packet has, outermost first, and where among them those are that columns tell of. */
export interface Shape {
  readonly names: readonly LayerName[];
  /** The place of the only network layer, −1 where there are none or several; so with the other two. */
  readonly network: number;
  readonly transport: number;
  readonly channel: number;
}

const placeOfOnly = (names: readonly LayerName[], wanted: readonly LayerName[]): number => {
  const place = names.findIndex((name) => wanted.includes(name));
  return place === names.findLastIndex((name) => wanted.includes(name)) ? place : -1;
};

export const NETWORKS: readonly LayerName[] = ['ip', 'ipv6'];
export const TRANSPORTS: readonly LayerName[] = ['udp', 'tcp', 'sctp', 'udplite'];

export const shapeOf = (names: readonly LayerName[]): Shape => ({
  names,
  network: placeOfOnly(names, NETWORKS),
  transport: placeOfOnly(names, TRANSPORTS),
  channel: placeOfOnly(names, ['chan']),
});

type Named = Pick<Layer, 'name'>;

/** Shapes that are told apart, and the layers of the longest of them: packets of any other have number 0. */
const MOST_SHAPES = 4096;
/** Layers of a shape that columns can tell of; packets of more are looked at again. */
const MOST_LAYERS = 12;

/** Numbers the shapes of packets, from 1, as they appear. */
export class Shapes {
  readonly list: Shape[] = [];
  private readonly numbers = new Map<string, number>();
  private last = 0;

  /** The number of the shape of some layers; 0 where it has none. */
  numberOf(layers: readonly Named[]): number {
    const { last } = this;
    // Most packets have the shape of the one before.
    if (last > 0 && isShape(this.list[last - 1] as Shape, layers)) return last;
    if (layers.length > MOST_LAYERS) return 0;
    const key = layers.map(({ name }) => name).join(':');
    const known = this.numbers.get(key);
    if (known !== undefined) {
      this.last = known;
      return known;
    }
    if (this.list.length === MOST_SHAPES) return 0;
    this.last = this.list.push(shapeOf(layers.map(({ name }) => name)));
    this.numbers.set(key, this.last);
    return this.last;
  }
}

function isShape({ names }: Shape, layers: readonly Named[]): boolean {
  if (names.length !== layers.length) return false;
  for (let place = 0; place < names.length; place++) if (names[place] !== layers[place]?.name) return false;
  return true;
}
