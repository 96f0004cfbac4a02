import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { linkTypeNamed } from '../../../crafter/io/raw-news.js';
import { openRawPort, RawPortError } from '../../../crafter/io/raw-port.js';
import { ethernet } from '../../../crafter/link-part.js';
import { ipv4 } from '../../../crafter/network-part.js';
import { build, joined, text } from '../../../crafter/part.js';
import { udp } from '../../../crafter/transport-part.js';
import { PROGRAM } from '../../built-program.js';

const BUILT = join(dirname(PROGRAM), 'raw-child.js');
const folder = mkdtempSync(join(tmpdir(), 'handshark-raw-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A process that behaves as told in place of the real one. */
function pretending(name: string, script: string): URL {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, `const tell = (news) => process.stdout.write(JSON.stringify(news) + '\\n');\n${script}`);
  return pathToFileURL(path);
}

const LOOPBACK = 0x7f000001;

/** A capture of one packet to a port on the loopback; undefined if this machine cannot make one. */
async function capturing(port: number): Promise<{ readonly bytes: Promise<Buffer> } | undefined> {
  const words = ['-i', 'lo', '-c', '1', '-U', '-w', '-', `udp dst port ${port}`];
  const child = spawn('tcpdump', words, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 50_000 });
  const pieces: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
  const ended = new Promise<undefined>((resolve) => {
    child.once('error', () => resolve(undefined));
    child.once('close', () => resolve(undefined));
  });
  const listening = new Promise<true>((resolve) => {
    child.stderr.on('data', (said: Buffer) => String(said).includes('listening on') && resolve(true));
  });
  if (!(await Promise.race([listening, ended]))) return undefined;
  return { bytes: ended.then(() => Buffer.concat(pieces)) };
}

test('frames go out of an interface as they are', async ({ skip }) => {
  const port = await openRawPort('lo', 1, pathToFileURL(BUILT)).catch((error: Error) => error);
  if (port instanceof Error) return skip(`raw frames cannot be sent here: ${port.message}`);
  // The system does not deliver what comes in on the loopback with such addresses, so it is captured.
  const ports = { srcport: 7, dstport: 40_000 + (process.pid % 20_000) };
  const capture = await capturing(ports.dstport);
  if (!capture) return skip('tcpdump cannot capture here');
  // A bad checksum, and bytes after the datagram: nobody else would send that.
  const ip = ipv4({ src: LOOPBACK, dst: LOOPBACK, checksum: 0xbad }, udp(ports, text('raw')));
  const frame = build(joined([ethernet({}, ip), text('trailing')]));
  await port.send(frame);
  expect(await port.close()).toEqual({ sent: 1, failed: 0 });
  expect((await capture.bytes).subarray(-frame.length)).toEqual(Buffer.from(frame));
});

test('frames that are refused are counted, with the reason', async ({ skip }) => {
  const port = await openRawPort('lo', 1, pathToFileURL(BUILT)).catch((error: Error) => error);
  if (port instanceof Error) return skip(`raw frames cannot be sent here: ${port.message}`);
  for (let count = 0; count < 3; count++) await port.send(new Uint8Array(70_000));
  expect(await port.close()).toMatchObject({ sent: 0, failed: 3, problem: expect.stringContaining('too long') });
});

test('without the library there is one line that says what to install', async () => {
  // Beside nothing, the script finds no modules.
  const alone = join(folder, 'raw-child.mjs');
  copyFileSync(BUILT, alone);
  const opening = openRawPort('lo', 1, pathToFileURL(alone));
  await expect(opening).rejects.toThrow(
    /^lo: needs the module cap, which is not installed: .*npm install cap; channel packets can still be sent over UDP$/,
  );
});

test.each([
  ['No such device exists', 'eth9: no such interface'],
  ['That device is not up', 'eth9: the interface is down'],
  [
    'socket: Operation not permitted',
    `eth9: not permitted; run as root, or allow it: sudo setcap cap_net_raw+ep ${process.execPath}; channel packets can still be sent over UDP`,
  ],
  ['Something else', 'eth9: something else'],
])('an interface that refuses with "%s" is told in one line', async (why, line) => {
  const child = pretending('refuses', `tell({ type: 'refused', why: ${JSON.stringify(why)} }); process.exitCode = 1;`);
  await expect(openRawPort('eth9', 1, child)).rejects.toEqual(new RawPortError(line));
});

test('frames of another link type do not fit', async () => {
  const child = pretending('ethernet', `tell({ type: 'open', linkType: 'ETHERNET' }); process.stdin.resume();`);
  const line = 'eth9: frames of raw IP do not fit, the interface takes Ethernet';
  await expect(openRawPort('eth9', 101, child)).rejects.toEqual(new RawPortError(line));
});

test('an interface that goes away ends the process, not the program', async () => {
  const script = `
    tell({ type: 'open', linkType: 'ETHERNET' });
    process.stdin.once('data', () => {
      process.stdout.write(JSON.stringify({ type: 'sent', sent: 5, failed: 0 }) + '\\n', () => process.abort());
    });`;
  const port = await openRawPort('eth9', 1, pretending('aborts', script));
  for (let count = 0; count < 7; count++) await port.send(new Uint8Array(60));
  // The machine has no such interface: no wonder it went away.
  expect(await port.close()).toEqual({ sent: 5, failed: 2, problem: 'the interface is gone' });
  expect(port.gone).toBe('the interface is gone');
  expect(port.send(new Uint8Array(60))).toBeUndefined();
});

test('a process that ends by itself is told, and nobody waits for it', async () => {
  const script = `tell({ type: 'open', linkType: 'ETHERNET' }); process.stdin.once('data', () => process.kill(process.pid, 'SIGKILL'));`;
  const port = await openRawPort('lo', 1, pretending('dies', script));
  // More than fits on the way there.
  for (let count = 0; count < 10_000 && port.gone === undefined; count++) await port.send(new Uint8Array(1000));
  expect(await port.close()).toMatchObject({ sent: 0, problem: 'the process that sends frames ended (SIGKILL)' });
});

test('link types are known by the names and numbers that the library gives', () => {
  expect(['ETHERNET', 'RAW', 'NULL', 'LINKTYPE_LINUX_SLL', 'Unknown linktype 276', '?'].map(linkTypeNamed)).toEqual([
    1, 101, 0, 113, 276, -1,
  ]);
});
