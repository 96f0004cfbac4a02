import { ethernet, SHORTEST_FRAME } from '../../crafter/link-part.js';
import { ipv4 } from '../../crafter/network-part.js';
import { builder, type Part, raw } from '../../crafter/part.js';
import { type Seeded, seeded } from '../../crafter/seeded.js';
import { udp } from '../../crafter/transport-part.js';
import { Connection, type Segment } from './connection.js';
import {
  applicationData,
  changeCipherSpec,
  clientHello,
  dnsAnswer,
  dnsQuery,
  mediaPacket,
  serverHello,
} from './web-bytes.js';

/** Clients are of a block for documentation, servers of the block for benchmarks. Source: RFC 5737, RFC 2544. */
const [CLIENTS, SERVERS, RESOLVER] = [0xc0000200, 0xc6120000, 0xcb007135];
const [DNS, HTTPS] = [53, 443];
const GATEWAY_MAC = Uint8Array.of(2, 0, 0, 0, 2, 1);

const build = builder();
/** Bytes that encrypted content is cut from: drawing them for each packet would take longer than all else. */
const NOISE = seeded(20).bytes(1 << 20);

const noise = (random: Seeded, size: number): Uint8Array => {
  const at = random.integer(NOISE.length - size);
  return NOISE.subarray(at, at + size);
};

/** Frames of what a client and a server send each other. */
function frames(random: Seeded, client: number, server: number) {
  const clientMac = Uint8Array.of(2, 0, 0, 0, 3, client & 0xff);
  const ids = [random.integer(0x10000), random.integer(0x10000)];
  return (fromClient: boolean, packet: Part): Uint8Array => {
    const side = fromClient ? 0 : 1;
    const id = ids[side] ?? 0;
    ids[side] = (id + 1) & 0xffff;
    const [src, dst] = fromClient ? [client, server] : [server, client];
    const macs = fromClient ? { src: clientMac, dst: GATEWAY_MAC } : { src: GATEWAY_MAC, dst: clientMac };
    return build(ethernet(macs, ipv4({ src, dst, id, 'flags.df': true }, packet), SHORTEST_FRAME));
  };
}

const highPort = (random: Seeded): number => 32_768 + random.integer(28_000);

function* lookUp(random: Seeded, client: number, name: string): Generator<Uint8Array> {
  const frame = frames(random, client, RESOLVER);
  const v6 = random.chance(0.4);
  const port = highPort(random);
  const id = random.integer(0x10000);
  const addresses = Array.from({ length: 1 + random.integer(4) }, () => random.bytes(v6 ? 16 : 4));
  yield frame(true, udp({ srcport: port, dstport: DNS }, raw(dnsQuery(id, name, v6))));
  yield frame(false, udp({ srcport: DNS, dstport: port }, raw(dnsAnswer(id, name, v6, addresses))));
}

function* page(random: Seeded, client: number, name: string): Generator<Uint8Array> {
  const frame = frames(random, client, SERVERS + random.integer(0x10000));
  const start = () => random.integer(0x1_0000_0000);
  const connection = new Connection([highPort(random), HTTPS], [start(), start()]);
  for (const { fromClient, packet } of exchange(connection, random, name)) yield frame(fromClient, packet);
}

/** A connection with its TLS handshake, some requests and their answers, small ones more often than large ones. */
function* exchange(connection: Connection, random: Seeded, name: string): Generator<Segment> {
  const encrypted = (size: number) => applicationData(noise(random, size));
  yield* connection.open();
  yield* connection.send(true, clientHello(name, random));
  yield* connection.send(false, Uint8Array.from([...serverHello(random), ...encrypted(2800 + random.integer(1500))]));
  yield* connection.send(true, Uint8Array.from([...changeCipherSpec, ...encrypted(53)]));
  for (let requests = 1 + random.integer(4); requests > 0; requests--) {
    yield* connection.send(true, encrypted(80 + random.integer(400)));
    yield* connection.send(false, encrypted(200 + random.integer(2 ** (9 + random.integer(8)))));
    yield connection.acknowledge(true);
  }
  yield* connection.close();
}

function* call(random: Seeded, client: number): Generator<Uint8Array> {
  const frame = frames(random, client, SERVERS + random.integer(0x10000));
  const ports = { client: highPort(random), server: highPort(random) };
  const sources = [random.integer(0x1_0000_0000), random.integer(0x1_0000_0000)];
  for (let number = 0; number < 200; number++) {
    for (const fromClient of [true, false]) {
      const content = noise(random, random.chance(0.3) ? 900 + random.integer(200) : 80 + random.integer(80));
      const packet = raw(mediaPacket(sources[fromClient ? 0 : 1] ?? 0, number, content));
      const [srcport, dstport] = fromClient ? [ports.client, ports.server] : [ports.server, ports.client];
      yield frame(fromClient, udp({ srcport, dstport }, packet));
    }
  }
}

/** What one client does next: it looks up a name, and mostly fetches pages from there; now and then it makes a call. */
export function* webFlow(random: Seeded): Generator<Uint8Array> {
  const client = CLIENTS + 1 + random.integer(200);
  if (random.chance(0.06)) return yield* call(random, client);
  const name = `${['www', 'api', 'cdn', 'img'][random.integer(4)]}.host-${random.integer(5000)}.example`;
  yield* lookUp(random, client, name);
  if (random.chance(0.8)) yield* page(random, client, name);
}
