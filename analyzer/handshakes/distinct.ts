/** So many different texts are told apart exactly; beyond them their number is estimated. */
const MOST_EXACT = 256;
/** Registers of the estimate: its standard error is 1.04 / √1024, about 3 %. In bits, and in all. */
const REGISTER_BITS = 10;
const REGISTERS = 1 << REGISTER_BITS;
/** Corrects the bias of the harmonic mean. Source: Flajolet et al., "HyperLogLog", 2007, figure 3. */
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);

/** Counts how many different texts there were, in a kilobyte, however many come. */
export class Distinct {
  private exact: Set<string> | undefined = new Set();
  private registers: Uint8Array | undefined;
  private readonly seed: number;

  /** @param seed any number; strangers must not know it */
  constructor(seed: number) {
    this.seed = seed;
  }

  add(text: string): void {
    if (this.exact) {
      this.exact.add(text);
      if (this.exact.size <= MOST_EXACT) return;
      this.registers = new Uint8Array(REGISTERS);
      for (const one of this.exact) this.mark(one);
      this.exact = undefined;
    } else this.mark(text);
  }

  get isExact(): boolean {
    return this.exact !== undefined;
  }

  get count(): number {
    if (this.exact) return this.exact.size;
    let sum = 0;
    let empty = 0;
    for (const rank of this.registers ?? []) {
      sum += 2 ** -rank;
      if (rank === 0) empty++;
    }
    const estimate = (ALPHA * REGISTERS * REGISTERS) / sum;
    // While registers are empty, counting those is more exact.
    const linear = REGISTERS * Math.log(REGISTERS / Math.max(1, empty));
    return Math.round(estimate <= 2.5 * REGISTERS && empty > 0 ? linear : estimate);
  }

  private mark(text: string): void {
    const hash = hashOf(text, this.seed);
    const place = hash >>> (32 - REGISTER_BITS);
    const rank = Math.clz32((hash << REGISTER_BITS) | (1 << (REGISTER_BITS - 1))) + 1;
    const { registers } = this;
    if (registers && (registers[place] ?? 0) < rank) registers[place] = rank;
  }
}

/** FNV-1a over the characters, then the finalizer of MurmurHash3. */
function hashOf(text: string, seed: number): number {
  let hash = 0x811c_9dc5 ^ seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x0100_0193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return hash ^ (hash >>> 16);
}
