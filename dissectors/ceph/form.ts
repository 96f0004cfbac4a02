import type { Form } from '../layer.js';
import type { Value } from '../wire/field.js';
import { u32le, u64le } from '../wire/field.js';
import { layout } from '../wire/layout.js';
import { encode } from '../wire/message.js';
import { footerPart, latestPart, messageHead, paxosHead, tagPart } from './layout.js';
import { TAG_MESSAGE, TYPE_PAXOS } from './numbers.js';
import { headCrc, plainCrc } from './stream.js';

type Given = Readonly<Record<string, Value>>;

/** The two times of a message of Paxos, and the number of its values, which follow it. */
const timesPart = layout('ceph', { lease: u64le('Lease until'), sent: u64le('Sent') });
const noValues = layout('ceph', { values: u32le('Values') });
const FRONT = [paxosHead, timesPart, latestPart, noValues];
const FRONT_SIZE = FRONT.reduce((size, one) => size + one.size, 0);

/** The values of a message of Paxos without a value; its checksums are those of its bytes. */
function filled(_: number, given: Given = {}): Given {
  const known: Given = {
    tag: TAG_MESSAGE,
    type: TYPE_PAXOS,
    priority: 196,
    head_version: 4,
    compat_version: 3,
    front_size: FRONT_SIZE,
    node_type: 1,
    'connect.flags': 1,
  };
  const values = { ...known, ...given };
  const head = new DataView(new ArrayBuffer(messageHead.size));
  encode(messageHead, values, head, 0);
  const front = new DataView(new ArrayBuffer(FRONT_SIZE));
  FRONT.reduce((at, one) => encode(one, values, front, at), 0);
  return { ...known, crc: headCrc(head, 0), 'foot.front_crc': plainCrc(front, 0, FRONT_SIZE) };
}

const ALL = [tagPart, messageHead, ...FRONT, footerPart];

/** What a message of Paxos without a value is written from. */
export const CEPH_FORM: Form = { layouts: ALL, layoutsOf: () => ALL, filled };
