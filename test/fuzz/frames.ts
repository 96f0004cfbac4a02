import { readdirSync } from 'node:fs';
import { openCapture } from '../../analyzer/capture/capture.js';
import { enhancedPacket, interfaceDescription, sectionHeader } from '../../dissectors/file/pcapng-writer.js';

/** One frame of a conversation that is played to the program. */
export interface FuzzFrame {
  readonly bytes: Uint8Array;
  /** As it was sent; at least as many bytes as were kept. */
  readonly wire: number;
  readonly linkType: number;
  readonly seconds: number;
  readonly nanos: number;
}

/** Frames in the order in which they are played. */
export type Conversation = readonly FuzzFrame[];

/** Frames of a capture that are played: more would take long, and tell little more. */
const MOST_FRAMES = 400;

/** The conversations in `fixtures/`, by the names of their files. Damaged ones are read as far as they go. */
export async function fixtureConversations(folder = 'fixtures'): Promise<ReadonlyMap<string, Conversation>> {
  const found = new Map<string, Conversation>();
  for (const name of readdirSync(folder).sort()) {
    if (!/\.pcap(ng)?(\.\w+)?$/.test(name)) continue;
    const frames = await framesOf(`${folder}/${name}`);
    if (frames.length > 0) found.set(name, frames);
  }
  return found;
}

/** The first frames of a capture. */
export async function framesOf(path: string, most = MOST_FRAMES): Promise<Conversation> {
  const capture = await openCapture(path);
  const frames: FuzzFrame[] = [];
  try {
    for await (const { view, records } of capture.batches()) {
      for (let row = 0; row < records.count && frames.length < most; row++) {
        const start = view.byteOffset + (records.at[row] ?? 0);
        const captured = records.captured[row] ?? 0;
        frames.push({
          bytes: new Uint8Array(view.buffer, start, captured).slice(),
          wire: Math.max(captured, records.wire[row] ?? 0),
          linkType: capture.interfaces[records.interfaceId[row] ?? 0]?.linkType ?? -1,
          seconds: records.seconds[row] ?? 0,
          nanos: records.nanos[row] ?? 0,
        });
      }
    }
  } finally {
    await capture.close();
  }
  return frames;
}

/** A conversation as a pcapng file, an interface for each link type. */
export function fileOf(frames: Conversation): Uint8Array {
  const linkTypes = [...new Set(frames.map(({ linkType }) => linkType))];
  return Buffer.concat([
    sectionHeader(),
    ...linkTypes.map((linkType) => interfaceDescription({ linkType: linkType & 0xffff, snapLength: 0 })),
    ...frames.map(({ bytes, wire, linkType, seconds, nanos }) =>
      enhancedPacket({ interfaceId: linkTypes.indexOf(linkType), seconds, nanos, bytes, wire }),
    ),
  ]);
}
