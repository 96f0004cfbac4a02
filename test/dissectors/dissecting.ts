import type { Context, Dissector, Layer, LayerName, Network, NOT_MINE, Payload } from '../../dissectors/layer.js';
import { dissectorFor } from '../../dissectors/registry.js';
import { textOf } from '../../dissectors/wire/finding.js';
import { type Line, plainText } from '../../dissectors/wire/line.js';
import type { Limit, Stop } from '../../dissectors/wire/stop.js';
import { TreeSink } from '../../dissectors/wire/tree-sink.js';

/** A limit at which everything sent was captured. */
export const all = (view: DataView): Limit => ({ captured: view.byteLength, wire: view.byteLength });

/** What a dissector is told when nothing lies beneath its layer. */
export const context = (given: Partial<Context> = {}): Context => ({
  source: 0,
  key: 0,
  network: undefined,
  quoted: undefined,
  partial: undefined,
  ...given,
});

/** A network layer whose addresses sum to `addressSum` and whose length field holds `length`, in bytes of its own. */
export function network(version: 4 | 6, addressSum: number, protocol: number, length = 40): Network {
  const view = new DataView(new ArrayBuffer(40));
  view.setUint16(version === 4 ? 2 : 4, length);
  return { version, source: 0, at: 0, view, destination: 16, addressSum, protocol };
}

/** The layer that a walk would make of what a dissector found; one that is not its own has neither facts nor a stop. */
export const layerOf = (name: LayerName, at: number, limit: Limit, found: Payload | Stop | typeof NOT_MINE): Layer => ({
  name,
  source: 0,
  at,
  end: found?.ok ? found.at : limit.captured,
  limit,
  facts: found?.ok ? found.facts : undefined,
  stop: found?.ok ? undefined : found,
  quoted: undefined,
});

/** What a dissector finds in bytes that were captured whole. */
export function found(dissector: Dissector, view: DataView, given: Partial<Context> = {}): Payload | Stop {
  const answer = dissector.dissect(view, 0, all(view), context(given));
  if (!answer) throw new Error(`${dissector.name}: not mine`);
  return answer;
}

/** The stop that a dissector gives for a layer, wherever it begins. */
export const stop = (why: Stop['why'], what: string, need: number, have: number) => (at: number) => ({
  ok: false,
  why,
  what,
  at,
  need,
  have,
});

/** The finding for a length that reaches beyond its frame. */
export const slicedAt = (start: number, end: number, what: string, need: number, have: number) => ({
  findings: [{ code: 'packet-sliced', source: 0, start, end, given: [what, need, have] }],
});

/** The line that heads the tree of a layer, with all others beneath it, from what its dissector tells. */
export function linesOf(dissector: Dissector | undefined, view: DataView, layer: Layer): Line {
  const tree = new TreeSink(layer.source);
  dissector?.tell(view, layer, tree);
  const [line] = tree.made;
  if (!line) throw new Error(`${layer.name}: nothing is told`);
  return line;
}

/** The values in a tree of lines by filter name, as they print; several are joined by commas. */
export function valuesOf(line: Line): Record<string, string> {
  const values: Record<string, string> = {};
  const add = ({ path, field, value, children }: Line) => {
    if (field && value !== undefined) {
      const text = plainText(field, value);
      values[path] = path in values ? `${values[path]},${text}` : text;
    }
    for (const child of children) add(child);
  };
  add(line);
  return values;
}

/** The values that a dissector shows of bytes that were captured whole. */
export function shown(dissector: Dissector, view: DataView, given: Partial<Context> = {}): Record<string, string> {
  const limit = all(view);
  return valuesOf(linesOf(dissector, view, layerOf(dissector.name, 0, limit, found(dissector, view, given))));
}

/** One layer of a walk, and what its dissector found. */
export interface Step {
  readonly dissector: Dissector;
  readonly layer: Layer;
  readonly found: Payload | Stop;
}

/** Follows the layers of a packet without putting anything together. */
export function walk(view: DataView, at: number, limit: Limit, linkType: number): readonly Step[] {
  const steps: Step[] = [];
  const follow = (start: Pick<Payload, 'at' | 'limit' | 'table' | 'key'>, outer: Context) => {
    let here = start;
    let told = outer;
    for (let depth = 0; depth < 64; depth++) {
      const dissector = dissectorFor(here.table, here.key, view, here.at);
      if (!dissector) return;
      told = { ...told, key: here.key };
      const found = dissector.dissect(view, here.at, here.limit, told);
      if (!found) return;
      const layer = { ...layerOf(dissector.name, here.at, here.limit, found), quoted: told.quoted };
      steps.push({ dissector, layer, found });
      if (!found.ok || (found.fragment && found.fragment.offset > 0)) return;
      if (found.facts?.type === 'network') told = { ...told, network: found.facts.network };
      if (found.quoted) told = { ...told, quoted: true };
      for (const more of found.more ?? []) follow(more, told);
      here = found;
    }
  };
  follow({ at, limit, table: 'link', key: linkType }, context());
  return steps;
}

/** The findings of a payload or a walk, as the user reads them. */
export const told = (found: Payload | Stop | typeof NOT_MINE): readonly string[] =>
  found?.ok ? (found.findings ?? []).map(textOf) : [];
