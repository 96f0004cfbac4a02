import { messageHead, tagPart } from '../../../dissectors/ceph/layout.js';
import { TAG_MESSAGE, TYPE_PAXOS } from '../../../dissectors/ceph/numbers.js';
import { type PaxosMessage, readPaxos } from '../../../dissectors/ceph/paxos.js';
import type { Layer } from '../../../dissectors/layer.js';

/** A node's type in the head of a message. */
const MONITOR = 1;

/** What the head of a message of Ceph's says. */
export interface Head {
  /** The rank of the monitor that sends it; undefined for others. */
  readonly rank: number | undefined;
  readonly isPaxos: boolean;
  /** Where its front is. */
  readonly at: number;
  readonly end: number;
}

/** The head of the message in a layer; undefined where it is none, or cut. */
export function headOf(view: DataView, { at, limit }: Layer): Head | undefined {
  const start = at + tagPart.size;
  const front = start + messageHead.size;
  if (front > limit.captured || view.getUint8(at) !== TAG_MESSAGE) return undefined;
  const { type, front_size, node_type, node_id } = messageHead.fields;
  return {
    rank: node_type.read(view, start) === MONITOR ? view.getUint32(start + node_id.offset, true) : undefined,
    isPaxos: type.read(view, start) === TYPE_PAXOS,
    at: front,
    end: Math.min(front + front_size.read(view, start), limit.captured),
  };
}

/** The message of Paxos behind a head. */
export const paxosIn = (view: DataView, { at, end }: Head): PaxosMessage | undefined => readPaxos(view, at, end);
