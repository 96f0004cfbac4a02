import {
  ACCEPT,
  BEGIN,
  COLLECT,
  COMMIT,
  LAST,
  LEASE,
  LEASE_ACK,
  OPERATIONS,
  ROLES,
} from '../../../dissectors/ceph/numbers.js';
import type { PaxosMessage } from '../../../dissectors/ceph/paxos.js';
import type { Layer } from '../../../dissectors/layer.js';
import { crc32c } from '../../../dissectors/wire/checksum.js';
import { endsAround } from '../ends.js';
import { type Handshake, isPending } from '../handshake.js';
import type { KindTracker, Step } from '../step.js';
import { headOf, paxosIn } from './message.js';
import { Monitors, nameOf } from './monitors.js';

/** How long a leader waits for its peons, in seconds. Source: Ceph, mon_lease 5 s, mon_accept_timeout_factor 2. */
const WAIT_SECONDS = 10;

/** A value that a peon has accepted and that nobody has committed, as its LAST tells. */
interface Uncommitted {
  readonly pn: number;
  readonly version: number;
  /** Of its bytes: a checksum and their number. */
  readonly hash: string;
}

/** What a round keeps while it goes on. */
interface Memory {
  /** The peons that have promised, or accepted. */
  readonly agreed: Set<number>;
  uncommitted: Uncommitted | undefined;
}

/** A message of Paxos on its way. */
interface Sent {
  readonly step: Step;
  readonly view: DataView;
  readonly layer: Layer;
  readonly message: PaxosMessage;
  readonly from: number;
  readonly to: number | undefined;
  /** Who it goes to: the monitor's name, or where it is. */
  readonly toName: string;
}

/**
 * Follows the rounds of Paxos as Ceph's monitors speak it. Two kinds of rounds are rows: a leader that collects promises
 * for a proposal number, and one that has a value accepted for it, version by version.
 * Source: Ceph, src/mon/Paxos.h.
 */
export class PaxosRounds implements KindTracker {
  readonly kind = 'paxos';
  readonly layers = ['ceph'];
  readonly seconds = WAIT_SECONDS;
  private readonly monitors = new Monitors();

  expire(row: Handshake): string {
    const agreed = memoryOf(row)?.agreed.size ?? 0;
    return `no majority: ${agreed + 1} of ${this.monitors.count} monitors agreed within ${WAIT_SECONDS} s`;
  }

  take(step: Step, layer: Layer, place: number): void {
    const view = step.dissection.sources[layer.source]?.view;
    const head = view && headOf(view, layer);
    if (!view || !head || head.rank === undefined) return;
    const ends = endsAround(step.dissection, place);
    if (!ends) return;
    this.monitors.learn(head.rank, ends.from);
    const message = head.isPaxos ? paxosIn(view, head) : undefined;
    if (!message) return;
    const to = this.monitors.at(ends.to);
    const toName = to === undefined ? ends.to : nameOf(to);
    this.takeMessage({ step, view, layer, message, from: head.rank, to, toName });
  }

  private takeMessage(sent: Sent): void {
    switch (sent.message.op) {
      case COLLECT:
        return this.collect(sent);
      case LAST:
        return this.last(sent);
      case BEGIN:
        return this.propose(sent);
      case ACCEPT:
        return this.accept(sent);
      case COMMIT:
        return this.commit(sent);
      case LEASE:
      case LEASE_ACK:
        return this.lease(sent);
      default:
    }
  }

  /** A leader asks for promises. */
  private collect(sent: Sent): void {
    const { step, from, message } = sent;
    const key = collectKey(from, message);
    const known = step.table.find('paxos', key);
    const row = known ?? this.begin(sent, `pn ${message.pn}`, key);
    step.table.remember(row, leaderKey(from));
    this.say(sent, row, !known);
  }

  /** A peon promises, or has promised somebody else more. */
  private last(sent: Sent): void {
    const { step, layer, from, to, message } = sent;
    const leader = to ?? this.leaderOf(sent);
    const row = step.table.find('paxos', collectKey(leader, message)) ?? step.table.find('paxos', leaderKey(leader));
    const memory = row && memoryOf(row);
    if (!row) return step.note('paxos-unseen', layer);
    this.say(sent, row, false);
    if (!memory) return;
    const asked = Number(row.id.slice('pn '.length));
    if (message.pn > asked) {
      step.note('paxos-refused', layer, [message.pn]);
      const reason = `${nameOf(from)} has promised ${message.pn}, more than ${asked}`;
      return step.table.setState(step, row, 'refused', reason);
    }
    this.keepUncommitted(sent, memory);
    this.agree(sent, row, memory, 'promised');
  }

  /** The value that a leader must propose next: that of the highest number. */
  private keepUncommitted({ view, message }: Sent, memory: Memory): void {
    const { uncommitted: pn, lastCommitted, values } = message;
    const value = pn > 0 ? values.find(({ version }) => version === lastCommitted + 1) : undefined;
    if (!value || (memory.uncommitted && memory.uncommitted.pn >= pn)) return;
    memory.uncommitted = { pn, version: value.version, hash: hashOf(view, value) };
  }

  /** A leader proposes a value. */
  private propose(sent: Sent): void {
    const { step, layer, from, message } = sent;
    const [value] = message.values;
    const version = value?.version ?? message.lastCommitted + 1;
    const key = roundKey(from, message.pn, version);
    const known = step.table.find('paxos', key);
    const row = known ?? this.begin(sent, `pn ${message.pn} version ${version}`, key);
    step.table.remember(row, versionKey(from, version));
    this.say(sent, row, !known);
    const promised = step.table.find('paxos', collectKey(from, message));
    const owed = promised && memoryOf(promised)?.uncommitted;
    if (!value || !owed || owed.version !== version || owed.hash === hashOf(sent.view, value)) return;
    step.note('paxos-value-changed', layer, [version]);
    step.table.detail(row, 'other_value', `a peon had accepted another value under ${owed.pn}`);
  }

  private accept(sent: Sent): void {
    const { step, layer, to, message } = sent;
    const leader = to ?? this.leaderOf(sent);
    const row = step.table.find('paxos', roundKey(leader, message.pn, message.lastCommitted + 1));
    if (!row) return step.note('paxos-unseen', layer);
    this.say(sent, row, false);
    const memory = memoryOf(row);
    if (memory) this.agree(sent, row, memory, 'accepted');
  }

  /** One more has agreed: with the leader, a majority makes the round. */
  private agree({ step, from }: Sent, row: Handshake, memory: Memory, word: string): void {
    memory.agreed.add(from);
    const count = memory.agreed.size + 1;
    const { count: all, majority } = this.monitors;
    step.table.detail(row, word, count);
    step.table.detail(row, 'monitors', all);
    if (row.state === 'established') return;
    if (count >= majority)
      step.table.setState(step, row, 'answered', `${word} by ${count} of ${all} monitors: a majority`);
    else
      step.table.setState(
        step,
        row,
        row.state,
        `${word} by ${count} of ${all} monitors so far, ${majority} are needed`,
      );
  }

  /** The leader tells that a value is chosen. */
  private commit(sent: Sent): void {
    const { step, layer, from, message } = sent;
    for (const { version } of message.values) {
      const row = step.table.find('paxos', roundKey(from, message.pn, version));
      if (!row) {
        step.note('paxos-unseen', layer);
        continue;
      }
      this.say(sent, row, false);
      const count = (memoryOf(row)?.agreed.size ?? 0) + 1;
      if (isPending(row)) step.note('paxos-minority', layer, [count, this.monitors.count]);
      const all = `${count} of ${this.monitors.count} monitors`;
      step.table.setState(step, row, 'established', `committed: version ${version} was accepted by ${all}`);
    }
  }

  /** Leases, and answers to them, tell of the newest version. */
  private lease(sent: Sent): void {
    const { step, from, to, message } = sent;
    const leader = message.op === LEASE ? from : (to ?? this.leaderOf(sent));
    const { table } = step;
    const row =
      table.find('paxos', versionKey(leader, message.lastCommitted)) ?? table.find('paxos', leaderKey(leader));
    if (row) this.say(sent, row, false);
  }

  /** A proposal number ends with the rank of the leader that made it. */
  private leaderOf({ message }: Sent): number {
    return message.pn % 100;
  }

  private begin({ step, from, toName }: Sent, id: string, key: string): Handshake {
    const beginning = {
      kind: 'paxos',
      initiator: nameOf(from),
      responder: this.monitors.others(from) || toName,
      id,
      key,
    } as const;
    const row = step.table.begin(step, beginning);
    row.memory = { agreed: new Set(), uncommitted: undefined } satisfies Memory;
    return row;
  }

  /** Adds a message to its round, with the word of the literature beside that of Ceph. */
  private say({ step, message, from, toName }: Sent, row: Handshake, isFirst: boolean): void {
    const word = OPERATIONS[message.op] ?? `op ${message.op}`;
    const role = ROLES[message.op];
    const name = role === undefined || role === word ? word : `${word} (${role})`;
    const between = { from: nameOf(from), to: toName };
    const note = message.pn > 0 ? { note: `pn ${message.pn}` } : {};
    step.table.message(step, row, name, between.from === row.initiator, { between, isFirst, ...note });
  }
}

/** Only this tracker sets the memory of its rows. */
const memoryOf = ({ memory }: Handshake): Memory | undefined => memory as Memory | undefined;

const collectKey = (leader: number, { epoch, pn }: PaxosMessage): string => `collect ${leader} ${epoch} ${pn}`;
const leaderKey = (leader: number): string => `leader ${leader}`;
const roundKey = (leader: number, pn: number, version: number): string => `round ${leader} ${pn} ${version}`;
const versionKey = (leader: number, version: number): string => `version ${leader} ${version}`;

const hashOf = (view: DataView, { at, end }: { readonly at: number; readonly end: number }): string =>
  `${crc32c(view, at, end)} ${end - at}`;
