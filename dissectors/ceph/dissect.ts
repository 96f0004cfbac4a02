import type { Application, Context, Dissector, Layer, Payload } from '../layer.js';
import { NOT_MINE } from '../layer.js';
import { payloadAt } from '../payload.js';
import { fieldsOf } from '../wire/layout.js';
import { type Limit, type Stop, shortOf } from '../wire/stop.js';
import { CEPH_FORM } from './form.js';
import { BYTES, KEEPALIVE_TIME, LAYOUTS, LEASE_TIME, MARKS, messageHead, SENT_TIME, tagPart } from './layout.js';
import { NODES, TAG_ACK, TAG_MESSAGE, TAGS, TYPE_PAXOS, TYPES } from './numbers.js';
import { paxosText } from './paxos.js';
import { IN_STREAM, kindOf } from './stream.js';
import { tellPdu } from './tell.js';

/** Monitors listen here for the first version of the messenger. Source: IANA. */
const PORT = 6789;
const NO_STATE = { own: 0, other: 0 };

/** Takes one PDU of a connection. */
function dissect(_: DataView, at: number, limit: Limit, context: Context): Payload | Stop | typeof NOT_MINE {
  if (at >= limit.captured) return shortOf('ceph', at, 1, limit);
  // Only a stream tells what comes next: what is quoted, or in fragments, is data.
  const { state } = context;
  if (!state) return NOT_MINE;
  return payloadAt(context, limit.captured, limit, 'none', 0, { type: 'pdu', state });
}

function summary(view: DataView, layer: Layer): string {
  const { at, limit, facts } = layer;
  if (at >= limit.captured) return 'Ceph, cut off';
  switch (kindOf(view, at, limit.captured, facts?.type === 'pdu' ? facts.state : NO_STATE)) {
    case 'server':
    case 'client':
      return 'Connect';
    case 'connect':
      return 'Connect request';
    case 'reply':
      return `Connect reply ${TAGS[view.getUint8(at)] ?? 'unknown'}`;
    case 'sequence':
      return 'Sequence';
    default:
      return frameText(view, at, limit.captured);
  }
}

function frameText(view: DataView, at: number, captured: number): string {
  const tag = view.getUint8(at);
  const start = at + tagPart.size;
  if (tag === TAG_ACK && start + 8 <= captured) return `ACK ${view.getUint32(start, true)}`;
  if (tag !== TAG_MESSAGE) return TAGS[tag] ?? `tag ${tag}`;
  if (start + messageHead.size > captured) return 'Message, cut off';
  const { fields, size } = messageHead;
  const type = fields.type.read(view, start);
  const name = TYPES[type] ?? `message ${type}`;
  const end = Math.min(start + size + fields.front_size.read(view, start), captured);
  const node = fields.node_type.read(view, start);
  const from = `${NODES[node] ?? `node ${node} `}.${view.getUint32(start + fields.node_id.offset, true)}`;
  return type === TYPE_PAXOS ? `${name} ${paxosText(view, start + size, end)} from ${from}` : `${name} from ${from}`;
}

const tell = tellPdu((view, layer) => {
  const { at, limit, facts } = layer;
  return kindOf(view, at, limit.captured, facts?.type === 'pdu' ? facts.state : NO_STATE);
}, summary);

export const ceph: Application = {
  dissector: {
    name: 'ceph',
    title: 'Ceph',
    label: 'Ceph',
    form: CEPH_FORM,
    fields: [
      ...fieldsOf(...LAYOUTS),
      ...Object.values(MARKS),
      ...Object.values(BYTES),
      LEASE_TIME,
      SENT_TIME,
      KEEPALIVE_TIME,
    ],
    dissect,
    tell,
    summary,
  } satisfies Dissector,
  tcpPorts: [PORT],
  stream: IN_STREAM,
};
