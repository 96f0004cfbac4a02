import type { Layer, StreamApplication } from '../layer.js';
import { HARD_RESET_CLIENT_V2, HARD_RESET_CLIENT_V3, lengthPrefix, openvpnStart } from './layout.js';
import { isCertain, isOpcode, shapeOf } from './shape.js';

const { opcode, keyid } = openvpnStart.fields;

/** Where the packet of a layer starts: in a stream its length stands before it. */
export const packetAt = ({ at, facts }: Pick<Layer, 'at' | 'facts'>): number =>
  facts?.type === 'pdu' ? at + lengthPrefix.size : at;

/** How packets are cut out of a TCP stream. */
export const IN_STREAM: StreamApplication = {
  length: (view, at, { captured }) => {
    const start = at + lengthPrefix.size;
    if (start + openvpnStart.size > captured) return -(lengthPrefix.size + openvpnStart.size);
    const length = lengthPrefix.fields.plen.read(view, at);
    if (length < openvpnStart.size || !isOpcode(opcode.read(view, start))) return undefined;
    return lengthPrefix.size + length;
  },
  startsOnAnyPort: (view, at, { captured }) => {
    const start = at + lengthPrefix.size;
    if (start + openvpnStart.size > captured) return false;
    const of = opcode.read(view, start);
    const isReset = of === HARD_RESET_CLIENT_V2 || of === HARD_RESET_CLIENT_V3;
    const end = start + lengthPrefix.fields.plen.read(view, at);
    // A client says nothing more until it is answered.
    if (!isReset || end !== captured || keyid.read(view, start) !== 0) return false;
    const limit = { captured: end, wire: end };
    const shape = shapeOf(view, start, limit);
    return shape !== undefined && isCertain(view, start, limit, shape);
  },
};
