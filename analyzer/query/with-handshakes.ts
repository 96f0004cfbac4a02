import { MESSAGE_CODES, OTHER_MESSAGES } from '../index/known-columns.js';
import { NumberList } from '../index/number-list.js';
import { rowOf } from '../index/packet-index.js';
import type { ScannedCapture } from '../index/scanned-capture.js';
import { touchedBy } from '../index/touched.js';
import { HandshakePackets, isOpening, opensChannel, partsOf } from './handshake-packets.js';

/** Packets between two turns of others. */
const BETWEEN_TURNS = 1024;

/** The message types that open a channel. */
const OPENING = MESSAGE_CODES.reduce(
  (bits, code, place) => (isOpening(code) ? bits | (1 << place) : bits),
  OTHER_MESSAGES,
);

/**
 * Some packets, the handshakes of the channels that they touch, and the earlier packets that parts of these lie in.
 * @param last the number of the last packet that counts
 * @param isOver whether nobody wants to know any more
 */
export async function withTheirHandshakes(
  capture: ScannedCapture,
  numbers: NumberList,
  last: number,
  isOver: () => boolean,
): Promise<NumberList> {
  const { index } = capture;
  const wanted = new Set<number>();
  const all = new Set<number>();
  for (let place = 0; place < numbers.count && !isOver(); place++) {
    const number = numbers.at(place);
    if (number < index.first || number > last) continue;
    for (const channel of touchedBy(index, number)) wanted.add(channel);
    // Only packets with facts of their own can have parts elsewhere.
    all.add(number);
    if (index.columnsOf(number).facts[rowOf(number)] !== 0) {
      for (const part of partsOf(capture.packet(number))) all.add(part);
    }
    if (place % BETWEEN_TURNS === 0) await giveWay();
  }
  const handshakes = new HandshakePackets();
  for (const { columns, base, from, to } of index.runs(index.first, last)) {
    for (let row = from; row < to && !isOver(); row++) {
      if (((columns.messages[row] as number) & OPENING) === 0 || columns.channel[row] === 0) continue;
      const channels = touchedBy(index, base + row).filter((channel) => wanted.has(channel));
      if (channels.every((channel) => handshakes.isFull(channel))) continue;
      const packet = capture.packet(base + row);
      if (!opensChannel(packet)) continue;
      for (const channel of channels) handshakes.take(channel, packet);
    }
    await giveWay();
  }
  for (const channel of handshakes.channels()) {
    for (const packet of handshakes.of(channel)) {
      all.add(packet);
      for (const part of handshakes.partsOf(packet)) all.add(part);
    }
  }
  const list = new NumberList();
  for (const number of [...all].sort((one, other) => one - other)) list.add(number);
  return list;
}

/** Lets others have a turn. */
export const giveWay = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
