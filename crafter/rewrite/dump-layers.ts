import { type AnyLayer, linkTypeOf, wrapped } from '../commands/craft-layers.js';
import { build, raw } from '../part.js';

/** Headers around the packets of a dump: what came in is from the source to the destination, what went out the other way. */
export class DumpLayers {
  readonly #plans: readonly AnyLayer[];
  /** Bytes that each side has sent: the sequence numbers of TCP count them. */
  readonly #sent = { in: 1, out: 1 };

  constructor(plans: readonly AnyLayer[]) {
    this.#plans = plans;
  }

  /** The link type of what `around` makes; undefined where nothing is put around packets. */
  get linkType(): number | undefined {
    return this.#plans.length === 0 ? undefined : linkTypeOf(this.#plans);
  }

  around(bytes: Uint8Array, direction: 'in' | 'out'): Uint8Array {
    if (this.#plans.length === 0) return bytes;
    const other = direction === 'in' ? 'out' : 'in';
    const plans = this.#plans.map((plan) => {
      const turned = direction === 'in' ? plan : { ...plan, given: swapped(plan.given) };
      if (plan.name !== 'tcp') return turned;
      const numbers = {
        seq_raw: this.#sent[direction],
        ack_raw: this.#sent[other],
        'flags.ack': true,
        'flags.push': true,
      };
      return { ...turned, given: { ...numbers, ...turned.given } };
    });
    this.#sent[direction] = (this.#sent[direction] + bytes.length) >>> 0;
    return build(wrapped(plans, raw(bytes)));
  }
}

const OTHER: Readonly<Record<string, string>> = { src: 'dst', dst: 'src', srcport: 'dstport', dstport: 'srcport' };

const swapped = (given: AnyLayer['given']): AnyLayer['given'] =>
  Object.fromEntries(Object.entries(given).map(([key, value]) => [OTHER[key] ?? key, value]));
