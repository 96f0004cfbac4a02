import { endpointText } from '../endpoint.js';
import { type Pace, Pacer } from '../io/pacing.js';
import { CraftError } from './craft-error.js';
import type { Copies } from './craft-world.js';
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
  const sizes = new Sizes();
  try {
    await new FloodGuard(target, { yes, confirm }).before(pace, count);
    taken = await handOver(copies, target, new Pacer(pace, signal), signal, sizes);
  } finally {
    lost = await target.close();
  }
  const sent = taken - lost.failed;
  print(sentText(sent, taken, sizes));
  if (lost.failed === 0) return;
  throw new CraftError(`${target.name}: ${lost.failed} packets were not sent: ${lost.problem ?? 'refused'}`, 1);
}

/** How large the packets are. */
class Sizes {
  least = Number.POSITIVE_INFINITY;
  most = 0;

  add(size: number): void {
    this.least = Math.min(this.least, size);
    this.most = Math.max(this.most, size);
  }
}

function sentText(sent: number, taken: number, { least, most }: Sizes): string {
  const size = taken === 0 ? '0' : least === most ? `${most}` : `${least} to ${most}`;
  return sent === 1 && taken === 1 ? `sent 1 packet of ${size} bytes\n` : `sent ${sent} packets, ${size} bytes each\n`;
}

/** Gives a target the copies, as fast as their pace is; tells how many. */
async function handOver(
  { bytes: first, next, linkType, count }: Copies,
  target: Target,
  pacer: Pacer,
  signal: AbortSignal,
  sizes: Sizes,
): Promise<number> {
  await target.takes(linkType);
  let taken = 0;
  while (taken < count && !signal.aborted && !target.isGone) {
    const due = pacer.until(pacer.next(undefined), () => target.flush());
    if (due) await due;
    if (signal.aborted) break;
    const bytes = next ? next(taken) : first;
    sizes.add(bytes.length);
    const waits = target.send(bytes);
    taken += 1;
    if (waits) await waits;
  }
  return taken;
}
