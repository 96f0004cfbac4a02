import type { Layer } from '../../dissectors/layer.js';
import { heading, type Line } from '../../dissectors/wire/line.js';
import { TreeSink } from '../../dissectors/wire/tree-sink.js';
import type { Packet } from './packet.js';
import { tellLayerOf } from './tell-layer.js';
import { tellAfter, tellFrame } from './tell-packet.js';

/** The whole tree of a packet: the frame, each layer, the channels it touches, and what is worth telling. */
export function packetTree(packet: Packet): readonly Line[] {
  const layers = packet.dissection.layers.map((layer) => layerLine(packet, layer));
  const [before, after] = [new TreeSink(0), new TreeSink(0)];
  tellFrame(packet, before);
  tellAfter(packet, after);
  return [...before.made, ...layers, ...after.made];
}

/** The tree of one layer; of one that was cut, with the reason. */
export function layerLine(packet: Packet, layer: Layer): Line {
  const { name, source, at, end, limit, stop, facts } = layer;
  const tree = new TreeSink(source);
  tellLayerOf(packet, layer, tree);
  const explained = tree.made[0] ?? heading(name, name, source, at, end);
  if (!stop || facts?.type === 'channel' || name === 'data' || name === 'chan') return explained;
  const start = Math.min(at, limit.captured);
  const where = heading('', `[${stop.why} here: ${stop.what}]`, source, start, limit.captured);
  return { ...explained, children: [...explained.children, where] };
}
