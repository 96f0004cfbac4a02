import type { Dissector, Layer, Tell } from './layer.js';
import { heading, type Line } from './wire/line.js';
import type { FieldSink } from './wire/sink.js';
import { TreeSink } from './wire/tree-sink.js';

/** The line that heads the tree of a layer, with all others beneath it, from what is told of the layer. */
export const linesOf =
  (tell: Tell) =>
  (view: DataView, layer: Layer): Line => {
    const tree = new TreeSink(layer.source);
    tell(view, layer, tree);
    return tree.made[0] ?? heading(layer.name, layer.name, layer.source, layer.at, layer.end);
  };

/** Tells the fields of a layer to whoever listens. */
export function tellLayer({ tell, lines }: Dissector, view: DataView, layer: Layer, sink: FieldSink): void {
  if (tell) tell(view, layer, sink);
  else sink.lines([lines(view, layer)]);
}
