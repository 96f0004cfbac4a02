import { ChannelRewriter } from '../../crafter/channel-rewriter.js';
import { monotonic } from '../../crafter/io/clock.js';
import { Alarm } from '../../crafter/io/timers.js';
import type { Flow, RelayWay } from '../../crafter/io/udp-relay.js';
import type { Fate } from '../../crafter/link/relay-rules.js';
import type { FieldChange } from '../../crafter/rewrite/field-change.js';
import { changedFrame } from '../../crafter/rewrite/frame-change.js';
import { slice } from '../../dissectors/wire/view.js';
import type { Packet } from '../print/packet.js';

/** A datagram that is on its way. */
interface Held {
  readonly bytes: Uint8Array;
  readonly flow: Flow;
  readonly way: RelayWay;
  readonly at: number;
}

/** Datagrams that are held back at most; what comes beyond goes on at once. */
const MOST_HELD = 10_000;
/** How long one waits for another to overtake it, in milliseconds. */
const LONGEST_WAIT = 1000;
/** The rewriter of channel packets has nothing to do here. */
const IDLE = new ChannelRewriter({ ids: new Map() });

/** What is between the two sides: datagrams go on as they came, later, changed, twice or not at all. */
export class Passage {
  readonly #forward: (bytes: Uint8Array, flow: Flow, way: RelayWay) => void;
  #delayed: Held[] = [];
  #heldBack: Held[] = [];
  readonly #alarm = new Alarm((now) => this.#due(now));
  /** Datagrams that were to be held and went on at once. */
  refused = 0;

  constructor(forward: (bytes: Uint8Array, flow: Flow, way: RelayWay) => void) {
    this.#forward = forward;
  }

  take(packet: Packet, bytes: Uint8Array, flow: Flow, way: RelayWay, fate: Fate<FieldChange>): void {
    if (fate.isDropped) return;
    const changed = fate.changes.length > 0 ? changedIn(packet, bytes, fate.changes) : bytes;
    const now = monotonic();
    for (let copy = 0; copy < fate.copies; copy++) {
      if (fate.delay > 0) this.#hold(this.#delayed, { bytes: changed, flow, way, at: now + fate.delay });
      else if (fate.isHeldBack) this.#hold(this.#heldBack, { bytes: changed, flow, way, at: now + LONGEST_WAIT });
      else this.#forward(changed, flow, way);
    }
    if (!fate.isHeldBack) this.#overtaken(flow, way);
  }

  /** Everything that is held goes on now; nothing is woken any more. */
  flush(): void {
    this.#alarm.cancel();
    for (const { bytes, flow, way } of [...this.#heldBack, ...this.#delayed]) this.#forward(bytes, flow, way);
    this.#heldBack = [];
    this.#delayed = [];
  }

  #hold(list: Held[], held: Held): void {
    if (this.#delayed.length + this.#heldBack.length >= MOST_HELD) {
      this.refused += 1;
      this.#forward(held.bytes, held.flow, held.way);
      return;
    }
    list.push(held);
    this.#alarm.noLaterThan(held.at);
  }

  /** A datagram has overtaken those that waited for that. */
  #overtaken(flow: Flow, way: RelayWay): void {
    if (this.#heldBack.length === 0) return;
    const isFree = (held: Held): boolean => held.flow === flow && held.way === way;
    const free = this.#heldBack.filter(isFree);
    this.#heldBack = this.#heldBack.filter((held) => !isFree(held));
    for (const { bytes } of free) this.#forward(bytes, flow, way);
  }

  #due(now: number): void {
    this.#delayed = this.#sent(this.#delayed, now);
    this.#heldBack = this.#sent(this.#heldBack, now);
    const next = Math.min(...[...this.#delayed, ...this.#heldBack].map(({ at }) => at));
    if (Number.isFinite(next)) this.#alarm.noLaterThan(next);
  }

  /** Sends the datagrams that are due, in the order of their times; the others stay. */
  #sent(list: readonly Held[], now: number): Held[] {
    const due = list.filter(({ at }) => at <= now).toSorted((one, other) => one.at - other.at);
    for (const { bytes, flow, way } of due) this.#forward(bytes, flow, way);
    return list.filter(({ at }) => at > now);
  }
}

/** The datagram of a packet, with other values in some of its fields, and checksums that are as right as they were. */
function changedIn({ dissection, captured }: Packet, bytes: Uint8Array, fields: readonly FieldChange[]): Uint8Array {
  const view = dissection.sources[0]?.view;
  if (!view) return bytes;
  const frame = slice(view, 0, captured);
  const changes = {
    addresses: [],
    ports: [],
    fields,
    channel: IDLE,
    repair: 'keep',
    fixLengths: false,
  } as const;
  const changed = changedFrame(frame, dissection, changes, { channels: 0, values: 0 });
  return changed.slice(changed.length - bytes.length);
}
