import { spawnSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { MOST_SECRET_BYTES, MOST_SECRETS } from '../../../analyzer/secrets/secrets.js';
import { channelPacket, message } from '../../../crafter/channel-part.js';
import { build } from '../../../crafter/part.js';
import { dialectNamed } from '../../../dissectors/channel/dialects.js';
import { DEFAULT_CHANNEL } from '../../../dissectors/channel/packet.js';
import { pcapFileHeader, pcapRecord } from '../../../dissectors/file/pcap-writer.js';
import { decryptionSecrets } from '../../../dissectors/file/pcapng-writer.js';
import { fromHex } from '../../../dissectors/wire/view.js';
import { processorTime } from '../../processor-time.js';
import { makeFolder } from '../capture/files.js';
import { linesOf, running } from './running.js';

const folder = makeFolder();
afterAll(() => folder.remove());

const USER0 = 147;
const SECTION = fromHex('0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000');

/** A packet of `count` CHANNEL_NEW; their halves repeat after `halves`, and each repeat is a finding. */
function manyNews(count: number, initiator: number, halves = count >>> 1): Uint8Array {
  const dialect = dialectNamed('hmac');
  const messages = Array.from({ length: count }, (_, place) =>
    message(dialect, 'CHANNEL_NEW', { c1: 1 + (place % halves), cookie1: new Uint8Array(16) }),
  );
  const ids = { sender: new Uint8Array(16).fill(initiator), recipient: new Uint8Array(16).fill(0xb0) };
  return build(channelPacket(dialect, { ...ids, id: DEFAULT_CHANNEL }, messages));
}

const captureOf = (name: string, packets: readonly Uint8Array[]): string =>
  folder.write(
    name,
    Buffer.concat([
      pcapFileHeader({ linkType: USER0 }),
      ...packets.map((bytes, seconds) => pcapRecord({ seconds, nanos: 0, bytes, wire: bytes.length })),
    ]),
  );

/** The processor time of a run of a command, in milliseconds. */
async function cost(words: readonly string[]): Promise<number> {
  const before = processorTime();
  await running(words);
  return processorTime() - before;
}

test.each([
  ['channels', []],
  ['handshakes', []],
  ['decode', []],
  ['decode', ['-V']],
  ['decode', ['-T', 'json']],
  ['ladder', []],
])('%s %j costs as much a message in packets of 3,440 messages as in packets of 430', async (command, options) => {
  const long = captureOf(
    'long.pcap',
    Array.from({ length: 2 }, (_, place) => manyNews(3440, place + 1)),
  );
  const short = captureOf(
    'short.pcap',
    Array.from({ length: 16 }, (_, place) => manyNews(430, place + 1)),
  );
  await running([command, ...options, short]);
  // Eight times as many messages a packet: whatever is done for each pair of them would cost eight times as much. One run
  // may meet a collection of garbage: the least of some counts.
  let [few, many] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < 3 && many >= 4 * few + 50; round++) {
    few = Math.min(few, await cost([command, ...options, short]));
    many = Math.min(many, await cost([command, ...options, long]));
  }
  expect(many).toBeLessThan(4 * few + 50);
});

test('a secret that is longer than any hash takes is refused in one line, and the packets are shown', async () => {
  const text = `PEER_SECRET * "${'a'.repeat(8_000_000)}"\n`;
  const interfaceBlock = fromHex('01000000140000009300000000000000 14000000'.replaceAll(' ', ''));
  const packet = fromHex(
    '06000000 24000000 00000000 00000000 00000000 03000000 03000000 0a0b0c00 24000000'.replaceAll(' ', ''),
  );
  const path = folder.write(
    'secret.pcapng.gz',
    gzipSync(Buffer.concat([SECTION, decryptionSecrets(text), interfaceBlock, packet])),
  );
  const outcome = await running(['decode', path]);
  const { complaints, status } = outcome;
  expect(linesOf(outcome)).toHaveLength(1);
  expect(complaints).toEqual([`${path}: decryption secrets:1: a secret of more than ${MOST_SECRET_BYTES} bytes`]);
  expect(status).toBe(1);
});

test('more secrets than are kept, each to be tried for every cookie, are told in two lines', async () => {
  const lines = Array.from(
    { length: MOST_SECRETS + 1 },
    (_, place) => `PEER_SECRET * ${(place + 16).toString(16).padStart(6, '0')}`,
  );
  const secrets = folder.write('many.secrets', lines.join('\n'));
  const path = captureOf('few.pcap', [manyNews(2, 1), manyNews(2, 2)]);
  const outcome = await running(['decode', '--secrets', secrets, path]);
  const { complaints, status } = outcome;
  expect(linesOf(outcome)).toHaveLength(2);
  expect(complaints).toEqual([
    `secrets beyond the first ${MOST_SECRETS} are not used: ${secrets}: line ${MOST_SECRETS + 1} and what follows`,
    `cookies not compared with all secrets, at most 4096 a packet: ${path}: 4`,
  ]);
  expect(status).toBe(0);
});

test('a secrets file without an end is refused', async () => {
  const path = captureOf('one.pcap', [manyNews(2, 1)]);
  const { stdout, complaints, status } = await running(['decode', '--secrets', '/dev/zero', path]);
  expect([stdout, complaints, status]).toEqual([
    '',
    ['cannot read secrets: /dev/zero: it is longer than 67108864 bytes'],
    1,
  ]);
});

/**
 * Prints how much memory the program took at most, in kilobytes, when it ends. Where the system tells it of the program
 * alone, that: what a process has had at most counts the one as well from which it was started.
 */
const TELL_MEMORY = `data:text/javascript,${encodeURIComponent(`
  import { readFileSync } from 'node:fs';
  process.on('exit', () => {
    let most = process.resourceUsage().maxRSS;
    try {
      most = /VmHWM:\\s*(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? most;
    } catch {}
    console.error(most);
  });
`)}`;
/** The most memory that any capture may cost, in kilobytes. */
const MOST_MEMORY = 300 * 1024;
/** The heap that is enough for all that is kept, in MiB: on a busy machine garbage would pile up beside it. */
const HEAP = '--max-old-space-size=160';

test.each(['channels', 'handshakes', 'ladder'])(
  '%s of 258,000 attempts in 75 packets stays below 300 MiB',
  (command) => {
    const packets = Array.from({ length: 75 }, (_, place) => manyNews(3440, place + 1, 3440));
    const path = captureOf('attempts.pcap', packets);
    const words = [HEAP, '--import', TELL_MEMORY, 'dist/handshark.js', command, path];
    const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', maxBuffer: 1 << 28 });
    expect(status).toBe(0);
    const kilobytes = Number(stderr.trim().split('\n').at(-1));
    expect(kilobytes).toBeGreaterThan(0);
    expect(kilobytes).toBeLessThan(MOST_MEMORY);
  },
);
