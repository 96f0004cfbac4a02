import type { Context, Dissector, Layer, Payload } from '../layer.js';
import { LINK_TYPE_LLC } from '../llc/link-type.js';
import { fieldsOf } from '../wire/layout.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
import { toldReach } from '../wire/sliced.js';
import { type Limit, type Stop, shortOf } from '../wire/stop.js';
import { subframeHeader, subframeLength } from './layout.js';

const HEAD = subframeHeader.size + subframeLength.size;
/** All frames but the last are padded to a multiple of this many bytes. */
const WORD = 4;
/** An aggregate of at most 11,454 bytes has room for this many frames with LLC and IP. */
const MOST_FRAMES = 256;

const lengthAt = (view: DataView, at: number): number =>
  subframeLength.fields['a_mdsu.length'].read(view, at + subframeHeader.size);

/** Where the frames of the aggregate at `at` start whose headers are captured. */
function startsIn(view: DataView, at: number, limit: Limit): readonly number[] {
  const starts: number[] = [];
  for (let start = at; start + HEAD <= limit.captured && starts.length < MOST_FRAMES; ) {
    starts.push(start);
    start += Math.ceil((HEAD + lengthAt(view, start)) / WORD) * WORD;
  }
  return starts;
}

/** Finds the payload of each frame. */
function dissect(view: DataView, at: number, limit: Limit, context: Context): Payload | Stop {
  const starts = startsIn(view, at, limit);
  if (starts.length === 0) return shortOf('wlan_aggregate', at, HEAD, limit);
  const payload = (start: number): Payload => {
    const end = start + HEAD;
    const reach = toldReach('wlan_aggregate.a_mdsu.length', end - 2, 2, end, lengthAt(view, start), limit, context);
    return { ok: true, at: end, table: 'link', key: LINK_TYPE_LLC, ...reach };
  };
  const [first = payload(at), ...more] = starts.map(payload);
  const findings = [first, ...more].flatMap((one) => one.findings ?? []);
  return { ...first, findings, more };
}

function tell(view: DataView, { at, end, limit }: Layer, sink: FieldSink): void {
  sink.open('wlan_aggregate', wlanAggregate.title, at, Math.max(end, at));
  for (const [place, start] of startsIn(view, at, limit).entries()) {
    sink.open('', `Frame ${place + 1}`, start, Math.min(start + HEAD, limit.captured));
    tellLayout(sink, subframeHeader, view, start, limit);
    tellLayout(sink, subframeLength, view, start + subframeHeader.size, limit);
    sink.close();
  }
  sink.close();
}

/** The frames that a frame of IEEE 802.11 aggregates. Source: IEEE 802.11, "A-MSDU format". */
export const wlanAggregate: Dissector = {
  name: 'wlan_aggregate',
  title: 'IEEE 802.11 aggregate',
  fields: fieldsOf(subframeLength, subframeHeader),
  dissect,
  tell,
  summary: (view, { at, limit }) => {
    const { length } = startsIn(view, at, limit);
    return length === 0 ? '802.11 aggregate, cut off' : `802.11 aggregate of ${length}`;
  },
};
