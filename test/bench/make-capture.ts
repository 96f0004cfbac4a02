import { closeSync, openSync, writeSync } from 'node:fs';
import { channelPacket, data, leastSize, message } from '../../crafter/channel-part.js';
import { ethernet } from '../../crafter/link-part.js';
import { ipv4 } from '../../crafter/network-part.js';
import { build, type Part } from '../../crafter/part.js';
import { udp } from '../../crafter/transport-part.js';
import { bitsOf } from '../../dissectors/channel/capabilities.js';
import { cookieKey } from '../../dissectors/channel/cookie.js';
import { dialectNamed } from '../../dissectors/channel/dialects.js';
import { DEFAULT_CHANNEL } from '../../dissectors/channel/packet.js';
import { pcapFileHeader, pcapRecord } from '../../dissectors/file/pcap-writer.js';
import { toHex } from '../../dissectors/wire/view.js';

/** `bulk`: few channels, much data. `handshakes`: a new channel every few packets. */
export type Mix = 'bulk' | 'handshakes';

const dialect = dialectNamed('hmac');
const START = 1_767_323_045;
/** Packets that are gathered before they are written. */
const GATHERED = 4096;

interface Pair {
  readonly initiator: Uint8Array;
  readonly responder: Uint8Array;
  readonly host: number;
}

const idOf = (place: number, role: number): Uint8Array =>
  Uint8Array.from({ length: 16 }, (_, at) => (place * 31 + role * 101 + at * 7) & 0xff);
const secretOf = (place: number, role: number): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, at) => (place * 17 + role * 89 + at * 13) & 0xff);

/** Peers that talk to each other: sixteen pairs. */
const PAIRS: readonly Pair[] = Array.from({ length: 16 }, (_, host) => ({
  initiator: idOf(host, 1),
  responder: idOf(host, 2),
  host,
}));
const KEYS = PAIRS.map(
  ({ host }) => [cookieKey(dialect, secretOf(host, 1)), cookieKey(dialect, secretOf(host, 2))] as const,
);

/** The secrets of all peers of a benchmark capture, as a secrets file. */
export const benchSecrets = (): string =>
  PAIRS.flatMap(({ initiator, responder, host }) => [
    `PEER_SECRET ${toHex(initiator)} ${toHex(secretOf(host, 1))}`,
    `PEER_SECRET ${toHex(responder)} ${toHex(secretOf(host, 2))}`,
  ]).join('\n');

/** Frames one packet in UDP, IPv4 and Ethernet. */
function frame({ host }: Pair, fromInitiator: boolean, packet: Part): Uint8Array {
  const addresses = [0xc0000200 + 2 * host, 0xc0000201 + 2 * host] as const;
  const [src, dst] = fromInitiator ? addresses : [addresses[1], addresses[0]];
  const macs = [Uint8Array.of(2, 0, 0, 0, 0, host), Uint8Array.of(2, 0, 0, 0, 1, host)] as const;
  const [from, to] = fromInitiator ? macs : [macs[1], macs[0]];
  return build(
    ethernet({ src: from, dst: to }, ipv4({ src, dst, ttl: 64 }, udp({ srcport: 4242, dstport: 4242 }, packet))),
  );
}

/** The packets of one channel: its handshake, `count` packets of data, its end. */
function* conversation(pair: Pair, c1: number, c2: number, count: number, size: number): Generator<Uint8Array> {
  const { initiator, responder, host } = pair;
  const id = ((c1 << 16) | c2) >>> 0;
  const [first, second] = KEYS[host] as (typeof KEYS)[number];
  const roles = { initiator, responder };
  const cookie1 = first({ ...roles, c1 }).slice();
  const cookie2 = second({ ...roles, c1, c2 }).slice();
  const there = { sender: initiator, recipient: responder };
  const back = { sender: responder, recipient: initiator };
  const onDefault = { id: DEFAULT_CHANNEL, sequence: 0 };
  const caps = bitsOf('tcp');
  yield frame(
    pair,
    true,
    channelPacket(dialect, { ...there, ...onDefault }, [message(dialect, 'CHANNEL_NEW', { c1, cookie1 })], {
      paddedTo: leastSize(dialect, 1),
    }),
  );
  yield frame(
    pair,
    false,
    channelPacket(dialect, { ...back, ...onDefault }, [
      message(dialect, 'CHANNEL_ACKNOWLEDGE', { id, cookie1, cookie2 }),
    ]),
  );
  yield frame(
    pair,
    true,
    channelPacket(dialect, { ...there, ...onDefault }, [message(dialect, 'CHANNEL_FINALIZE', { id, cookie2, caps })], {
      paddedTo: leastSize(dialect, 0, 1),
    }),
  );
  let own = ((cookie2[2] ?? 0) << 8) | (cookie2[3] ?? 0);
  const other = ((cookie2[0] ?? 0) << 8) | (cookie2[1] ?? 0);
  yield frame(
    pair,
    false,
    channelPacket(dialect, { ...back, id, sequence: other }, [message(dialect, 'DATA_WINDOW', { window: 64 })]),
  );
  const payload = new Uint8Array(size).map((_, at) => (at * 31 + c1) & 0xff);
  for (let at = 0; at < count; at++) {
    if (at % 3 === 2) {
      const report = [
        message(dialect, 'DATA_PROGRESS', { next: own, received: 0 }),
        message(dialect, 'DATA_WINDOW', { window: 64 }),
      ];
      yield frame(pair, false, channelPacket(dialect, { ...back, id, sequence: other }, report));
    } else {
      yield frame(pair, true, channelPacket(dialect, { ...there, id, sequence: own }, [data(dialect, payload)]));
      own = (own + 1) & 0xffff;
    }
  }
  yield frame(
    pair,
    true,
    channelPacket(dialect, { ...there, id, sequence: own }, [message(dialect, 'CHANNEL_CLOSE', { reason: 0 })]),
  );
  yield frame(
    pair,
    false,
    channelPacket(dialect, { ...back, id, sequence: other }, [message(dialect, 'CHANNEL_CLOSE', { reason: 0 })]),
  );
}

/** Writes a pcap file of `count` packets; 20 µs lie between packets. The same arguments make the same file. */
export function makeCapture(path: string, count: number, mix: Mix): void {
  const file = openSync(path, 'w');
  const lanes = mix === 'bulk' ? 64 : 16;
  const perChannel = mix === 'bulk' ? 20_000 : 6;
  const size = mix === 'bulk' ? 680 : 400;
  let opened = 0;
  const next = (lane: number) => {
    const place = opened++;
    // Halves differ for each channel of a pair; the reserved one is left out.
    const half = (salt: number) => ((place * 40503 + salt) & 0xffff) % 0xf0f0;
    return conversation(PAIRS[lane % 16] as Pair, half(1), (place >>> 4) % 0xf0f0, perChannel, size);
  };
  const running = Array.from({ length: lanes }, (_, lane) => next(lane));
  const pieces: Uint8Array[] = [pcapFileHeader({ linkType: 1, snapLength: 262_144, nanoseconds: false })];
  const flush = () => {
    const bytes = Buffer.concat(pieces);
    writeSync(file, bytes);
    pieces.length = 0;
  };
  for (let made = 0, lane = 0; made < count; lane = (lane + 1) % lanes) {
    const step = running[lane]?.next();
    if (!step || step.done) {
      running[lane] = next(lane);
      continue;
    }
    const micros = made * 20;
    const seconds = START + Math.floor(micros / 1_000_000);
    pieces.push(
      pcapRecord({ seconds, nanos: (micros % 1_000_000) * 1000, bytes: step.value, wire: step.value.length }),
    );
    made++;
    if (pieces.length >= GATHERED) flush();
  }
  flush();
  closeSync(file);
}
