import { existsSync, mkdirSync } from 'node:fs';
import { ethernet, sll2, vlan } from '../../crafter/link-part.js';
import { ipv4, ipv6 } from '../../crafter/network-part.js';
import { build, type Part } from '../../crafter/part.js';
import { seeded } from '../../crafter/seeded.js';
import { udp } from '../../crafter/transport-part.js';
import { Connection } from './connection.js';
import { conversation, PAIRS, type Pair, type Sent } from './conversation.js';
import { type Flows, makeCapture } from './make-capture.js';
import { webFlow } from './web-flows.js';

/** A kind of capture that the benchmark makes. */
export interface Mix {
  readonly about: string;
  readonly linkType: number;
  /** Flows that run beside each other. */
  readonly lanes: number;
  readonly flows: () => Flows;
}

const [ETHERNET, LINUX_SLL2] = [1, 276];
const PORT = 4242;

/** What the channels of a mix are like. */
interface Load {
  readonly lanes: number;
  readonly perChannel: number;
  readonly size: number;
}

const BULK: Load = { lanes: 64, perChannel: 20_000, size: 680 };

type Envelope = (pair: Pair, fromInitiator: boolean, packet: Part) => Part;

const macsOf = ({ host }: Pair, fromInitiator: boolean) => {
  const [one, other] = [Uint8Array.of(2, 0, 0, 0, 0, host), Uint8Array.of(2, 0, 0, 0, 1, host)];
  return fromInitiator ? { src: one, dst: other } : { src: other, dst: one };
};

const inIpv4 = ({ host }: Pair, fromInitiator: boolean, packet: Part): Part => {
  const [one, other] = [0xc0000200 + 2 * host, 0xc0000201 + 2 * host];
  return ipv4({ src: fromInitiator ? one : other, dst: fromInitiator ? other : one, ttl: 64 }, packet);
};

const inIpv6 = ({ host }: Pair, fromInitiator: boolean, packet: Part): Part => {
  const addressOf = (number: number) => Uint8Array.of(0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, number);
  const [one, other] = [addressOf(2 * host), addressOf(2 * host + 1)];
  return ipv6({ src: fromInitiator ? one : other, dst: fromInitiator ? other : one }, packet);
};

const inUdp = (packet: Part): Part => udp({ srcport: PORT, dstport: PORT }, packet);
const inBareUdp = (packet: Part): Part => udp({ srcport: PORT, dstport: PORT, checksum: 0 }, packet);

const over =
  (transport: (packet: Part) => Part, network: Envelope, inLink = (packet: Part) => packet): Envelope =>
  (pair, from, packet) =>
    ethernet(macsOf(pair, from), inLink(network(pair, from, transport(packet))));

const cooked: Envelope = (pair, from, packet) =>
  sll2(
    { pkttype: from ? SENT_BY_US : 0, ifindex: 2, 'src.eth': macsOf(pair, from).src },
    inIpv4(pair, from, inUdp(packet)),
  );
const SENT_BY_US = 4;

/** The channels of a mix, each with halves of its id that no other channel of its pair has; the reserved one is left out. */
function channelsOf({
  perChannel,
  size,
}: Load): (lane: number) => { readonly pair: Pair; readonly sent: Generator<Sent> } {
  let opened = 0;
  return (lane) => {
    const place = opened++;
    const pair = PAIRS[lane % PAIRS.length] as Pair;
    const c1 = ((place * 40503 + 1) & 0xffff) % 0xf0f0;
    return { pair, sent: conversation(pair, { c1, c2: (place >>> 4) % 0xf0f0, count: perChannel, size }) };
  };
}

/** Channel packets, each in a datagram of its own. */
const datagrams = (load: Load, about: string, envelope: Envelope, linkType = ETHERNET): Mix => ({
  about,
  linkType,
  lanes: load.lanes,
  flows: () => {
    const next = channelsOf(load);
    return function* (lane) {
      const { pair, sent } = next(lane);
      for (const { fromInitiator, packet } of sent) yield build(envelope(pair, fromInitiator, packet));
    };
  },
});

/** Channel packets on TCP connections, one channel each. */
const streams = (load: Load, about: string): Mix => ({
  about,
  linkType: ETHERNET,
  lanes: load.lanes,
  flows: () => {
    const next = channelsOf(load);
    const random = seeded(4);
    return function* (lane) {
      const { pair, sent } = next(lane);
      const start = () => random.integer(0x1_0000_0000);
      const connection = new Connection([32_768 + random.integer(28_000), PORT], [start(), start()]);
      for (const { fromClient, packet } of onStream(connection, sent)) {
        yield build(ethernet(macsOf(pair, fromClient), inIpv4(pair, fromClient, packet)));
      }
    };
  },
});

/** Segments of a connection: what one end sends in a row is one write, so packets share and straddle segments. */
function* onStream(connection: Connection, sent: Iterable<Sent>) {
  yield* connection.open();
  let written: Uint8Array[] = [];
  let writer = true;
  for (const { fromInitiator, packet } of sent) {
    if (fromInitiator !== writer) {
      yield* connection.send(writer, Buffer.concat(written));
      written = [];
      writer = fromInitiator;
    }
    written.push(build(packet));
  }
  yield* connection.send(writer, Buffer.concat(written));
  yield* connection.close();
}

/** Every mix by its name. */
export const MIXES = {
  bulk: datagrams(BULK, 'few channels, much data', over(inUdp, inIpv4)),
  handshakes: datagrams({ lanes: 16, perChannel: 6, size: 400 }, 'a new channel every 12 packets', over(inUdp, inIpv4)),
  many: datagrams(
    { lanes: 64, perChannel: 10, size: 680 },
    'channels of 16 packets, UDP checksum 0',
    over(inBareUdp, inIpv4),
  ),
  zero: datagrams(BULK, 'bulk, UDP checksum 0', over(inBareUdp, inIpv4)),
  vlan: datagrams(
    BULK,
    'bulk, in a VLAN',
    over(inUdp, inIpv4, (packet) => vlan({ id: 42 }, packet)),
  ),
  ipv6: datagrams(BULK, 'bulk, over IPv6', over(inUdp, inIpv6)),
  sll2: datagrams(BULK, 'bulk, captured on any interface of Linux', cooked, LINUX_SLL2),
  stream: streams(BULK, 'channel packets on TCP connections'),
  web: {
    about: 'TLS, DNS and media, no channel packet',
    linkType: ETHERNET,
    lanes: 64,
    flows: () => {
      const random = seeded(13);
      return () => webFlow(random);
    },
  },
} satisfies Readonly<Record<string, Mix>>;

export type MixName = keyof typeof MIXES;

export const isMix = (name: string): name is MixName => Object.hasOwn(MIXES, name);

export const FOLDER = 'bench-data';

/** The capture of the first `count` packets of a mix, made unless it is there. */
export function captureOf(name: MixName, count: number): string {
  const path = `${FOLDER}/${name}-${count}.pcap`;
  mkdirSync(FOLDER, { recursive: true });
  if (!existsSync(path)) makeCapture(path, count, MIXES[name]);
  return path;
}
