import { readPacket } from '../../../crafter/peer/read.js';
import { type ChannelPacket, isHandshake, type Message } from '../../../dissectors/channel/dissect.js';
import { CODES } from '../../../dissectors/channel/messages.js';
import { DEFAULT_CHANNEL, PAYLOAD } from '../../../dissectors/channel/packet.js';
import { toHex } from '../../../dissectors/wire/view.js';
import {
  as,
  type BrokenPeer,
  complaint,
  deafTo,
  forgiven,
  has,
  headerOf,
  isOdd,
  lettingIn,
  NOTHING,
  OWN,
  only,
  remembering,
  reservedIn,
  saying,
  startsWith,
  unmarked,
} from './broken-peer.js';
import { bytesOf, changed, read, remade, valueIn } from './remake.js';

/** Peers that are broken as responders, in their handshakes. */
export const BROKEN_IN_HANDSHAKES: readonly BrokenPeer[] = [
  {
    what: 'says nothing',
    fails: ['new-answered'],
    bend: () => ({ outgoing: () => NOTHING }),
  },
  {
    what: 'accepts any cookie 2',
    fails: [
      'finalize-wrong-proof',
      'finalize-other-c2',
      'finalize-other-c1',
      'finalize-other-sender',
      'finalize-made-up',
      'cookie-wrong',
      'cookie-wrong-on-established',
    ],
    dialects: ['hmac', 'channeler'],
    settings: { bindAddress: false },
    bend: (dialect, secret) => lettingIn((packet) => forgiven(packet, secret))(dialect, secret),
  },
  {
    what: 'speaks no more to whoever sent it a CHANNEL_FINALIZE',
    fails: ['finalize-wrong-proof-unseen'],
    bend: remembering(() => {
      const banned = new Set<string>();
      return {
        incoming: (bytes) => {
          const packet = read(bytes);
          if (!packet) return as(bytes);
          const sender = toHex(headerOf(packet).sender);
          if (has(packet, CODES.CHANNEL_FINALIZE)) banned.add(sender);
          return banned.has(sender) ? NOTHING : as(bytes);
        },
      };
    }),
  },
  {
    what: 'reads what is marked as encrypted',
    fails: ['drops-encrypted'],
    bend: lettingIn(unmarked),
  },
  {
    what: 'takes any CHANNEL_COOKIE for right',
    fails: ['cookie-wrong', 'cookie-wrong-on-established'],
    bend: (dialect, secret) => lettingIn((packet) => forgiven(packet, secret))(dialect, secret),
  },
  {
    what: 'confirms every CHANNEL_FINALIZE, right or wrong',
    fails: [
      ...['wrong-proof', 'other-c2', 'other-c1', 'other-sender', 'other-address', 'made-up', 'after-close'].map(
        (name) => `finalize-${name}`,
      ),
      'secret-replaced-twice',
    ],
    bend: () => ({
      incoming: (bytes, _, answer) => {
        const packet = read(bytes);
        const proof = packet?.messages.find(({ code }) => code === CODES.CHANNEL_FINALIZE);
        if (!packet || packet.stop || !proof) return as(bytes);
        const { sender, recipient } = headerOf(packet);
        const header = { sender: recipient, recipient: sender, id: Number(valueIn(packet, proof, 'id')) };
        answer(remade(packet, { header, messages: [Uint8Array.of(CODES.DATA_WINDOW, 0, 16)], paddedTo: 0 }));
        return as(bytes);
      },
    }),
  },
  {
    what: 'takes a proof from any address',
    fails: ['finalize-other-address'],
    settings: { bindAddress: false },
    bend: () => ({}),
  },
  {
    what: 'takes packets of a channel from any address',
    fails: ['data-other-address'],
    bend: remembering(() => {
      let first: string | undefined;
      return {
        incoming: (bytes, from) => {
          first ??= from;
          return [{ bytes, place: first }];
        },
      };
    }),
  },
  {
    what: 'complains about packets that it should drop in silence',
    fails: [
      ...['cut', 'size-below', 'size-above', 'payload-above', 'dialect', 'recipient', 'own-sender'],
      ...['encrypted', 'message-cut', 'data-cut', 'varint-long', 'varint-cut', 'half-reserved'],
    ]
      .map((name) => `drops-${name}`)
      .concat(['data-truncated', 'finalize-wrong-cut']),
    bend: (dialect) => ({
      incoming: (bytes, _, answer) => {
        if (typeof readPacket(bytes, dialect, OWN) === 'string') answer(bytes);
        return as(bytes);
      },
    }),
  },
  {
    what: 'does not check the checksum',
    fails: ['drops-checksum', 'data-bad-checksum'],
    bend: lettingIn((packet) => (packet.checksumStatus === 'bad' && !packet.stop ? remade(packet, {}) : undefined)),
  },
  {
    what: 'answers more than it was asked',
    fails: ['new-too-small', 'new-bundle-too-small', 'finalize-bundle-too-small'],
    bend: lettingIn((packet) => (packet.stop ? undefined : remade(packet, { paddedTo: 1200 }))),
  },
  {
    what: 'takes every message of a packet for a packet',
    fails: ['new-bundled', 'finalize-twice-in-packet'],
    bend: () => ({
      incoming: (bytes) => {
        const packet = read(bytes);
        if (!packet || packet.stop || packet.messages.length < 2) return as(bytes);
        return packet.messages.map((one) => ({ bytes: remade(packet, { messages: [bytesOf(packet, one)] }) }));
      },
    }),
  },
  {
    what: 'gives every CHANNEL_NEW another c2',
    fails: ['new-repeated'],
    settings: { bindAddress: false },
    bend: remembering(() => {
      let count = 0;
      return {
        incoming: (bytes, from) => [{ bytes, place: `${from}#${count++}` }],
        outgoing: (bytes, to) => [{ bytes, place: to.replace(/#.*/, '') }],
      };
    }),
  },
  {
    what: 'takes the reserved half',
    fails: ['new-reserved-half'],
    bend: lettingIn((packet) => {
      const [first] = packet.messages;
      if (first?.code !== CODES.CHANNEL_NEW || valueIn(packet, first, 'c1') !== 0xf0f0) return undefined;
      return remade(packet, { messages: [changed(packet, first, { c1: 1 })] });
    }),
  },
  {
    what: 'tells the id of a channel again',
    fails: ['new-for-established', 'new-after-close'],
    bend: remembering(() => {
      const told = new Map<string, Uint8Array>();
      const keyOf = (packet: ChannelPacket, message: Message, peer: Uint8Array) =>
        toHex(peer) + String(valueIn(packet, message, 'c1') ?? Number(valueIn(packet, message, 'id')) >>> 16);
      return {
        incoming: (bytes, _, answer) => {
          const packet = read(bytes);
          const [first] = packet?.messages ?? [];
          if (!packet || packet.stop || first?.code !== CODES.CHANNEL_NEW || first.stop) return as(bytes);
          const before = told.get(keyOf(packet, first, headerOf(packet).sender));
          if (!before) return as(bytes);
          answer(before);
          return NOTHING;
        },
        outgoing: (bytes) => {
          const packet = read(bytes);
          const [first] = packet?.messages ?? [];
          if (packet && first?.code === CODES.CHANNEL_ACKNOWLEDGE) {
            told.set(keyOf(packet, first, headerOf(packet).recipient), bytes);
          }
          return as(bytes);
        },
      };
    }),
  },
  {
    what: 'has a table for a hundred strangers, and no more',
    fails: ['flood', 'flood-during-handshake'],
    bend: remembering(() => {
      const strangers = new Set<string>();
      return {
        incoming: (bytes) => {
          const packet = read(bytes);
          if (packet && !packet.stop) strangers.add(toHex(headerOf(packet).sender));
          return strangers.size > 100 ? NOTHING : as(bytes);
        },
      };
    }),
  },
  {
    what: 'never confirms',
    fails: ['finalize-confirmed', 'finalize-repeated', 'cookie-on-established', 'finalize-caps-again'],
    bend: saying((packet, bytes) => (only(packet, CODES.DATA_WINDOW) ? undefined : bytes)),
  },
  {
    what: 'confirms a channel once only',
    fails: ['finalize-repeated', 'cookie-on-established'],
    bend: remembering(() => {
      const confirmed = new Set<number>();
      return {
        incoming: (bytes) => {
          const packet = read(bytes);
          const isKnown = packet?.messages.some((one) => confirmed.has(Number(valueIn(packet, one, 'id'))));
          const isEarly =
            packet !== undefined && startsWith(packet, CODES.CHANNEL_COOKIE) && confirmed.has(packet.id ?? 0);
          return isKnown || isEarly ? NOTHING : as(bytes);
        },
        outgoing: (bytes) => {
          const packet = read(bytes);
          if (packet?.id !== undefined && has(packet, CODES.DATA_WINDOW)) confirmed.add(packet.id);
          return as(bytes);
        },
      };
    }),
  },
  {
    what: 'puts the halves of ids the wrong way round',
    fails: ['new-answered', 'finalize-confirmed'],
    bend: saying((packet, bytes) => {
      if (!has(packet, CODES.CHANNEL_ACKNOWLEDGE)) return bytes;
      const swapped = packet.messages.map((one) => {
        const id = Number(valueIn(packet, one, 'id') ?? 0);
        return changed(packet, one, { id: ((id << 16) | (id >>> 16)) >>> 0 });
      });
      return remade(packet, { messages: swapped });
    }),
  },
  {
    what: 'numbers its packets from 0',
    fails: ['finalize-start', 'refusal'],
    bend: saying((packet) => remade(packet, { header: { sequence: 0 } })),
  },
  {
    what: 'does not care on which channel messages come',
    fails: ['drops-misplaced', 'finalize-misplaced'],
    bend: lettingIn((packet) => {
      const isMisplaced = packet.messages.some(({ code }) => isHandshake(code)) && packet.id !== DEFAULT_CHANNEL;
      return isMisplaced && !packet.stop ? remade(packet, { header: { id: DEFAULT_CHANNEL } }) : undefined;
    }),
  },
  {
    what: 'finds its way past unknown messages',
    fails: ['drops-behind-unknown'],
    bend: lettingIn((packet, bytes) => {
      const { messages, payloadSize = 0 } = packet;
      const [first] = messages;
      if (!first || first.kind || messages.length !== 1) return undefined;
      // It takes the type and one byte for the whole message.
      return remade(packet, { messages: [bytes.slice(first.body + 1, PAYLOAD + payloadSize)] });
    }),
  },
  {
    what: 'drops packets with anything in them that it does not know',
    fails: ['ignores-unknown', 'ignores-data', 'data-before-unknown'],
    bend: deafTo(({ messages, id }) =>
      messages.some(({ kind, code }) => !kind || (id === DEFAULT_CHANNEL && !isHandshake(code))),
    ),
  },
  {
    what: 'drops packets that are a little odd',
    fails: ['flags', 'spin', 'trailing', 'padding', 'number'].map((name) => `ignores-${name}`),
    bend: deafTo((packet, bytes) => isOdd(packet, bytes)),
  },
  { what: 'drops reserved capability bits', fails: ['finalize-reserved-caps'], bend: deafTo(reservedIn) },
  {
    what: 'lets a later CHANNEL_FINALIZE change the capabilities',
    fails: ['finalize-caps-again'],
    bend: remembering(() => {
      let isReliable = true;
      return {
        incoming: (bytes) => {
          const packet = read(bytes);
          const proof = packet?.messages.find(({ code }) => code === CODES.CHANNEL_FINALIZE);
          if (packet && proof) isReliable = (Number(valueIn(packet, proof, 'caps') ?? 0) & 1) === 1;
          return as(bytes);
        },
        outgoing: (bytes) => {
          const packet = read(bytes);
          return packet && has(packet, CODES.DATA_PROGRESS) && !isReliable ? NOTHING : as(bytes);
        },
      };
    }),
  },
  {
    what: 'forgets closed channels at once',
    fails: ['finalize-after-close', 'close-repeated', 'close-at-once', 'close-answered-udp', 'close-answered-y'],
    bend: remembering(() => {
      const closed = new Set<number>();
      return {
        incoming: (bytes, _, answer) => {
          const packet = read(bytes);
          if (!packet || packet.stop) return as(bytes);
          const proof = packet.messages.find(({ code }) => code === CODES.CHANNEL_FINALIZE);
          if (proof && closed.has(Number(valueIn(packet, proof, 'id')))) answer(complaint(packet));
          if (closed.has(packet.id ?? 0)) return NOTHING;
          if (has(packet, CODES.CHANNEL_CLOSE)) closed.add(packet.id ?? 0);
          return as(bytes);
        },
      };
    }),
  },
  {
    what: 'forgets a secret as soon as it has another',
    fails: ['secret-replaced-once'],
    // What it was given long ago is no good any more.
    bend: remembering(() => {
      let proofs = 0;
      return {
        incoming: (bytes) => {
          const packet = read(bytes);
          if (packet && has(packet, CODES.CHANNEL_FINALIZE)) proofs += 1;
          return proofs > 0 ? NOTHING : as(bytes);
        },
      };
    }),
  },
];
