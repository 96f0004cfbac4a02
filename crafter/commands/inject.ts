import type { DialectName } from '../../dissectors/channel/dialects.js';
import { ChannelRewriter } from '../channel-rewriter.js';
import { monotonic } from '../io/clock.js';
import { type Pace, Pacer } from '../io/pacing.js';
import { CraftError } from './craft-error.js';
import { type FloodConsent, FloodGuard } from './flood.js';
import { addressesOf, changesOf, paceOf } from './inject-arguments.js';
import { type CapturedFrames, type Counts, frames, Kept, payloads, type Shape, shaped } from './inject-frames.js';
import type { InjectOptions } from './inject-options.js';
import { interfaceTarget, type Lost, type Target, udpTarget } from './inject-target.js';

/** What `inject` needs of the world. Whoever runs it decides how: the program, or a test. */
export interface InjectIo {
  /** The packets of a capture that a filter passes, in order. */
  readonly frames: (
    path: string,
    options: { readonly filter?: string; readonly dialect?: DialectName },
  ) => CapturedFrames;
  /** To standard output. */
  readonly print: (text: string) => void;
  /** One line about what went wrong, without the program's name; the program ends with this status. */
  readonly complain: (problem: string, status: 1 | 2) => void;
  readonly confirm: FloodConsent['confirm'];
  /** Aborted when the user wants an end. */
  readonly signal: AbortSignal;
}

const MS = 1000;

/** `handshark inject`: sends the packets of a capture. */
export async function inject(path: string, options: InjectOptions, io: InjectIo): Promise<void> {
  try {
    const { udp, loop, interface: interfaceName } = options;
    if ((udp === undefined) === (interfaceName === undefined)) {
      throw new CraftError('where to: say either --udp HOST:PORT or -i INTERFACE');
    }
    if (path === '-' && loop !== 1) throw new CraftError('--loop: standard input can be read only once');
    const channel = new ChannelRewriter(changesOf(options));
    const addresses = addressesOf(options);
    if (udp !== undefined && addresses.length > 0) {
      throw new CraftError('--rewrite-src, --rewrite-dst: with --udp the system makes the addresses');
    }
    const pace = paceOf(options);
    const target = udp !== undefined ? await udpTarget(udp) : interfaceTarget(interfaceName ?? '');
    const shape = udp !== undefined ? payloads(channel) : frames(channel, addresses);
    await play(path, options, io, target, pace, shape);
  } catch (error) {
    if (!(error instanceof CraftError)) throw error;
    io.complain(`inject: ${error.message}`, error.status);
  }
}

async function play(
  path: string,
  { filter, dialect, loop, count = Number.POSITIVE_INFINITY, yes = false }: InjectOptions,
  io: InjectIo,
  target: Target,
  pace: Pace,
  shape: Shape,
): Promise<void> {
  const counts: Counts = { sent: 0, bytes: 0, without: 0, cut: 0, misfit: 0, left: 0 };
  const reading = { ...(filter !== undefined && { filter }), ...(dialect && { dialect }) };
  const isOver = () => io.signal.aborted || counts.sent >= count || target.isGone;
  const kept = new Kept(loop !== 1);
  const pacer = new Pacer(pace, io.signal);
  const guard = new FloodGuard(target, { yes, confirm: io.confirm });
  let start: number | undefined;
  let closed: Lost = { failed: 0 };
  let isThrough = false;
  try {
    await guard.before(pace, count);
    for (let pass = 0; (loop === 0 || pass < loop) && !isOver(); pass++) {
      const before = counts.sent;
      for await (const next of kept.all ?? shaped(io.frames(path, reading), shape, counts, kept)) {
        for (let one = next(); one && !isOver(); one = next()) {
          const takes = target.takes(one.linkType);
          if (takes !== true && !(await takes)) {
            counts.misfit += 1;
            continue;
          }
          const at = pacer.next(one.time);
          const asked = guard.check(at);
          if (asked) await asked;
          start ??= monotonic();
          const due = pacer.until(at, () => target.flush());
          if (due) await due;
          if (isOver()) break;
          const waits = target.send(one.bytes);
          if (waits) await waits;
          counts.sent += 1;
          counts.bytes += one.bytes.length;
        }
        if (isOver()) break;
      }
      // A capture with nothing to send would be read for ever.
      if (counts.sent === before) break;
      kept.isWhole = true;
      pacer.again();
    }
    isThrough = true;
  } finally {
    // Also when the capture cannot be read: an open socket would keep the program from ending.
    closed = await target.close();
    const seconds = start === undefined ? 0 : (monotonic() - start) / MS;
    if (isThrough || counts.sent > 0) io.print(`${summary(counts, closed.failed, seconds)}\n`);
  }
  const { failed, problem } = closed;
  if (failed > 0) {
    io.complain(`inject: ${target.name}: ${failed} packets were not sent: ${problem ?? 'refused'}`, 1);
  } else if (counts.sent === 0) {
    io.complain(`inject: ${path === '-' ? 'standard input' : path}: no packet was fit to be sent`, 1);
  }
}

function summary({ sent, bytes, without, cut, misfit, left }: Counts, failed: number, seconds: number): string {
  const rate = seconds > 0 ? Math.round((sent - failed) / seconds) : 0;
  const skipped = [
    ...(without > 0 ? [`${without} without a channel packet`] : []),
    ...(misfit > 0 ? [`${misfit} that do not fit the interface`] : []),
    ...(cut > 0 ? [`${cut} cut by the capture`] : []),
  ];
  return [
    `sent ${sent - failed} packets${failed > 0 ? '' : `, ${bytes} bytes`} in ${seconds.toFixed(3)} s (${rate} packets/s)`,
    ...(failed > 0 ? [`not sent ${failed}`] : []),
    ...(skipped.length > 0 ? [`skipped ${skipped.join(', ')}`] : []),
    ...(left > 0 ? [`not rewritten ${left}, which span frames`] : []),
  ].join('; ');
}
