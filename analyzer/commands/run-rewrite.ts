import { setMaxListeners } from 'node:events';
import { CraftError } from '../../crafter/commands/craft-error.js';
import type { RewriteOptions } from '../../crafter/commands/rewrite-options.js';
import { newLinkType, planOf, type RewritePlan } from '../../crafter/commands/rewrite-plan.js';
import { Ordering } from '../../crafter/rewrite/ordering.js';
import { PacketRewriter, type SourcePacket } from '../../crafter/rewrite/packet-rewriter.js';
import type { Time } from '../../crafter/rewrite/packet-times.js';
import { CaptureError } from '../capture/capture-error.js';
import { statsOf } from '../capture/stats-of.js';
import { compileFilter } from '../filter/compile.js';
import type { Packet } from '../print/packet.js';
import type { Io } from './io.js';
import { type Merged, mergedPackets } from './merged-packets.js';
import { openSource, type Reading, readSecretsText, sourceOf, tellProblems } from './reading.js';
import { openRewriteTarget, type RewriteTarget, type TargetPacket } from './rewrite-target.js';
import { UsageError } from './usage-error.js';

/** A packet that is being rewritten, with what filters ask for. */
interface Source extends SourcePacket {
  readonly packet: Packet;
}

/** `handshark rewrite`: writes captures anew. */
export async function rewrite(files: readonly string[], options: RewriteOptions, io: Io): Promise<void> {
  try {
    const inputs = files.slice(0, -1);
    const output = files.at(-1) ?? '';
    if (inputs.length === 0) throw new UsageError(`rewrite: ${output}: name the capture to write, too`);
    if (inputs.filter((input) => input === '-').length > 1)
      throw new UsageError('rewrite: -: standard input can be read only once');
    const plan = planOf(options);
    refuseSame(inputs, output);
    if (options.fromHex) {
      const { rewriteHex } = await import('./rewrite-hex.js');
      return await rewriteHex(inputs, output, options, plan, io);
    }
    await rewriteCaptures(inputs, output, options, plan, io);
  } catch (error) {
    if (!(error instanceof CraftError)) throw error;
    io.complain(`rewrite: ${error.message}`, error.status);
  }
}

/** @throws {CaptureError} if what is written is what is read */
function refuseSame(inputs: readonly string[], output: string): void {
  const there = output === '-' ? undefined : statsOf(output);
  for (const input of inputs) {
    const read = input === '-' ? undefined : statsOf(input);
    if (there?.isFile() && read && there.dev === read.dev && there.ino === read.ino) {
      throw new CaptureError('cannot write', output, 'the packets are read from it');
    }
  }
}

async function rewriteCaptures(
  inputs: readonly string[],
  output: string,
  options: RewriteOptions,
  plan: RewritePlan,
  io: Io,
): Promise<void> {
  const { filter, where, secrets, dialect, seed } = options;
  const passesOf = (text: string | undefined) => (text === undefined || text === '' ? () => true : compileFilter(text));
  const [keeps, changes] = [passesOf(filter), passesOf(where)];
  const picks = [...plan.drop, ...plan.duplicate, ...plan.reorder];
  const compiled = new Map(
    picks.flatMap((pick) => (pick.by === 'filter' ? [[pick.filter, compileFilter(pick.filter)]] : [])),
  );
  const compile = (text: string) => {
    const passes = compiled.get(text);
    return ({ packet }: Source) => passes?.(packet) ?? false;
  };
  // Channels are followed only where a filter may ask about them.
  const track = [filter, where, ...compiled.keys()].some((text) => text !== undefined);
  const readings: Reading[] = [];
  const stop = io.interrupted();
  // Every capture that is read listens to it.
  setMaxListeners(0, stop);
  try {
    for (const input of inputs) {
      const reading = { secrets, track, color: 'never' as const, ...(dialect && { dialect }) };
      const source = await sourceOf(input, reading, stop, io.remark);
      readings.push(await openSource(source, { track, randomAccess: true }));
    }
    const target = await openRewriteTarget(output, readings, settingsOf(options, plan, io));
    const rewriter = new PacketRewriter<Source>(
      plan,
      seed,
      ({ packet }) => keeps(packet),
      ({ packet }) => changes(packet),
      compile,
    );
    const ordering = new Ordering<Source, TargetPacket>(plan, seed, compile, (out, time) => target.write(out, time));
    target.beforeBlock = () => ordering.release();
    try {
      await pass(mergedPackets(readings, options.concatenate ?? false), plan, rewriter, ordering, target);
    } catch (error) {
      await target.abandon();
      throw error;
    }
    await target.close();
    tellCounts(rewriter.counts, plan, io);
    if (target.problem !== undefined) io.complain(target.problem, 1);
    for (const reading of readings) tellProblems(reading, io);
  } finally {
    for (const { capture } of readings) await capture.close();
  }
}

const settingsOf = (options: RewriteOptions, plan: RewritePlan, io: Io) => ({
  linkType: newLinkType(options),
  sorts: options.sort ?? false,
  dropNames: plan.frames.anonymizer !== undefined,
  dropSecrets: options.discardSecrets ?? false,
  dropComments: options.discardComments ?? false,
  secrets: options.injectSecrets.map(readSecretsText),
  address: plan.frames.anonymizer?.change,
  keepsTimes: Object.keys(plan.times).length === 0 && plan.reorder.length === 0,
  stdout: io.stdout,
});

async function pass(
  packets: AsyncGenerator<Merged, void, undefined>,
  plan: RewritePlan,
  rewriter: PacketRewriter<Source>,
  ordering: Ordering<Source, TargetPacket>,
  target: RewriteTarget,
): Promise<void> {
  for await (const { packet, reading, number } of packets) {
    const { dissection, captured, wire, on, seconds, nanos, comments } = packet;
    const view = dissection.sources[0]?.view;
    if (!view || !on) continue;
    const bytes = new Uint8Array(view.buffer, view.byteOffset + dissection.start, captured);
    // The records of all packets are gone through, also of those that are left out.
    const record = await target.record(reading, bytes);
    const source: Source = { packet, number, bytes, dissection, wire, linkType: on.linkType };
    const changed = rewriter.keeps(source) ? rewriter.rewrite(source) : undefined;
    if (!changed) continue;
    const time: Time = { seconds, nanos };
    const added = plan.comments.get(number) ?? [];
    // What is written later must not lie in the memory of what is read next.
    const kept = changed.bytes === bytes ? (record?.bytes ?? bytes.slice()) : changed.bytes;
    await ordering.take(source, { time, bytes: kept, wire: changed.wire, from: on, record, comments, added });
  }
  await ordering.release();
}

function tellCounts(
  { channels, values, links, repeated }: PacketRewriter<Source>['counts'],
  plan: RewritePlan,
  io: Io,
): void {
  const tell = (count: number, one: string, many: string) => {
    if (count > 0) io.remark(`rewrite: ${count === 1 ? `1 ${one}` : `${count} ${many}`}`);
  };
  tell(
    channels,
    'channel packet lies in several frames and was not changed',
    'channel packets lie in several frames and were not changed',
  );
  tell(values, 'value has no room where the old one stands', 'values have no room where the old ones stand');
  const what =
    plan.links.linkType === undefined
      ? 'has no Ethernet header and was not changed'
      : 'has no IP header and was left out';
  const whats = what.replace('has', 'have').replace('was', 'were');
  tell(links, `packet ${what}`, `packets ${whats}`);
  tell(
    repeated,
    'packet was the same as one before and was left out',
    'packets were the same as one before and were left out',
  );
}
