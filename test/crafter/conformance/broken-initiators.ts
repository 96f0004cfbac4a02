import { readPacket } from '../../../crafter/peer/read.js';
import { peerId } from '../../../crafter/peer-id.js';
import { CODES } from '../../../dissectors/channel/messages.js';
import { DEFAULT_CHANNEL, ENCRYPTED } from '../../../dissectors/channel/packet.js';
import { toHex } from '../../../dissectors/wire/view.js';
import {
  as,
  type BrokenPeer,
  deafTo,
  has,
  lettingIn,
  NOTHING,
  OWN_AS_INITIATOR,
  only,
  remembering,
  saying,
  startsWith,
  unmarked,
} from './broken-peer.js';
import { bytesOf, changed, read, remade, valueIn } from './remake.js';

/** Peers that are broken as initiators. */
export const BROKEN_INITIATORS: readonly BrokenPeer[] = [
  {
    what: 'says everything once',
    fails: ['new-retried', 'finalize-retried', 'gives-up', 'data-resent'],
    bend: remembering(() => {
      const said = new Set<string>();
      return {
        outgoing: (bytes) => {
          const key = toHex(bytes);
          if (said.has(key)) return NOTHING;
          said.add(key);
          return as(bytes);
        },
      };
    }),
  },
  {
    what: 'never gives up',
    fails: ['gives-up'],
    settings: { retries: [0, 200, 600, 1400, 3000, 6200, 9000], failAfter: 20_000 },
    bend: () => ({}),
  },
  {
    what: 'does not pad what it sends',
    fails: ['opens'],
    bend: saying((packet) => remade(packet, { paddedTo: 0 })),
  },
  {
    what: 'lets a wrong CHANNEL_ACKNOWLEDGE cancel its attempt',
    fails: ['ack-wrong-cookie', 'ack-wrong-checksum', 'ack-wrong-misplaced', 'ack-wrong-encrypted'],
    bend: remembering(() => {
      let count = 0;
      return { incoming: (bytes) => (count++ > 0 ? NOTHING : as(bytes)) };
    }),
  },
  {
    what: 'complains about packets that it should drop in silence',
    fails: ['checksum', 'cut', 'dialect', 'encrypted', 'recipient'].map((name) => `ack-wrong-${name}`),
    bend: (dialect) => ({
      incoming: (bytes, _, answer) => {
        if (typeof readPacket(bytes, dialect, OWN_AS_INITIATOR) === 'string') answer(bytes);
        return as(bytes);
      },
    }),
  },
  { what: 'reads what is marked as encrypted', fails: ['ack-wrong-encrypted'], bend: lettingIn(unmarked) },
  {
    what: 'takes a CHANNEL_ACKNOWLEDGE from whomever',
    fails: ['ack-wrong-sender', 'ack-wrong-misplaced'],
    bend: lettingIn((packet) =>
      packet.stop || (packet.flags ?? 0) & ENCRYPTED || !has(packet, CODES.CHANNEL_ACKNOWLEDGE)
        ? undefined
        : remade(packet, { header: { sender: peerId('listener'), id: DEFAULT_CHANNEL } }),
    ),
  },
  {
    what: 'takes every CHANNEL_ACKNOWLEDGE that comes',
    fails: ['ack-second'],
    bend: remembering(() => {
      let id: number | undefined;
      return {
        incoming: (bytes) => {
          const packet = read(bytes);
          const ack = packet?.messages.find(({ code }) => code === CODES.CHANNEL_ACKNOWLEDGE);
          if (packet && ack) id = Number(valueIn(packet, ack, 'id'));
          return as(bytes);
        },
        outgoing: (bytes) => {
          const packet = read(bytes);
          const [first] = packet?.messages ?? [];
          if (!packet || first?.code !== CODES.CHANNEL_FINALIZE || id === undefined) return as(bytes);
          return as(remade(packet, { messages: [changed(packet, first, { id })] }));
        },
      };
    }),
  },
  {
    what: 'does not hear a confirmation',
    fails: ['finalize-retried', 'quiet-before-confirmation'],
    bend: deafTo((packet) => only(packet, CODES.DATA_WINDOW)),
  },
  {
    what: 'takes anything for a confirmation',
    fails: ['cookie-confirms-nothing'],
    bend: lettingIn((packet) => {
      if (!startsWith(packet, CODES.CHANNEL_COOKIE)) return undefined;
      return remade(packet, { messages: packet.messages.slice(1).map((one) => bytesOf(packet, one)) });
    }),
  },
  {
    what: 'begins to talk with its CHANNEL_FINALIZE',
    fails: ['quiet-before-confirmation'],
    bend: () => ({
      outgoing: (bytes) => {
        const packet = read(bytes);
        const proof = packet?.messages.find(({ code }) => code === CODES.CHANNEL_FINALIZE);
        if (!packet || !proof) return as(bytes);
        const id = Number(valueIn(packet, proof, 'id'));
        return [...as(bytes), { bytes: remade(packet, { header: { id }, messages: [Uint8Array.of(CODES.DATA, 0)] }) }];
      },
    }),
  },
  {
    what: 'does not see collisions',
    fails: ['collision'],
    bend: deafTo((packet) => has(packet, CODES.CHANNEL_NEW)),
  },
  {
    what: 'does not take no for an answer',
    fails: ['refusal-heard'],
    bend: deafTo((packet) => has(packet, CODES.CHANNEL_CLOSE)),
  },
  {
    what: 'never reports what came',
    fails: ['data-acknowledged-by-initiator', 'close-answered-by-initiator'],
    bend: saying((packet, bytes) => (has(packet, CODES.DATA_PROGRESS) ? undefined : bytes)),
  },
];
