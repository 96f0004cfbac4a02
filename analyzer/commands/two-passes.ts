import type { NamedCaptures } from '../capture/named-captures.js';
import { statsOf } from '../capture/stats-of.js';
import type { HandshakeTable } from '../handshakes/table.js';
import type { Packet } from '../print/packet.js';
import { Links } from '../track/links.js';
import type { ChannelTable } from '../track/table.js';
import type { Io } from './io.js';
import { isLive } from './live-options.js';
import { openSource, packetsOf, type Reading, type ReadingSource, sourceOf } from './reading.js';
import type { ReadingOptions } from './reading-options.js';
import { UsageError } from './usage-error.js';

/** Looks at all packets of a capture, in order, before the first of them is printed. */
export type FirstLook = (packet: Packet) => void;

/** Whether what captures hold is there again when they are opened again. */
export const canBeReadAgain = ({ paths }: NamedCaptures, { follow }: ReadingOptions): boolean =>
  !follow && paths.every((path) => path !== '-' && (statsOf(path)?.isFile() ?? true));

/** Part of the names of fields that only a first pass can tell; what looks at them closely is loaded only then. */
const LINKING = /channel\.(?:res|dup|outcome)|handshake\.(?:res|outcome|reason)/;

/**
 * Whether the options ask for how packets belong together, which only a first pass over the capture can tell.
 * @throws {UsageError} for what cannot be read twice
 */
export async function asksForLinks(captures: NamedCaptures, options: ReadingOptions): Promise<boolean> {
  const { twoPass, filter = '', field = [], column = [] } = options;
  if (!twoPass && ![filter, ...field, ...column].some((text) => LINKING.test(text))) return false;
  const { linksNamed } = await import('./links-named.js');
  const asking = linksNamed(options);
  if (asking === undefined) return false;
  if (isLive(options) || !canBeReadAgain(captures, options))
    throw new UsageError(`${asking}: needs a file: what is not one cannot be read twice`);
  if (!options.track) throw new UsageError(`--no-track: ${asking} needs tracking`);
  return true;
}

/**
 * Reads a capture before it is read for what is printed, if anything must be known of packets later on: once for all
 * who want a first look.
 * @param wantsLinks whether how packets belong together is asked for
 * @param look looks besides; its filter may ask how packets belong together
 */
export async function lookAhead(
  source: ReadingSource,
  wantsLinks: boolean,
  look?: FirstLook,
): Promise<Links | undefined> {
  const links = wantsLinks ? new Links() : undefined;
  const takeLinks = links && (({ dissection, facts }: Packet) => links.take(dissection, facts));
  // How packets belong together is known only when all have been seen: a filter that asks for it has to wait.
  if (takeLinks && look && LINKING.test(source.options.filter ?? '')) {
    const { handshakes, channels } = await lookThrough(source, [takeLinks]);
    links.conclude(handshakes, channels);
    await lookThrough(source, [look], links);
    return links;
  }
  const looks = [takeLinks, look].filter((one) => one !== undefined);
  if (looks.length === 0) return links;
  const { handshakes, channels } = await lookThrough(source, looks);
  links?.conclude(handshakes, channels);
  return links;
}

/** @returns the handshakes and channels as they stand in the end */
async function lookThrough(
  source: ReadingSource,
  looks: readonly FirstLook[],
  links?: Links,
): Promise<{ readonly handshakes: HandshakeTable; readonly channels: ChannelTable }> {
  const reading = await openSource(source, { links });
  try {
    for await (const next of packetsOf(reading, source.options.count)) {
      for (let packet = next(); packet; packet = next()) for (const look of looks) look(packet);
    }
  } finally {
    await reading.capture.close();
  }
  const { handshakes, tracker } = reading.examiner;
  return { handshakes: handshakes.table, channels: tracker.table };
}

/**
 * Opens a capture to read its packets, with how they belong together where the options ask for that.
 * @param channelsOnly whether nothing but channels is asked for
 */
export async function openLinked(
  captures: NamedCaptures,
  options: ReadingOptions,
  io: Pick<Io, 'interrupted' | 'remark'>,
  channelsOnly = false,
): Promise<Reading> {
  const wantsLinks = await asksForLinks(captures, options);
  const source = await sourceOf(captures, options, io.interrupted(), io.remark);
  return openSource(source, { links: await lookAhead(source, wantsLinks), channelsOnly });
}
