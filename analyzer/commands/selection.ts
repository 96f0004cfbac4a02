import { statSync } from 'node:fs';
import { type ChannelPacket, isHandshake } from '../../dissectors/channel/dissect.js';
import { CODES } from '../../dissectors/channel/messages.js';
import { DEFAULT_CHANNEL } from '../../dissectors/channel/packet.js';
import type { Packet } from '../print/packet.js';
import type { ChannelChoice } from './channel-choice.js';
import { NumberSet } from './number-set.js';
import { openReading, packetsOf } from './reading.js';
import type { ReadingOptions } from './reading-options.js';
import { UsageError } from './usage-error.js';

/** Which packets are meant. */
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
  if (!chosen && !withHandshake) return { shows: passes, writes: passes, byNumber: false };
  if (!options.track) throw new UsageError(`--no-track: ${chosen ? '--channel' : '--with-handshake'} needs tracking`);
  if (!isFile(path)) {
    if (!chosen) throw new UsageError('--with-handshake: needs a file: a pipe cannot be read twice');
    const touches: Test = (packet) => channelsOf(packet).some(([number, c1, c2]) => chosen(number, c1, c2));
    return {
      shows: (packet) => touches(packet) && passes(packet),
      writes: (packet) => touches(packet) && (isOfHandshake(packet) || passes(packet)),
      byNumber: false,
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
  /** The packets with the handshakes of channels, by channel number; which of them pass; what they are put together from. */
  private readonly handshakes = new Map<number, number[]>();
  private readonly passing = new NumberSet();
  private readonly parts = new Map<number, readonly number[]>();
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
    const ofHandshake = isOfHandshake(packet);
    const parts = partsOf(packet);
    for (const { number: channel, c1, c2 } of facts.channels) {
      if (!chosen && passes) this.wanted.add(channel);
      const tracked = chosen ? chosen(channel, c1, c2) : true;
      // What a channel's second half is shows later; it may turn out to be another than was meant.
      if (tracked || this.halves.has(channel)) this.halves.set(channel, [c1, c2]);
      if (!tracked) continue;
      if (ofHandshake) this.remember(channel, number, parts, passes);
    }
    // The handshakes of chosen channels are settled in the end: an id may belong to several attempts until then.
    const settled = facts.channels.length > 0 && ofHandshake;
    const meant = chosen ? !settled && channelsOf(packet).some(([one, c1, c2]) => chosen(one, c1, c2)) : true;
    if (meant && passes) this.mean(number, parts, true);
  }

  private remember(channel: number, packet: number, parts: readonly number[], passes: boolean): void {
    const known = this.handshakes.get(channel);
    if (!known) this.handshakes.set(channel, [packet]);
    else if (known.length < MOST_OF_ONE) known.push(packet);
    if (passes) this.passing.add(packet);
    if (parts.length > 0) this.parts.set(packet, parts);
  }

  private mean(packet: number, parts: readonly number[], shown: boolean): void {
    this.written.add(packet);
    for (const part of parts) this.written.add(part);
    if (shown) this.shown.add(packet);
  }

  selection(): Selection {
    for (const [channel, packets] of this.handshakes) {
      const [c1, c2] = this.halves.get(channel) ?? [-1, undefined];
      if (this.chosen ? !this.chosen(channel, c1, c2) : !this.wanted.has(channel)) continue;
      for (const packet of packets) this.mean(packet, this.parts.get(packet) ?? [], this.passing.has(packet));
    }
    return {
      shows: ({ number }) => this.shown.has(number),
      writes: ({ number }) => this.written.has(number),
      byNumber: true,
    };
  }
}

/** The earlier packets that parts of a packet lie in: fragments of its datagram, segments of its stream. */
function partsOf({ dissection, number }: Packet): readonly number[] {
  const { sources } = dissection;
  if (sources.length < 2) return [];
  const parts = sources.flatMap(({ pieces = [] }) => pieces.map(({ packet }) => packet));
  return [...new Set(parts)].filter((part) => part !== number);
}
