import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { openCapture } from '../../../analyzer/capture/capture.js';
import { readSecrets } from '../../../analyzer/capture/read-secrets.js';
import { ipv4Fragments } from '../../../crafter/network-part.js';
import { raw } from '../../../crafter/part.js';
import { udp } from '../../../crafter/transport-part.js';
import {
  customBlock,
  decryptionSecrets,
  enhancedPacket,
  interfaceDescription,
  interfaceStatistics,
  nameResolution,
  sectionHeader,
} from '../../../dissectors/file/pcapng-writer.js';
import { captureFile } from '../../../fixtures/capture-file.js';
import { secretsOf } from '../../../fixtures/fixture.js';
import { alice, bob, carol, Scene } from '../../../fixtures/scene.js';
import { Talk } from '../../../fixtures/talk.js';
import { framed, ip4Between, portsBetween, udp4 } from '../../../fixtures/ways.js';
import { makeFolder } from '../capture/files.js';
import { linesOf, running } from './running.js';

const folder = makeFolder();
afterAll(() => folder.remove());

/** Two channels of two initiators, one after the other in all they do; and one NEW that nobody answers. */
function twoChannels(scene: Scene): void {
  const one = new Talk(scene, { initiator: alice, responder: bob, id: 0x1a2b3c4d, way: udp4 });
  const two = new Talk(scene, { initiator: carol, responder: bob, id: 0x1a2b0001, way: udp4 });
  for (const talk of [one, two]) talk.establish(5);
  for (const talk of [one, two]) talk.say('initiator', 'hello, "world"');
}

function written(play: (scene: Scene) => void, name: string): string {
  const scene = new Scene('2026-01-02T03:04:05Z');
  play(scene);
  return folder.write(name, captureFile(scene, {}, ''));
}

const two = written(twoChannels, 'two.pcap');
const out = folder.path('out.pcapng');
const numbers = async (path: string, ...more: string[]) =>
  linesOf(await running(['decode', '-T', 'fields', '-e', 'frame.number', ...more, path])).map(Number);
/** What was written last, in the words of the list. */
const told = async () =>
  linesOf(await running(['decode', '-T', 'fields', '-e', 'chan.msg.type', '-e', 'chan.sender', out])).map((line) =>
    line.replace(/\t(....).*/, ' $1'),
  );

test('a channel is written with its handshake, found by its id or number', async () => {
  const expected = [
    'CHANNEL_NEW 2bd8',
    'CHANNEL_ACKNOWLEDGE 81b6',
    'CHANNEL_FINALIZE 2bd8',
    'DATA_WINDOW 81b6',
    'DATA 2bd8',
  ];
  for (const channel of ['1a2b3c4d', '0x1a2b3c4d', '1']) {
    expect((await running(['decode', '--channel', channel, '-w', out, two])).status).toBe(0);
    expect(await told()).toEqual(expected);
  }
});

test('a filter chooses among the packets of the channel, but never among those of its handshake', async () => {
  await running(['decode', '--channel', '1a2b0001', '-Y', 'chan.msg.type == DATA', '-w', out, two]);
  expect(await told()).toEqual(['CHANNEL_NEW 4c26', 'CHANNEL_ACKNOWLEDGE 81b6', 'CHANNEL_FINALIZE 4c26', 'DATA 4c26']);
});

test('without -w a channel is printed as the filter says', async () => {
  expect(await numbers(two, '--channel', '2')).toEqual([5, 6, 7, 8, 10]);
  expect(await numbers(two, '--channel', '2', '-Y', 'chan.msg.type == DATA')).toEqual([10]);
});

test('with --with-handshake the channels that a filter selects are written from their start', async () => {
  const filter = 'chan.msg.type == DATA and chan.sender == 2b:d8:06:c9:7f:0e:00:af:1a:1f:c3:32:8f:a7:63:a9';
  expect((await running(['decode', '-Y', filter, '--with-handshake', '-w', out, two])).complaints).toEqual([]);
  expect(await told()).toEqual(['CHANNEL_NEW 2bd8', 'CHANNEL_ACKNOWLEDGE 81b6', 'CHANNEL_FINALIZE 2bd8', 'DATA 2bd8']);
});

test('the fragments of a handshake are written with it', async () => {
  const path = written((scene) => {
    const other = new Talk(scene, { initiator: carol, responder: bob, id: 0x00010002, way: udp4 });
    const talk = new Talk(scene, { initiator: alice, responder: bob, id: 0x1a2b3c4d, way: udp4 });
    const bytes = talk.onDefault('initiator', [talk.newMessage()], { paddedTo: 150 });
    const fragments = ipv4Fragments(
      { ...ip4Between(scene, alice, bob) },
      udp(portsBetween(alice, bob), raw(bytes)),
      64,
    );
    for (const fragment of fragments) {
      scene.put(framed(alice, bob, fragment));
      other.open();
    }
    talk.acknowledge();
  }, 'fragments.pcap');
  await running(['decode', '--channel', '1a2b3c4d', '-w', out, path]);
  // Three fragments with another's NEW after each, and the answer.
  expect(await numbers(path)).toHaveLength(7);
  expect(await told()).toEqual(['\t', '\t', 'CHANNEL_NEW 2bd8', 'CHANNEL_ACKNOWLEDGE 81b6']);
});

test('what cannot be done is said', async () => {
  const say = async (...words: string[]) => {
    const { complaints, status } = await running(['decode', ...words]);
    expect(status).toBe(2);
    return complaints;
  };
  expect(await say('--with-handshake', two)).toEqual(['--with-handshake: goes with -w']);
  expect(await say('--no-track', '--channel', '1', two)).toEqual(['--no-track: --channel needs tracking']);
  expect(await say('--inject-secrets', 'x', two)).toEqual(['--inject-secrets: x: goes with -w']);
  expect(await say('--discard-secrets', two)).toEqual(['--discard-secrets: goes with -w']);
  expect(await say('--inject-secrets', 'x', '-w', folder.path('x.pcap'), two)).toEqual([
    '--inject-secrets: x: a pcap file has no room for secrets; name the file .pcapng',
  ]);
});

const ETHERNET = { linkType: 1, name: 'eth0', description: 'the first', filter: 'udp', hardware: 'card', os: 'Linux' };
const TLS = 0x544c534b;
const NAMES = [{ kind: 'ipv4' as const, address: Uint8Array.of(192, 0, 2, 1), names: ['alice'] }];
const HOST_SECRETS = `${secretsOf(alice).join('\n')}\n`;

/** A capture with all that a pcapng file can tell besides packets. */
function full(): string {
  const scene = new Scene('2026-01-02T03:04:05Z');
  twoChannels(scene);
  const frames = scene.frames().map(({ bytes, time }, place) =>
    enhancedPacket({
      interfaceId: place % 2,
      seconds: scene.start,
      nanos: time,
      bytes,
      wire: bytes.length + place,
      ...(place === 1 && { comments: ['look here'] }),
    }),
  );
  const counted = { interfaceId: 1, seconds: scene.start + 9, nanos: 5, received: 10, dropped: 1, accepted: 9 };
  return folder.write(
    'full.pcapng',
    Buffer.concat([
      sectionHeader({ hardware: 'box', os: 'Linux 6', comments: ['of the file'] }),
      interfaceDescription(ETHERNET),
      interfaceDescription({ linkType: 1, snapLength: 4096, name: 'eth1', comments: ['of the interface'] }),
      decryptionSecrets(HOST_SECRETS),
      decryptionSecrets(Uint8Array.of(1, 2, 3), TLS),
      nameResolution(NAMES),
      customBlock(32473, Uint8Array.of(1, 2, 3, 4), true),
      customBlock(32473, Uint8Array.of(5, 6, 7, 8), false),
      ...frames,
      interfaceStatistics(counted),
    ]),
  );
}

async function allOf(path: string) {
  const capture = await openCapture(path);
  let packets = 0;
  for await (const { records } of capture.batches()) packets += records.count;
  await capture.close();
  const { interfaces, log } = capture;
  return { packets, interfaces, events: log.events, comments: [...log.comments] };
}

test('what a capture tells besides its packets is written too', async () => {
  const before = await allOf(full());
  await running(['decode', '-Y', 'frame.number < 4', '-w', out, folder.path('full.pcapng')]);
  const after = await allOf(out);
  expect(after.packets).toBe(3);
  expect(after.interfaces).toEqual(before.interfaces);
  expect(after.comments).toEqual([[2, ['look here']]]);
  const own = before.events.filter((event) => event.type !== 'custom' || event.copy);
  expect(after.events).toHaveLength(own.length);
  for (const event of own) expect(after.events).toContainEqual(event);
});

test('secrets are injected, checked, and discarded', async () => {
  full();
  const file = folder.write('bob.secrets', secretsOf(bob).join('\n'));
  await running(['decode', '--inject-secrets', file, '-w', out, folder.path('full.pcapng')]);
  expect(await readSecrets(out)).toEqual([HOST_SECRETS, `${secretsOf(bob).join('\n')}\n`]);
  const statuses = async () =>
    linesOf(await running(['decode', '-T', 'fields', '-e', 'chan.cookie2.status', '-Y', 'chan.cookie2', out]));
  expect(await statuses()).toEqual(['valid', 'valid', 'valid', 'valid']);

  await running(['decode', '--discard-secrets', '--inject-secrets', file, '-w', out, folder.path('full.pcapng')]);
  expect(await readSecrets(out)).toEqual([`${secretsOf(bob).join('\n')}\n`]);
  expect((await allOf(out)).events.filter(({ type }) => type === 'secrets')).toHaveLength(1);

  const bad = folder.write('bad.secrets', 'PEER_SECRET x\n');
  const { complaints, status } = await running(['decode', '--inject-secrets', bad, '-w', out, two]);
  expect(complaints).toEqual([`${bad}:1: expected a peer id and a secret`]);
  expect(status).toBe(1);
});

const missing = spawnSync('capinfos', ['--version']).status === 0 ? undefined : 'capinfos is not installed';
if (missing) console.log(`not checked by Wireshark's tools: ${missing}`);

test.skipIf(missing)("Wireshark's tools read what was written", async () => {
  await running(['decode', '-w', out, full()]);
  const { stdout } = spawnSync('capinfos', ['-M', out], { encoding: 'utf8' });
  expect(stdout).toMatch(/Number of packets: +10\n/);
  expect(stdout).toMatch(/Number of decryption secrets in file: +2\n/);
  expect(stdout).toMatch(/Number of resolved IPv4 addresses in file: +1\n/);
  expect(stdout).toMatch(/Number of stat entries = 1\n/);
});

test('CSV has the columns of the list, or the fields that are named', async () => {
  const csv = linesOf(await running(['decode', '-T', 'csv', '-c', '1', two]));
  expect(csv).toEqual([
    'No.,Time,Source,Destination,Protocol,Length,Info',
    '1,0.000000,192.0.2.1,192.0.2.2,hmac,131,NEW 1a2b',
  ]);
  const words = ['decode', '-T', 'csv', '-e', 'frame.number', '-e', 'chan.msg.type', '-e', 'chan.data', '-c', '1'];
  expect(linesOf(await running([...words, two]))).toEqual(['frame.number,chan.msg.type,chan.data', '1,CHANNEL_NEW,']);
  expect(linesOf(await running([...words, '-E', 'header=n', '-E', 'separator=;', two]))).toEqual(['1;CHANNEL_NEW;']);
  expect((await running([...words, '-E', 'bom=y', two])).stdout).toMatch(/^\ufeffframe/);
});

test('CSV quotes what must be quoted', async () => {
  const path = folder.write('comment.pcapng', readFileSync(full()));
  const { stdout } = await running([
    'decode',
    '-T',
    'csv',
    '-e',
    'ip.addr',
    '-e',
    'frame.comment',
    '-Y',
    'frame.number == 2',
    path,
  ]);
  expect(stdout).toBe('ip.addr,frame.comment\n"192.0.2.2,192.0.2.1",look here\n');
});
