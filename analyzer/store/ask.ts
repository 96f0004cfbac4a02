import type { Cancel } from '../query/news.js';
import type { Action } from './action.js';
import type { CaptureView } from './capture-view.js';
import type { Order } from './orders.js';
import { between } from './visible.js';

/**
 * Asks the capture what an order wants to know of it. The answers come as actions, at once or later.
 * @returns undefined for orders that the capture has nothing to do with
 */
export function ask(capture: CaptureView, order: Order, take: (action: Action) => void): Cancel | undefined {
  switch (order.type) {
    case 'match':
      return capture.match(order.wanted, (news) => take({ type: 'matched', key: order.key, news }));
    case 'find':
      return capture.find(order.search, order.from, order.backwards, order.within, (news) =>
        take({ type: 'found', news }),
      );
    case 'statistics':
      return capture.statistics(order.kind, order.filter, (news) => take({ type: 'counted', news }));
    case 'data':
      return capture.data(order.channel, (news) => take({ type: 'data', news }));
    case 'save':
      return capture.save(order.task, (news) => take({ type: 'saved', path: order.task.path, news }));
    case 'steps': {
      // What was forgotten meanwhile has no steps any more.
      const packets = between(order.packets, capture.first, capture.count);
      const drawn = Math.min(packets.count, order.most);
      const steps = Array.from({ length: drawn }, (_, place) => capture.steps(packets.at(place))).flat();
      take({ type: 'drawn', path: order.path, steps, left: order.packets.count - drawn });
      return () => {};
    }
    default:
      return undefined;
  }
}
