import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { at, CraftError } from '../../crafter/commands/craft-error.js';
import { layerFrom } from '../../crafter/commands/craft-layers.js';
import type { RewriteOptions } from '../../crafter/commands/rewrite-options.js';
import type { RewritePlan } from '../../crafter/commands/rewrite-plan.js';
import { DumpLayers } from '../../crafter/rewrite/dump-layers.js';
import { dumpTime } from '../../crafter/rewrite/dump-time.js';
import { type DumpedPacket, HexDump } from '../../crafter/rewrite/hex-dump.js';
import { TimeShift, timeOf } from '../../crafter/rewrite/packet-times.js';
import type { CaptureInterface } from '../../dissectors/file/records.js';
import { LINK_TYPE_ETHERNET } from '../../dissectors/registry.js';
import { systemError } from '../capture/capture-error.js';
import { openCaptureWriter } from '../capture/capture-writer.js';
import type { Io } from './io.js';

/** So long after the one before it comes a packet whose time is not told, in nanoseconds: as in text2pcap. */
const STEP = 1000n;

/** Writes the packets of hex dumps to a capture. */
export async function rewriteHex(
  inputs: readonly string[],
  output: string,
  options: RewriteOptions,
  plan: RewritePlan,
  io: Io,
  now: number = Date.now(),
): Promise<void> {
  const { hexOffset, hexTime, hexDirection = false, encapsulation } = options;
  const layers = new DumpLayers(options.layer.map(layerFrom));
  const read = hexTime === undefined ? undefined : at('--hex-time', () => dumpTime(hexTime, now));
  const linkType = layers.linkType ?? encapsulation ?? LINK_TYPE_ETHERNET;
  const from: CaptureInterface = {
    linkType,
    snapLength: 0,
    resolution: { base: 10, exponent: 9 },
    offset: 0,
    section: 0,
  };
  const times = new TimeShift(plan.times);
  const writer = await openCaptureWriter(output, { beside: true, stdout: io.stdout });
  let last = BigInt(now) * 1_000_000n - STEP;
  let number = 0;
  const write = async (packet: DumpedPacket): Promise<void> => {
    number++;
    const { direction, text } = directed(packet, hexDirection);
    const told = read && text.map(read).find((time) => time !== undefined);
    if (read && told === undefined)
      io.remark(`rewrite: packet ${number}: line ${packet.line}: no time in the form of --hex-time`);
    last = told ?? last + STEP;
    const bytes = layers.around(packet.bytes, direction);
    const comments = plan.comments.get(number) ?? [];
    const waits = writer.packet({ from, ...times.next(timeOf(last)), bytes, wire: bytes.length, comments });
    if (waits) await waits;
  };
  try {
    for (const input of inputs) await readDump(input, new HexDump(hexOffset), write);
    if (number === 0) throw new CraftError(`${inputs.join(', ')}: no hex dump is in it`, 1);
  } catch (error) {
    await writer.abandon();
    throw error;
  }
  await writer.close();
}

/** What a preamble says of the direction, and its lines without that. */
function directed(
  { preamble }: DumpedPacket,
  isTold: boolean,
): { readonly direction: 'in' | 'out'; readonly text: readonly string[] } {
  if (!isTold) return { direction: 'in', text: preamble };
  const mark = preamble.findLast((line) => /^[IO](?:\s|$)/i.test(line));
  const text = preamble.map((line) => line.replace(/^[IO](?:\s+|$)/i, ''));
  return { direction: mark !== undefined && /^o/i.test(mark) ? 'out' : 'in', text };
}

async function readDump(path: string, dump: HexDump, write: (packet: DumpedPacket) => Promise<void>): Promise<void> {
  const input = path === '-' ? process.stdin : createReadStream(path);
  const failed = new Promise<never>((_, reject) => {
    input.on('error', (error: Error) => reject(systemError('cannot read', path, error)));
  });
  failed.catch(() => {});
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  const reading = (async () => {
    for await (const line of lines) {
      const packet = dump.take(line);
      if (packet) await write(packet);
    }
    const packet = dump.end();
    if (packet) await write(packet);
  })();
  await Promise.race([reading, failed]);
}
