import type { Held } from './scope.js';
import type { Position } from './tree.js';

interface Known {
  readonly held: Held;
  /** Where it was said; undefined for what is known without being said. */
  readonly at: Position | undefined;
  isUsed: boolean;
}

/** The variables of a script while it is checked, and which of them anything asks for. */
export class Variables {
  readonly #known = new Map<string, Known>();
  readonly #unused: (Position & { readonly name: string })[] = [];

  /** @param at left out for what is known without being said */
  define(name: string, held: Held, at?: Position): void {
    this.#note(name);
    this.#known.set(name, { held, at, isUsed: false });
  }

  value(name: string): Held | undefined {
    const known = this.#known.get(name);
    if (known) known.isUsed = true;
    return known?.held;
  }

  /** Whether anything asks for a variable. */
  isUsed(name: string): boolean {
    return this.#known.get(name)?.isUsed === true;
  }

  names(): Iterable<string> {
    return this.#known.keys();
  }

  /** What was kept and never asked for, in the order of the script. */
  unused(): readonly (Position & { readonly name: string })[] {
    for (const name of this.#known.keys()) this.#note(name);
    return this.#unused.toSorted((one, other) => one.line - other.line || one.column - other.column);
  }

  #note(name: string): void {
    const known = this.#known.get(name);
    if (known?.at && !known.isUsed) this.#unused.push({ name, line: known.at.line, column: known.at.column });
  }
}
