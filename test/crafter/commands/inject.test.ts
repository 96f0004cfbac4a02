import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelPacket, data, message } from '../../../crafter/channel-part.js';
import { ipv4 } from '../../../crafter/network-part.js';
import { build, type Part } from '../../../crafter/part.js';
import { peerId } from '../../../crafter/peer-id.js';
import { udp } from '../../../crafter/transport-part.js';
import { cookieKey } from '../../../dissectors/channel/cookie.js';
import { dialectNamed } from '../../../dissectors/channel/dialects.js';
import { dissectChannel } from '../../../dissectors/channel/dissect.js';
import { pcapFileHeader, pcapRecord } from '../../../dissectors/file/pcap-writer.js';
import { SIMPLE_PACKET } from '../../../dissectors/file/pcapng-blocks.js';
import { enhancedPacket, interfaceDescription, sectionHeader } from '../../../dissectors/file/pcapng-writer.js';
import { toHex, viewOf } from '../../../dissectors/wire/view.js';
import { running } from '../../analyzer/commands/running.js';
import { handshark, textOf } from './peers.js';

const hmac = dialectNamed('hmac');
const [alice, bob, carol] = [peerId('alice'), peerId('bob'), peerId('carol')];
const ID = 0x1a2b3c4d;
const folder = mkdtempSync(join(tmpdir(), 'handshark-inject-'));
const file = join(folder, 'three.pcap');

const zeros = new Uint8Array(16);
const packets: readonly Part[] = [
  channelPacket(hmac, { sender: alice, recipient: bob }, [
    message(hmac, 'CHANNEL_NEW', { c1: ID >>> 16, cookie1: zeros }),
  ]),
  channelPacket(hmac, { sender: alice, recipient: bob }, [
    message(hmac, 'CHANNEL_FINALIZE', { id: ID, cookie2: zeros, caps: 7 }),
  ]),
  channelPacket(hmac, { sender: alice, recipient: bob, id: ID, sequence: 9 }, [data(hmac, new Uint8Array([1, 2, 3]))]),
];

/** A capture of raw IP, half a second a packet. */
function capture(parts: readonly Part[], cut = 0): Uint8Array {
  const records = parts.map((part, at) => {
    const whole = build(ipv4({ src: 0x0a000001, dst: 0x0a000002 }, udp({ srcport: 1, dstport: 2 }, part)));
    const bytes = whole.subarray(0, whole.length - cut);
    return pcapRecord({ seconds: 1, nanos: at * 500_000_000, bytes, wire: whole.length }, true);
  });
  return Buffer.concat([pcapFileHeader({ linkType: 101, nanoseconds: true }), ...records]);
}

/** A block that has a packet, and no time. */
function simplePacket(bytes: Uint8Array): Uint8Array {
  const padded = (bytes.length + 3) & ~3;
  const block = new Uint8Array(16 + padded);
  const view = viewOf(block);
  view.setUint32(0, SIMPLE_PACKET, true);
  view.setUint32(4, block.length, true);
  view.setUint32(8, bytes.length, true);
  block.set(bytes, 12);
  view.setUint32(12 + padded, block.length, true);
  return block;
}

/** A socket that notes what comes, and when. */
class Inlet {
  readonly socket: Socket = createSocket('udp4');
  readonly came: { readonly bytes: Uint8Array; readonly at: number }[] = [];

  async open(): Promise<string> {
    this.socket.on('message', (bytes) => this.came.push({ bytes: new Uint8Array(bytes), at: performance.now() }));
    this.socket.bind(0, '127.0.0.1');
    await once(this.socket, 'listening');
    return `127.0.0.1:${this.socket.address().port}`;
  }

  /** Waits until so many have come. */
  async has(count: number): Promise<void> {
    while (this.came.length < count) await once(this.socket, 'message');
  }

  get hex(): readonly string[] {
    return this.came.map(({ bytes }) => toHex(bytes));
  }
}

beforeAll(() => writeFileSync(file, capture(packets)));
afterAll(() => rmSync(folder, { recursive: true }));

describe('as UDP payloads', () => {
  /** Injects and gives what arrived: as many as were told to be sent. */
  async function inject(words: readonly string[], path = file) {
    const inlet = new Inlet();
    try {
      const run = await handshark(['inject', path, '--udp', await inlet.open(), ...words]);
      const sent = Number(/^sent (\d+) packets/.exec(textOf(run))?.[1] ?? 0);
      await inlet.has(sent);
      return { ...run, text: textOf(run), inlet };
    } finally {
      inlet.socket.close();
    }
  }

  test('channel packets go out as they were, at the captured pace', async () => {
    // Timers may be late, never early. On a busy machine the first packet may be heard late: then it is tried again.
    for (let attempt = 1; ; attempt++) {
      const { status, text, inlet } = await inject([]);
      expect([status, text]).toEqual([
        0,
        expect.stringMatching(/^sent 3 packets, 203 bytes in [1-9]\d*\.\d{3} s \(\d packets\/s\)\n$/),
      ]);
      expect(inlet.hex).toEqual(packets.map((part) => toHex(build(part))));
      const [first = 0, second = 0, third = 0] = inlet.came.map(({ at }) => at);
      const gaps = [second - first, third - second];
      if (gaps.every((gap) => gap > 300)) break;
      expect(attempt, `gaps of ${gaps} ms`).toBeLessThan(5);
    }
  });

  test('packets that the capture gives no time leave with the one before them', async () => {
    const frame = (part: Part) => build(ipv4({ src: 1, dst: 2 }, udp({ srcport: 1, dstport: 2 }, part)));
    const [one, two, three] = packets.map(frame) as [Uint8Array, Uint8Array, Uint8Array];
    const timed = (bytes: Uint8Array) =>
      enhancedPacket({ interfaceId: 0, seconds: 1_700_000_000, nanos: 0, bytes, wire: bytes.length });
    const blocks = [simplePacket(one), timed(two), simplePacket(three), timed(one)];
    const path = join(folder, 'timeless.pcapng');
    writeFileSync(path, Buffer.concat([sectionHeader(), interfaceDescription({ linkType: 101 }), ...blocks]));
    // A time that was made up would be waited for, for years.
    const { text } = await inject([], path);
    expect(text).toMatch(/^sent 4 packets, \d+ bytes in \d{1,2}\./);
  });

  test('again and again, up to a count, at top speed', async () => {
    const { text, inlet } = await inject(['--topspeed', '--loop', '100', '--count', '200']);
    expect(text).toMatch(/^sent 200 packets/);
    expect(new Set(inlet.hex).size).toBe(3);
  });

  test('a rate spreads packets over time', async () => {
    const start = performance.now();
    const { text } = await inject(['--rate', '100', '--loop', '20']);
    expect(text).toMatch(/^sent 60 packets/);
    expect(performance.now() - start).toBeGreaterThan(590);
  });

  test('a filter chooses', async () => {
    const { inlet } = await inject(['--topspeed', '-Y', 'chan.msg.type == DATA']);
    expect(inlet.hex).toEqual([toHex(build(packets[2] as Part))]);
  });

  test('new ids and secrets give packets that are right in themselves', async () => {
    const { inlet } = await inject([
      '--topspeed',
      '--rewrite-id',
      'alice=carol',
      '--initiator-secret',
      '0a',
      '--responder-secret',
      '0b',
    ]);
    const roles = { initiator: carol, responder: bob, c1: ID >>> 16 };
    const expected = [
      { sender: carol, cookie: cookieKey(hmac, Uint8Array.of(0x0a))(roles) },
      { sender: carol, cookie: cookieKey(hmac, Uint8Array.of(0x0b))({ ...roles, c2: ID & 0xffff }) },
    ];
    const found = inlet.came.map(({ bytes }) => {
      const limit = { captured: bytes.length, wire: bytes.length };
      const packet = dissectChannel(viewOf(bytes), 0, limit);
      expect(packet.checksumStatus).toBe('good');
      const [first] = packet.messages;
      const { cookie1, cookie2 } = first?.kind?.body.fields ?? {};
      return {
        sender: bytes.slice(4, 20),
        cookie: (cookie1 ?? cookie2)?.read(viewOf(bytes), first?.body ?? 0),
      };
    });
    expect(found.slice(0, 2)).toEqual(expected);
    expect(found[2]?.sender).toEqual(carol);
  });

  test('a packet that is wrong on purpose stays wrong', async () => {
    const bad = channelPacket(hmac, { sender: alice, recipient: bob, id: ID, checksum: 0xbadbadba }, []);
    const path = join(folder, 'bad.pcap');
    writeFileSync(path, capture([bad]));
    const { inlet } = await inject(['--rewrite-id', 'alice=carol'], path);
    const wanted = channelPacket(hmac, { sender: carol, recipient: bob, id: ID, checksum: 0xbadbadba }, []);
    expect(inlet.hex).toEqual([toHex(build(wanted))]);
  });

  test('what the capture cut is not sent', async () => {
    const path = join(folder, 'cut.pcap');
    writeFileSync(path, capture(packets, 5));
    const { status, text, err } = await inject([], path);
    expect([status, text, err]).toEqual([
      1,
      expect.stringMatching(/^sent 0 packets, 0 bytes .*; skipped 3 cut by the capture\n$/),
      `handshark: inject: ${path}: no packet was fit to be sent\n`,
    ]);
  });

  test('a damaged capture is sent as far as it reads', async () => {
    const path = join(folder, 'damaged.pcap');
    const whole = capture(packets);
    writeFileSync(path, whole.subarray(0, whole.length - 10));
    const { status, text, err } = await inject(['--topspeed', '--loop', '2'], path);
    expect([status, text]).toEqual([1, expect.stringMatching(/^sent 4 packets/)]);
    expect(err).toMatch(/^handshark: damaged capture: [^\n]*; 2 packets came before it\n$/);
  });
});

describe('mistakes', () => {
  const to = ['--udp', '127.0.0.1:9'];
  test.each([
    ['no target', [], 2, 'say either --udp HOST:PORT or -i INTERFACE'],
    ['two targets', [...to, '-i', 'lo'], 2, 'say either --udp HOST:PORT or -i INTERFACE'],
    ['a bad address', ['--udp', '127.0.0.1'], 2, 'bad address: 127.0.0.1: expected HOST:PORT'],
    ['two paces', [...to, '--rate', '5', '--topspeed'], 2, "cannot be used with option '--rate"],
    ['addresses of UDP', [...to, '--rewrite-src', '10.0.0.1'], 2, 'with --udp the system makes the addresses'],
    ['no address', ['-i', 'lo', '--rewrite-dst', '10.0.0'], 2, '--rewrite-dst: "10.0.0" is not an IPv4 address'],
    ['two families', ['-i', 'lo', '--rewrite-dst', '10.0.0.1=::1'], 2, "cannot take each other's place"],
    ['half a pair of ids', [...to, '--rewrite-id', 'alice'], 2, 'expected OLD=NEW'],
    ['half a byte', [...to, '--secret', 'abc'], 2, 'even number of hex digits'],
    ['a filter that does not parse', [...to, '-Y', 'foo =='], 2, 'filter:'],
    ['a flood of others', ['--udp', '192.0.2.1:9', '--topspeed'], 2, 'say --yes if that is meant'],
    ['a quick flood of others', ['--udp', '192.0.2.1:9', '--rate', '5000'], 2, 'say --yes if that is meant'],
    ['no such interface', ['-i', 'nosuch0'], 1, 'nosuch0: '],
  ])('%s is refused', async (_, words, wanted, problem) => {
    const { status, complaints, stdout } = await running(['inject', file, ...words]);
    expect([status, complaints, stdout]).toEqual([wanted, [expect.stringContaining(problem)], '']);
  });

  test('a capture that is not there is told, and the program ends', async () => {
    const { status, err } = await handshark(['inject', join(folder, 'nosuch.pcap'), '--udp', '127.0.0.1:9']);
    expect([status, err]).toEqual([1, expect.stringMatching(/^handshark: .*nosuch\.pcap: no such file[^\n]*\n$/)]);
  });
});
