import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CaptureError, type Frame, openCapture, writeCapture } from '../../analyzer/library/capture.js';
import { build, ethernet, header, ipv4, nothing, text, udp } from '../../analyzer/library/craft.js';
import { dissect, UnknownFieldError } from '../../analyzer/library/dissect.js';
import { compileFilter, FilterError } from '../../analyzer/library/filter.js';
import { Peer, peerId } from '../../analyzer/library/peer.js';
import { parseScript, runScript, ScriptError } from '../../analyzer/library/script.js';
import { Tracker } from '../../analyzer/library/track.js';
import { seeded } from '../../crafter/seeded.js';
import { running } from '../analyzer/commands/running.js';

const folder = mkdtempSync(join(tmpdir(), 'handshark-library-'));
afterAll(() => rmSync(folder, { recursive: true }));

const CAPTURE = 'fixtures/handshake-hmac.pcap';

async function framesOf(input: Parameters<typeof openCapture>[0]): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of await openCapture(input)) frames.push(frame);
  return frames;
}

describe('captures', () => {
  test('a file, its bytes, and its bytes bit by bit give the same frames', async () => {
    const bytes = readFileSync(CAPTURE);
    async function* bits(): AsyncGenerator<Uint8Array, void, undefined> {
      for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
    }
    const frames = await framesOf(CAPTURE);
    expect(frames.length).toBeGreaterThan(5);
    expect(frames[0]).toMatchObject({ number: 1, linkType: 1, time: 1_767_323_045_000_000_000n });
    for (const input of [bytes, bits()]) expect(await framesOf(input)).toEqual(frames);
  });

  test.each(['compressed.pcap.gz', 'compressed-ng.pcapng.zst', 'two-interfaces.pcapng'])('%s', async (name) => {
    const capture = await openCapture(`fixtures/${name}`);
    let count = 0;
    for await (const { bytes } of capture) count += bytes.length > 0 ? 1 : 0;
    expect(count).toBeGreaterThan(0);
    expect(capture.damage).toBeUndefined();
    expect(capture.interfaces.length).toBeGreaterThan(0);
  });

  test('a damaged capture gives what can be read, and says where it ends', async () => {
    const capture = await openCapture('fixtures/cut-record.pcap');
    let count = 0;
    for await (const _ of capture) count++;
    expect(capture.damage).toMatchObject({ packets: count });
  });

  test('what is no capture is refused', async () => {
    await expect(openCapture('README.md')).rejects.toThrow(CaptureError);
    await expect(openCapture(new Uint8Array(100))).rejects.toThrow(CaptureError);
  });

  test.each(['written.pcap', 'written.pcapng'])('frames that are written to %s come back', async (name) => {
    const frames = await framesOf(CAPTURE);
    const path = join(folder, name);
    expect(await writeCapture(path, frames)).toBe(frames.length);
    const back = await framesOf(path);
    expect(back.map(({ bytes, time }) => [bytes, time])).toEqual(frames.map(({ bytes, time }) => [bytes, time]));
  });
});

describe('one packet', () => {
  const frame = build(
    ethernet({}, ipv4({ src: 0x0a000001, dst: 0x0a000002, ttl: 9 }, udp({ srcport: 7, dstport: 9999 }, text('hello')))),
  );

  test('has layers, fields, a row, a tree and JSON', () => {
    const packet = dissect(frame);
    expect(packet.layers.map(({ name }) => name)).toEqual(['eth', 'ip', 'udp', 'data']);
    expect(packet.field('ip.src')).toBe('10.0.0.1');
    expect(packet.fields('udp.port')).toEqual([7, 9999]);
    expect([packet.field('ip.ttl'), packet.field('ip'), packet.field('tcp.seq')]).toEqual([9, true, undefined]);
    expect(packet.field('eth.src')).toBe('00:00:00:00:00:00');
    expect(packet.field('data.data')).toEqual(new TextEncoder().encode('hello'));
    expect(packet.summary).toMatchObject({ source: '10.0.0.1', destination: '10.0.0.2', protocol: 'UDP' });
    expect(packet.json()).toMatchObject({ layers: ['eth', 'ip', 'udp', 'data'], ip: { ttl: 9 } });
    const ip = packet.tree().find(({ path }) => path === 'ip');
    expect(ip?.children.find(({ path }) => path === 'ip.ttl')).toMatchObject({ value: 9, start: 22, end: 23 });
  });

  test('may be kept while others are taken apart', () => {
    const first = dissect(frame);
    const before = JSON.stringify(first.json());
    dissect(frame.slice(0, 30));
    expect(JSON.stringify(first.json())).toBe(before);
  });

  test('of any bytes throws nothing', () => {
    for (let size = 0; size < frame.length; size++)
      expect(dissect(frame.subarray(0, size)).json()).toBeTypeOf('object');
    expect(dissect(new Uint8Array(0), 9999).findings.map(({ code }) => code)).toContain('link-type-unknown');
  });

  test('has no field that no layer has, and says which may have been meant', () => {
    expect(() => dissect(frame).field('ip.sorc')).toThrow(UnknownFieldError);
    expect(() => dissect(frame).field('ip.sorc')).toThrow('no such field: ip.sorc; did you mean ip.src?');
  });

  test('is written from layouts by name', () => {
    const query = build(ethernet({}, ipv4({}, udp({ dstport: 53 }, header('vxlan', { vni: 7 }, nothing)))));
    expect(query.length).toBe(14 + 20 + 8 + 8);
  });
});

test('a tracker tells what the commands tell', async () => {
  const secrets = readFileSync('fixtures/handshake-hmac.secrets', 'utf8');
  const tracker = new Tracker({ secrets });
  const states: string[] = [];
  for (const frame of await framesOf(CAPTURE)) {
    for (const { kind, state } of tracker.push(frame).handshakes) states.push(`${kind} ${state}`);
  }
  expect(states[0]).toBe('channel asked');
  const words = ['--secrets', 'fixtures/handshake-hmac.secrets', '-T', 'json', CAPTURE];
  for (const [command, rows] of [
    ['channels', tracker.channels()],
    ['handshakes', tracker.handshakes()],
  ] as const) {
    const { stdout } = await running([command, ...words]);
    expect(rows).toEqual(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    );
  }
});

test('a filter passes what the command passes, and says where it is wrong', async () => {
  const passes = compileFilter('chan.msg.type == NEW || ip.ttl < 5');
  const tracker = new Tracker();
  const found: number[] = [];
  for (const frame of await framesOf(CAPTURE)) if (passes(tracker.push(frame).packet)) found.push(frame.number);
  const { stdout } = await running([
    'decode',
    '-Y',
    'chan.msg.type == NEW || ip.ttl < 5',
    '-T',
    'fields',
    '-e',
    'frame.number',
    CAPTURE,
  ]);
  expect(found.join('\n')).toBe(stdout.trim());
  let error: unknown;
  try {
    compileFilter('ip.ttl == 5 && udp.prot == 1');
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(FilterError);
  expect(error).toMatchObject({ at: 15, end: 23, suggestion: 'udp.port' });
});

test('two peers open a channel without a socket', () => {
  const { bytes: random } = seeded(1);
  const [alice, bob] = ['alice', 'bob'].map((name) => new Peer({ id: peerId(name), random, now: 0 })) as [Peer, Peer];
  alice.open(bob.id, 'bob', { capabilities: 0 }, 0);
  const events: string[] = [];
  for (let round = 0; round < 8; round++) {
    for (const [from, to, name] of [
      [alice, bob, 'alice'],
      [bob, alice, 'bob'],
    ] as const) {
      for (const effect of from.drain()) {
        if (effect.type === 'send') to.receive(effect.bytes, name, round);
        else events.push(`${name} ${effect.type}`);
      }
    }
  }
  expect(events).toEqual(expect.arrayContaining(['alice established', 'bob established']));
});

test('scripts are read and played', () => {
  const text =
    'dialect hmac\nsecret 00112233445566778899aabbccddeeff\n0.0 > new(c1=0x1a2b) -> c1\n* < ack(id=c1..., cookie1=valid, cookie2=*)\n';
  const play = runScript(parseScript(text));
  expect([play.outcome.verdict, play.packets.length]).toEqual(['pass', 2]);
  expect(() => parseScript('0.0 > nonsense()\n')).toThrow(ScriptError);
});
