import { type Conditions, PERFECT } from '../link/conditions.js';
import { EventQueue } from '../link/event-queue.js';
import { Path } from '../link/path.js';
import { seeded } from '../seeded.js';
import { monotonic } from './clock.js';
import { Alarm } from './timers.js';
import type { UdpPort } from './udp-port.js';

interface Waiting {
  readonly bytes: Uint8Array;
  readonly to: string;
}

/**
 * A port that treats what it sends as a bad network would: datagrams are lost, doubled, held back. The same seed does
 * the same to the same datagrams.
 */
export function impaired(port: UdpPort, conditions: Partial<Conditions>, seed: number): UdpPort {
  const path = new Path(seeded(seed), { ...PERFECT, ...conditions });
  const waiting = new EventQueue<Waiting>();
  const release = (now: number): void => {
    for (let next = waiting.next; next !== undefined; next = waiting.next) {
      if (next > now) {
        alarm.noLaterThan(next);
        return;
      }
      const due = waiting.pop();
      if (due) port.send(due.bytes, due.to);
    }
  };
  const alarm = new Alarm(release);
  return {
    local: port.local,
    send: (bytes, to) => {
      const now = monotonic();
      const arrivals = path.send(bytes, now);
      if (typeof arrivals === 'string') return;
      for (const arrival of arrivals) {
        if (arrival.at <= now) {
          port.send(arrival.bytes, to);
        } else {
          waiting.push(arrival.at, { bytes: arrival.bytes, to });
          alarm.noLaterThan(arrival.at);
        }
      }
    },
    waiting: () => waiting.size + port.waiting(),
    close: () => {
      alarm.cancel();
      // What is still under way arrives, if late: here, that is now.
      release(Number.POSITIVE_INFINITY);
      return port.close();
    },
  };
}
