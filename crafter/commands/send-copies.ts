import { endpointText } from '../endpoint.js';
import { type Pace, Pacer } from '../io/pacing.js';
import type { Copies } from './craft.js';
import { CraftError } from './craft-error.js';
import { type FloodConsent, FloodGuard } from './flood.js';
import { interfaceTarget, type Lost, type Target, udpTarget } from './inject-target.js';

/** Sends a crafted packet as often as asked, and prints how many left. @throws {CraftError} if some did not */
export async function sendCopies(
  copies: Copies,
  { print, confirm }: { readonly print: (text: string) => void; readonly confirm: FloodConsent['confirm'] },
  signal: AbortSignal,
): Promise<void> {
  const { to, rate, yes, count } = copies;
  const target = to.to === 'udp' ? await udpTarget(endpointText(to)) : interfaceTarget(to.name);
  const pace: Pace = rate === undefined ? { by: 'nothing' } : { by: 'rate', rate };
  let taken = 0;
  let lost: Lost = { failed: 0 };
  try {
    await new FloodGuard(target, { yes, confirm }).before(pace, count);
    taken = await handOver(copies, target, new Pacer(pace, signal), signal);
  } finally {
    lost = await target.close();
  }
  const sent = taken - lost.failed;
  const { length } = copies.bytes;
  print(sent === 1 ? `sent 1 packet of ${length} bytes\n` : `sent ${sent} packets, ${length} bytes each\n`);
  if (lost.failed === 0) return;
  throw new CraftError(`${target.name}: ${lost.failed} packets were not sent: ${lost.problem ?? 'refused'}`, 1);
}

/** Gives a target the copies, as fast as their pace is; tells how many. */
async function handOver(
  { bytes, linkType, count }: Copies,
  target: Target,
  pacer: Pacer,
  signal: AbortSignal,
): Promise<number> {
  await target.takes(linkType);
  let taken = 0;
  while (taken < count && !signal.aborted && !target.isGone) {
    const due = pacer.until(pacer.next(undefined), () => target.flush());
    if (due) await due;
    if (signal.aborted) break;
    const waits = target.send(bytes);
    taken += 1;
    if (waits) await waits;
  }
  return taken;
}
