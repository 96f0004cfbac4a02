import { statSync } from 'node:fs';
import { type ChannelPacket, isHandshake } from '../../dissectors/channel/dissect.js';
import { CODES } from '../../dissectors/channel/messages.js';
import { DEFAULT_CHANNEL } from '../../dissectors/channel/packet.js';
import type { Packet } from '../print/packet.js';
import type { ChannelChoice } from './channel-choice.js';
import { NumberSet } from './number-set.js';
import { openReading, packetsOf, type ReadingOptions } from './reading.js';
import { UsageError } from './usage-error.js';

/** Which packets are meant. */
export interface Selection {
  /** Those to be printed. */
  readonly shows: (packet: Packet) => boolean;
  /** Those to be written to a capture: their handshakes too, and the fragments and segments they are put together from. */
  readonly writes: (packet: Packet) => boolean;
}

export interface SelectOptions extends ReadingOptions {
  /** Write the handshake of every channel that a written packet touches. */
  readonly withHandshake?: boolean;
}

type Test = (packet: Packet) => boolean;

/**
 * Finds out which packets of a capture are meant, where that takes more than looking at each: a NEW does not know yet
 * which id its channel will have, and whether a handshake is wanted shows only later. A file is therefore read twice. A
 * pipe cannot be: there a channel's packets are found by what is known of it so far.
 *
 * @throws {UsageError} for the handshakes of what a filter selects, from a pipe
 */
export async function select(
  path: string,
  options: SelectOptions,
  passes: Test,
  chosen: ChannelChoice | undefined,
  signal: AbortSignal,
): Promise<Selection> {
  const { withHandshake = false } = options;
  if (!chosen && !withHandshake) return { shows: passes, writes: passes };
  if (!options.track) throw new UsageError(`--no-track: ${chosen ? '--channel' : '--with-handshake'} needs tracking`);
  if (!isFile(path)) {
    if (!chosen) throw new UsageError('--with-handshake: needs a file: a pipe cannot be read twice');
    const touches: Test = (packet) => channelsOf(packet).some(([number, c1, c2]) => chosen(number, c1, c2));
    return {
      shows: (packet) => touches(packet) && passes(packet),
      writes: (packet) => touches(packet) && (isOfHandshake(packet) || passes(packet)),
    };
  }
  const first = new FirstLook(passes, chosen);
  const reading = await openReading(path, options, signal);
  try {
    for await (const next of packetsOf(reading, options.count)) {
      for (let packet = next(); packet; packet = next()) first.take(packet);
    }
  } finally {
    await reading.capture.close();
  }
  return first.selection();
}

/** Whether what a name leads to is there again when it is opened again. */
function isFile(path: string): boolean {
  return path !== '-' && (statSync(path, { throwIfNoEntry: false })?.isFile() ?? true);
}

/** Whether a packet carries a message that opens a channel. */
const isOfHandshake = ({ dissection }: Packet): boolean =>
  dissection.channels.some(({ messages }) =>
    messages.some(({ code }) => isHandshake(code) || code === CODES.CHANNEL_COOKIE),
  );

/** The channels that a packet is about: those tracked, and those that its headers name. */
function channelsOf({ facts, dissection }: Packet): readonly Parameters<ChannelChoice>[] {
  const tracked = facts.channels.map(({ number, c1, c2 }): Parameters<ChannelChoice> => [number, c1, c2]);
  return [...tracked, ...dissection.channels.flatMap(namedBy)];
}

const namedBy = ({ id }: ChannelPacket): readonly Parameters<ChannelChoice>[] =>
  id === undefined || id === DEFAULT_CHANNEL ? [] : [[undefined, id >>> 16, id & 0xffff]];

/** Handshake packets that are remembered of one channel: a flood of repeats must not grow. */
const MOST_OF_ONE = 256;

/** Gathers the numbers of the packets that are meant. */
class FirstLook {
  private readonly passes: Test;
  private readonly chosen: ChannelChoice | undefined;
  private readonly shown = new NumberSet();
  private readonly written = new NumberSet();
  /** The handshakes of channels, by channel number: each packet with those it was put together from. */
  private readonly handshakes = new Map<number, (readonly [packets: readonly number[], passes: boolean])[]>();
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
    const passes = this.passes(packet);
    const all = [number, ...partsOf(packet)];
    for (const { number: channel, c1, c2 } of facts.channels) {
      if (this.chosen) this.halves.set(channel, [c1, c2]);
      else if (passes) this.wanted.add(channel);
      if (isOfHandshake(packet)) this.remember(channel, all, passes);
    }
    const { chosen } = this;
    // The handshakes of chosen channels are settled in the end: an id may belong to several attempts until then.
    const settled = facts.channels.length > 0 && isOfHandshake(packet);
    const meant = chosen ? !settled && channelsOf(packet).some(([one, c1, c2]) => chosen(one, c1, c2)) : true;
    if (meant && passes) this.mean(all, true);
  }

  private remember(channel: number, packets: readonly number[], passes: boolean): void {
    const known = this.handshakes.get(channel);
    if (!known) this.handshakes.set(channel, [[packets, passes]]);
    else if (known.length < MOST_OF_ONE) known.push([packets, passes]);
  }

  private mean(packets: readonly number[], shown: boolean): void {
    for (const packet of packets) this.written.add(packet);
    if (shown && packets[0] !== undefined) this.shown.add(packets[0]);
  }

  selection(): Selection {
    for (const [channel, packets] of this.handshakes) {
      const [c1, c2] = this.halves.get(channel) ?? [0, undefined];
      if (this.chosen ? !this.chosen(channel, c1, c2) : !this.wanted.has(channel)) continue;
      for (const [numbers, passes] of packets) this.mean(numbers, passes);
    }
    return { shows: ({ number }) => this.shown.has(number), writes: ({ number }) => this.written.has(number) };
  }
}

/** The earlier packets that parts of a packet lie in: fragments of its datagram, segments of its stream. */
function partsOf({ dissection, number }: Packet): readonly number[] {
  const { sources } = dissection;
  if (sources.length < 2) return [];
  const parts = sources.flatMap(({ pieces = [] }) => pieces.map(({ packet }) => packet));
  return [...new Set(parts)].filter((part) => part !== number);
}
