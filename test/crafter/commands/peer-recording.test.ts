import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { Recording } from '../../../crafter/commands/peer-recording.js';
import { makeFolder, readCapture } from '../../analyzer/capture/files.js';
import { HandClock } from '../io/hand-clock.js';

const folder = makeFolder();
afterAll(() => folder.remove());

const LOCAL = { host: '127.0.0.1', port: 4242 };

describe('what a peer records', () => {
  test.each(['quiet.pcapng', 'quiet.pcap'])('is in %s soon, however little it is', async (name) => {
    const path = folder.path(name);
    const clock = new HandClock();
    const recording = new Recording(path, process.stdout, () => {}, clock);
    const packets = async () => (await readCapture(path)).rows.length;
    // The file can be read before anything has come, too.
    expect(await packets()).toBe(0);
    for (const seen of [1, 2]) {
      recording.received(Uint8Array.of(seen), '127.0.0.1:7', LOCAL);
      clock.goTo(clock.now() + 100);
      expect(await packets()).toBe(seen);
      expect(clock.waiting).toBe(0);
    }
    recording.secret(new Uint8Array(16), Uint8Array.of(7), 0, 1);
    clock.goTo(clock.now() + 100);
    if (name.endsWith('ng')) expect(readFileSync(path, 'latin1')).toContain('PEER_SECRET');
    recording.received(Uint8Array.of(3), '127.0.0.1:7', LOCAL);
    recording.close();
    expect([await packets(), clock.waiting]).toEqual([3, 0]);
  });

  test('is written together, not packet by packet', () => {
    const path = folder.path('busy.pcapng');
    const clock = new HandClock();
    const recording = new Recording(path, process.stdout, () => {}, clock);
    const { length } = readFileSync(path);
    for (let packet = 0; packet < 50; packet++) recording.received(new Uint8Array(9), '127.0.0.1:7', LOCAL);
    expect([readFileSync(path).length, clock.waiting]).toEqual([length, 1]);
    clock.goTo(100);
    expect(readFileSync(path).length).toBeGreaterThan(length);
    recording.close();
  });
});
