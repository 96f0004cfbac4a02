import { isHandshake } from '../../dissectors/channel/dissect.js';
import { CODES } from '../../dissectors/channel/messages.js';
import { MESSAGE_CODES, OTHER_MESSAGES } from '../index/known-columns.js';
import { NumberList } from '../index/number-list.js';
import { rowOf } from '../index/packet-index.js';
import type { ScannedCapture } from '../index/scanned-capture.js';
import { touchedBy } from '../index/touched.js';
import type { Packet } from '../print/packet.js';

/** Handshake packets that are taken of one channel: a flood of repeats must not grow. */
const MOST_OF_ONE = 256;
/** Packets between two turns of others. */
const BETWEEN_TURNS = 1024;

/** The message types that open a channel. */
const OPENING = MESSAGE_CODES.reduce(
  (bits, code, place) => (isHandshake(code) || code === CODES.CHANNEL_COOKIE ? bits | (1 << place) : bits),
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
  const add = (packet: Packet): void => {
    for (const part of partsOf(packet)) all.add(part);
    all.add(packet.number);
  };
  for (let place = 0; place < numbers.count && !isOver(); place++) {
    const number = numbers.at(place);
    if (number < index.first || number > last) continue;
    for (const channel of touchedBy(index, number)) wanted.add(channel);
    // Only packets with facts of their own can have parts elsewhere.
    if (index.columnsOf(number).facts[rowOf(number)] === 0) all.add(number);
    else add(capture.packet(number));
    if (place % BETWEEN_TURNS === 0) await giveWay();
  }
  const taken = new Map<number, number>();
  for (const { columns, base, from, to } of index.runs(index.first, last)) {
    for (let row = from; row < to && !isOver(); row++) {
      if (((columns.messages[row] as number) & OPENING) === 0 || columns.channel[row] === 0) continue;
      const channels = touchedBy(index, base + row).filter((channel) => wanted.has(channel));
      if (!channels.some((channel) => (taken.get(channel) ?? 0) < MOST_OF_ONE)) continue;
      const packet = capture.packet(base + row);
      if (!opensChannel(packet)) continue;
      for (const channel of channels) taken.set(channel, (taken.get(channel) ?? 0) + 1);
      add(packet);
    }
    await giveWay();
  }
  const list = new NumberList();
  for (const number of [...all].sort((one, other) => one - other)) list.add(number);
  return list;
}

/** Whether a packet carries a message that opens a channel. */
const opensChannel = ({ dissection }: Packet): boolean =>
  dissection.channels.some(({ messages }) =>
    messages.some(({ code }) => isHandshake(code) || code === CODES.CHANNEL_COOKIE),
  );

/** The earlier packets that parts of a packet lie in: fragments of its datagram, segments of its stream. */
const partsOf = ({ dissection }: Packet): readonly number[] =>
  dissection.sources.flatMap(({ pieces = [] }) => pieces.map(({ packet }) => packet));

/** Lets others have a turn. */
export const giveWay = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
