import type { ChannelPacket } from '../../dissectors/channel/dissect.js';
import { DEFAULT_CHANNEL } from '../../dissectors/channel/packet.js';
import type { NamedCaptures } from '../capture/named-captures.js';
import type { Packet } from '../print/packet.js';
import { HandshakePackets, opensChannel, partsOf } from '../query/handshake-packets.js';
import type { ChannelChoice } from './channel-choice.js';
import { NumberSet } from './number-set.js';
import type { ReadingOptions } from './reading-options.js';
import { canBeReadAgain, type FirstLook } from './two-passes.js';
import { UsageError } from './usage-error.js';

/** Packets that the user selected: by number, by filter, or all. */
export interface Selection {
  /** Those to be printed. */
  readonly shows: (packet: Packet) => boolean;
  /** Those to be written to a capture: their handshakes too, and the fragments and segments they are put together from. */
  readonly writes: (packet: Packet) => boolean;
  /** Whether only the numbers of packets count: to write them, channels need not be followed again. */
  readonly byNumber: boolean;
}

export interface SelectOptions extends ReadingOptions {
  /** Write the handshake of every channel that a written packet touches. */
  readonly withHandshake?: boolean;
}

type Test = (packet: Packet) => boolean;

/** How it is found out which packets are meant. */
export interface Selecting {
  /** Looks at all packets first, where that is necessary. */
  readonly look?: FirstLook;
  /** What is meant, once that has been done. */
  readonly selection: () => Selection;
}

/**
 * Finds out which packets of a capture are meant, where that takes more than looking at each: a NEW does not know yet
 * which id its channel will have, and whether a handshake is wanted shows only later. A file is therefore read twice. A
 * pipe cannot be: there a channel's packets are found by what is known of it so far.
 *
 * @throws {UsageError} for the handshakes of what a filter selects, from a pipe
 */
export function selecting(
  captures: NamedCaptures,
  options: SelectOptions,
  passes: Test,
  chosen: ChannelChoice | undefined,
): Selecting {
  const { withHandshake = false, track } = options;
  if (!chosen && !withHandshake) return { selection: () => ({ shows: passes, writes: passes, byNumber: false }) };
  if (!track) throw new UsageError(`--no-track: ${chosen ? '--channel' : '--with-handshake'} needs tracking`);
  if (canBeReadAgain(captures, options)) {
    const gathering = new Gathering(passes, chosen);
    return { look: (packet) => gathering.take(packet), selection: () => gathering.selection() };
  }
  if (!chosen) throw new UsageError('--with-handshake: needs a file: a pipe cannot be read twice');
  const touches: Test = (packet) => channelsOf(packet).some(([number, c1, c2]) => chosen(number, c1, c2));
  return {
    selection: () => ({
      shows: (packet) => touches(packet) && passes(packet),
      writes: (packet) => touches(packet) && (opensChannel(packet) || passes(packet)),
      byNumber: false,
    }),
  };
}

/** The channels that a packet is about: those tracked, and those that its headers name. */
function channelsOf({ facts, dissection }: Packet): readonly Parameters<ChannelChoice>[] {
  const tracked = facts.channels.map(({ number, c1, c2 }): Parameters<ChannelChoice> => [number, c1, c2]);
  return [...tracked, ...dissection.channels.flatMap(namedBy)];
}

const namedBy = ({ id }: ChannelPacket): readonly Parameters<ChannelChoice>[] =>
  id === undefined || id === DEFAULT_CHANNEL ? [] : [[undefined, id >>> 16, id & 0xffff]];

/** Gathers the numbers of the packets that are meant. */
class Gathering {
  private readonly passes: Test;
  private readonly chosen: ChannelChoice | undefined;
  private readonly shown = new NumberSet();
  private readonly written = new NumberSet();
  private readonly handshakes = new HandshakePackets();
  /** Those packets with handshakes that pass. */
  private readonly passing = new NumberSet();
  /** Channels of which a packet is written. */
  private readonly wanted = new Set<number>();
  /** The second half of each channel with a handshake, once it is known. */
  private readonly halves = new Map<number, readonly [c1: number, c2: number | undefined]>();

  constructor(passes: Test, chosen: ChannelChoice | undefined) {
    this.passes = passes;
    this.chosen = chosen;
  }

  take(packet: Packet): void {
    const { facts, number } = packet;
    const { chosen } = this;
    const passes = this.passes(packet);
    const opens = opensChannel(packet);
    for (const { number: channel, c1, c2 } of facts.channels) {
      if (!chosen && passes) this.wanted.add(channel);
      const tracked = chosen ? chosen(channel, c1, c2) : true;
      // What a channel's second half is shows later; it may turn out to be another than was meant.
      if (tracked || this.halves.has(channel)) this.halves.set(channel, [c1, c2]);
      if (!tracked || !opens) continue;
      this.handshakes.take(channel, packet);
      if (passes) this.passing.add(number);
    }
    // The handshakes of chosen channels are settled in the end: an id may belong to several attempts until then.
    const settled = facts.channels.length > 0 && opens;
    const meant = chosen ? !settled && channelsOf(packet).some(([one, c1, c2]) => chosen(one, c1, c2)) : true;
    if (!meant || !passes) return;
    this.shown.add(number);
    this.written.add(number);
    for (const part of partsOf(packet)) this.written.add(part);
  }

  selection(): Selection {
    for (const channel of this.handshakes.channels()) {
      const [c1, c2] = this.halves.get(channel) ?? [-1, undefined];
      if (this.chosen ? !this.chosen(channel, c1, c2) : !this.wanted.has(channel)) continue;
      for (const packet of this.handshakes.of(channel)) {
        this.written.add(packet);
        for (const part of this.handshakes.partsOf(packet)) this.written.add(part);
        if (this.passing.has(packet)) this.shown.add(packet);
      }
    }
    return {
      shows: ({ number }) => this.shown.has(number),
      writes: ({ number }) => this.written.has(number),
      byNumber: true,
    };
  }
}
