import { CODES } from '../../../dissectors/channel/messages.js';
import { DEFAULT_CHANNEL } from '../../../dissectors/channel/packet.js';
import { toHex } from '../../../dissectors/wire/view.js';
import { as, type BrokenPeer, complaint, deafTo, has, headerOf, NOTHING, remembering, saying } from './broken-peer.js';
import { bytesOf, changed, read, remade, valueIn } from './remake.js';

/** Peers that are broken as responders once there is a channel, or a packet for one. */
export const BROKEN_ON_CHANNELS: readonly BrokenPeer[] = [
  {
    what: 'knows nothing of early data',
    fails: ['cookie-confirmed', 'cookie-on-established'],
    bend: deafTo((packet) => has(packet, CODES.CHANNEL_COOKIE)),
  },
  {
    what: 'takes CHANNEL_COOKIE wherever it stands',
    fails: ['cookie-not-first', 'cookie-misplaced'],
    bend: remembering(() => {
      let known = 0;
      return {
        incoming: (bytes) => {
          const packet = read(bytes);
          const place = packet?.messages.findIndex(({ code }) => code === CODES.CHANNEL_COOKIE) ?? -1;
          if (!packet || place < 0) return as(bytes);
          const sorted = packet.messages.toSorted((one) => (one.code === CODES.CHANNEL_COOKIE ? -1 : 1));
          const messages = sorted.map((one) => bytesOf(packet, one));
          const id = packet.id === DEFAULT_CHANNEL ? known : packet.id;
          return as(remade(packet, { messages, ...(id !== undefined && { header: { id } }) }));
        },
        outgoing: (bytes) => {
          const packet = read(bytes);
          const ack = packet?.messages.find(({ code }) => code === CODES.CHANNEL_ACKNOWLEDGE);
          if (packet && ack) known = Number(valueIn(packet, ack, 'id'));
          return as(bytes);
        },
      };
    }),
  },
  {
    what: 'answers on channels that it does not know',
    fails: ['data', 'close', 'close-loss', 'window'].map((name) => `unknown-channel-${name}`),
    bend: () => ({
      incoming: (bytes, _, answer) => {
        const packet = read(bytes);
        if (packet?.id === 0x1a2b3c4d) answer(complaint(packet));
        return as(bytes);
      },
    }),
  },
  {
    what: 'keys channels by their id alone',
    fails: ['data-other-sender'],
    bend: remembering(() => {
      const owners = new Map<number, Uint8Array>();
      return {
        incoming: (bytes) => {
          const packet = read(bytes);
          if (!packet || packet.stop || packet.id === undefined || packet.id === DEFAULT_CHANNEL) return as(bytes);
          const sender = owners.get(packet.id);
          return as(sender ? remade(packet, { header: { sender } }) : bytes);
        },
        outgoing: (bytes) => {
          const packet = read(bytes);
          if (packet?.id !== undefined && packet.id !== DEFAULT_CHANNEL)
            owners.set(packet.id, headerOf(packet).recipient.slice());
          return as(bytes);
        },
      };
    }),
  },
  {
    what: 'never reports what came',
    fails: ['data-acknowledged', 'data-repeated', 'close-answered', 'close-at-once', 'cookie-confirmed'],
    bend: saying((packet, bytes) => (has(packet, CODES.DATA_PROGRESS) ? undefined : bytes)),
  },
  {
    what: 'reports no gaps',
    fails: ['data-gap'],
    bend: saying((packet) => {
      const messages = packet.messages.map((one) =>
        one.code === CODES.DATA_PROGRESS ? changed(packet, one, { received: 0 }) : bytesOf(packet, one),
      );
      return remade(packet, { messages });
    }),
  },
  {
    what: 'reports a number once only',
    fails: ['data-repeated'],
    bend: remembering(() => {
      const reported = new Set<string>();
      return {
        outgoing: (bytes) => {
          const packet = read(bytes);
          if (!packet || !has(packet, CODES.DATA_PROGRESS)) return as(bytes);
          const key = toHex(bytes);
          if (reported.has(key)) return NOTHING;
          reported.add(key);
          return as(bytes);
        },
      };
    }),
  },
  {
    what: 'takes a DATA without bytes for none',
    fails: ['data-empty'],
    bend: deafTo((packet) => packet.messages.some((one) => one.code === CODES.DATA && one.end - one.at === 2)),
  },
  {
    what: 'reports in every mode',
    fails: ['data-udp'],
    bend: () => ({
      incoming: (bytes, _, answer) => {
        const packet = read(bytes);
        if (packet && has(packet, CODES.DATA)) answer(complaint(packet));
        return as(bytes);
      },
    }),
  },
  {
    what: 'answers a CLOSE only where it reports data',
    fails: ['udp', 'x', 'streaming-1', 'y'].map((mode) => `close-answered-${mode}`),
    bend: saying((packet, bytes) => (has(packet, CODES.DATA_PROGRESS) ? undefined : bytes)),
  },
  {
    what: 'sends a CLOSE once only',
    fails: ['close-resent', 'close-for-loss'],
    bend: remembering(() => {
      const closed = new Set<string>();
      return {
        outgoing: (bytes) => {
          const packet = read(bytes);
          if (!packet || !has(packet, CODES.CHANNEL_CLOSE)) return as(bytes);
          const key = toHex(bytes);
          if (closed.has(key)) return NOTHING;
          closed.add(key);
          return as(bytes);
        },
      };
    }),
  },
  {
    what: 'does not take a DATA_PROGRESS for the answer to its CLOSE',
    fails: ['close-resent', 'close-for-loss'],
    bend: deafTo((packet) => has(packet, CODES.DATA_PROGRESS)),
  },
  {
    what: 'never closes',
    fails: ['close-answered', 'close-repeated', 'close-for-loss', 'refusal'],
    bend: saying((packet, bytes) => (has(packet, CODES.CHANNEL_CLOSE) ? undefined : bytes)),
  },
];
