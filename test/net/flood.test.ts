import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { handshark } from '../built-program.js';
import { textOf } from '../running-program.js';
import { cameIn, makeNetwork } from './namespaces.js';
import { rawFramesMissing } from './raw-frames.js';
import { writeSpoofedNews } from './spoofed-news.js';

const folder = mkdtempSync(join(tmpdir(), 'handshark-flood-'));
afterAll(() => rmSync(folder, { recursive: true }));
const missing = await rawFramesMissing();

const NEWS = 100_000;
const RATE = 10_000;
/** The flood goes on until a handshake was made in it, but not for ever: in passes, and in attempts of the peer. */
const PASSES = 10;
const ATTEMPTS = 3;
const PORT = 4242;
/** What the responder may take more at the end than after a quarter of the flood, and the analyzer at all, in bytes. */
const GROWTH = 30e6;
const MOST = 450e6;
/** The analyzer's heap, in MiB: its bounded tables fit, and garbage is not left to pile up on a machine that is busy. */
const HEAP_MIB = 256;

/** The memory that a process has resident, in bytes; 0 when it is over. */
function memoryOf(pid: number | undefined): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** What packets in a line of JSON each say, once each: a FINALIZE may be sent again. */
function saidIn(lines: string): readonly string[] {
  const said = lines
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .map(({ ip, chan: [{ messages }], channel }) => {
      const [{ type, data, cookie2_status: status }] = messages;
      return `${ip.src} ${type} ${status ?? Buffer.from(data, 'hex')} ${channel[0].state}`;
    });
  return [...new Set(said)];
}

test('a flood of forged NEWs leaves responder and analyzer flat; a handshake in it is made and seen', async ({
  skip,
}) => {
  if (missing) skip(missing);
  const network = makeNetwork(2);
  try {
    const [outside, inside] = network.join(0, 1);
    // Answers to strangers go out again, as they would on the internet.
    inside.namespace.ip('route', 'add', 'default', 'via', outside.ipv4);
    const [news, secrets] = [join(folder, 'news.pcap'), join(folder, 'peers.secrets')];
    writeSpoofedNews(news, { mac: inside.mac, ipv4: inside.ipv4, port: PORT, peer: 'listener' }, NEWS);
    writeFileSync(secrets, 'PEER_SECRET * 00ff\n');

    const proof = 'chan.msg.type in {FINALIZE, DATA}';
    const decoding = handshark('decode', '-i', inside.name, '-f', `udp port ${PORT}`, '-Y', proof, '-T', 'json');
    const limited = ['env', `NODE_OPTIONS=--max-old-space-size=${HEAP_MIB}`];
    const analyzer = inside.namespace.start([...limited, ...decoding, '--secrets', secrets], '');
    await analyzer.said(/apturing on/);
    const address = `${inside.ipv4}:${PORT}`;
    // Their inputs stay open: the channel is not closed before it is used.
    const responder = inside.namespace.start(handshark('peer', 'listen', address, '--secret', '00ff', '-k'));
    await responder.said(/listening on/);

    const pace = ['--rate', `${RATE}`, '--loop', `${PASSES}`];
    const flood = outside.namespace.start(handshark('inject', news, '-i', outside.name, ...pace), '');
    const memory: { readonly responder: number; readonly analyzer: number }[] = [];
    const watch = setInterval(() => {
      memory.push({ responder: memoryOf(responder.child.pid), analyzer: memoryOf(analyzer.child.pid) });
    }, 100);
    // A real peer comes in the middle of it, and tries again if it has to.
    await sleep(1000);
    const connecting = handshark('peer', 'connect', address, '--secret', '00ff');
    let status: number | null = 1;
    for (let attempt = 0; status !== 0 && attempt < ATTEMPTS; attempt++) {
      ({ status } = await outside.namespace.start(connecting, 'it is me').ended());
    }
    expect([status, flood.child.exitCode]).toEqual([0, null]);
    while (cameIn(inside) < NEWS && flood.child.exitCode === null) await sleep(100);
    const sent = await flood.stop('SIGINT');
    const during = memory.length;
    expect([sent.status, sent.err]).toEqual([0, '']);
    expect(Number(/^sent (\d+) packets/.exec(textOf(sent))?.[1])).toBeGreaterThanOrEqual(NEWS);
    // An attempt whose end was lost on a busy machine has said it, too.
    expect(textOf(await responder.stop())).toMatch(/^(?:it is me){1,3}$/);
    const responding = memory.slice(0, during).map((one) => one.responder);
    const quarter = responding[during >> 2] ?? 0;
    expect(quarter).toBeGreaterThan(0);
    expect(Math.max(...responding) - quarter).toBeLessThan(GROWTH);

    await analyzer.wrote('"DATA"');
    const judged = await analyzer.stop('SIGINT');
    clearInterval(watch);
    expect(judged.err).toMatch(/^handshark: \d+ packets captured, \d+ dropped on \S+$/m);
    expect(saidIn(textOf(judged))).toEqual([
      `${outside.ipv4} CHANNEL_FINALIZE valid established`,
      `${outside.ipv4} DATA it is me established`,
    ]);
    expect(Math.max(...memory.map((one) => one.analyzer))).toBeLessThan(MOST);
  } finally {
    await network.remove();
  }
}, 120_000);
