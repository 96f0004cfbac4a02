import { parentPort, workerData } from 'node:worker_threads';
import { lowerPriority } from '../index/lower-priority.js';
import { ScannedCapture } from '../index/scanned-capture.js';
import type { QueryOrder, QueryReply, QueryTask } from './messages.js';
import { QueryDesk } from './query-desk.js';

lowerPriority();
const { origin, news, channels, handshakes } = workerData as QueryTask;
const tell = (reply: QueryReply): void => parentPort?.postMessage(reply);
const capture = new ScannedCapture(true);
capture.open(origin);
const desk = new QueryDesk(capture, (id, answer) => tell({ type: 'answer', id, answer }));
desk.grow(news);
desk.know(channels, handshakes);

parentPort?.on('message', (order: QueryOrder) => {
  switch (order.type) {
    case 'capture':
      desk.grow(order.news);
      return tell({ type: 'forgotten', first: capture.index.first });
    case 'channels':
      return desk.know(order.channels, order.handshakes);
    case 'ask':
      return desk.ask(order.id, order.question);
    case 'cancel':
      return desk.cancel(order.id);
  }
});
