import { performance } from 'node:perf_hooks';
import { compileFilter } from '../../analyzer/filter/compile.js';
import { writeHexDump } from '../../analyzer/print/hex-dump.js';
import { JsonPackets } from '../../analyzer/print/json.js';
import type { Packet } from '../../analyzer/print/packet.js';
import { PacketLines, treeText } from '../../analyzer/print/text.js';
import { Timeline } from '../../analyzer/print/timeline.js';
import { packetTree } from '../../analyzer/print/tree.js';
import { Utf8Text } from '../../analyzer/print/utf8-text.js';
import type { Secret } from '../../analyzer/secrets/secrets.js';
import { Examiner } from '../../analyzer/track/examine.js';
import type { Line } from '../../dissectors/wire/line.js';
import { viewOf } from '../../dissectors/wire/view.js';
import type { Conversation, FuzzFrame } from './frames.js';
import type { Anatomy, Span } from './mutate.js';

/** What went wrong: the rule that was broken, and how. */
export class Broken extends Error {
  override readonly name = 'Broken';
  readonly rule: string;

  constructor(rule: string, what: string, options?: ErrorOptions) {
    super(`${rule}: ${what}`, options);
    this.rule = rule;
  }
}

/** The longest that one packet may take, in milliseconds of the processor, if it does so each time. */
const MOST_MS = 100;

/** Whether text has anything that could steer a terminal. */
const UNSAFE = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/u;

/** Filters that ask every kind of question. */
export const FILTERS: readonly ((packet: Packet) => boolean)[] = [
  'chan || udp || tcp || sctp || icmp',
  'frame contains "a" && frame.len > 20',
  'frame matches "[a-z]{3}"',
  'ip.src == 192.0.2.1 || ipv6.dst == 2001:db8::/32',
  'frame[2:4] == 00:00 || eth.src[0] & 1',
  'chan.msg.type == NEW && !(chan.id == 0)',
  'expert.severity >= warn || count(ip.ttl) > 1',
  'tcp.flags.syn == 1 && tcp.options.mss_val in {1..9000}',
  'lower(frame.protocols) contains "udp"',
].map((text) => compileFilter(text));

/** All that is printed of a packet. */
interface Printed {
  readonly json: string;
  readonly line: string;
  readonly tree: string;
  readonly hex: string;
}

function printed(packet: Packet, tree: readonly Line[]): Printed {
  const json = written((text) => new JsonPackets().write(packet, text));
  const line = written((text) => new PacketLines('r', false).write(packet, text));
  return { json, line, tree: treeText(tree), hex: written((text) => writeHexDump(packet, text)) };
}

function written(write: (text: Utf8Text) => void): string {
  const text = new Utf8Text();
  write(text);
  return text.toString();
}

/** Plays a conversation to an examiner, and hands over each packet while it is valid. */
export function play(
  frames: Conversation,
  secrets: readonly Secret[],
  look: (packet: Packet, number: number) => void,
): Examiner {
  const examiner = new Examiner({ secrets, seed: 9, converse: true });
  const timeline = new Timeline();
  for (const [row, { bytes, wire, linkType, seconds, nanos }] of frames.entries()) {
    const number = row + 1;
    const { length } = bytes;
    const examined = examiner.examine(viewOf(bytes), 0, length, wire, linkType, number, seconds, nanos);
    timeline.next(seconds, nanos);
    const packet: Packet = {
      ...examined,
      number,
      seconds,
      nanos,
      captured: length,
      wire,
      on: undefined,
      comments: [],
      timeline,
      links: undefined,
      secrets,
    };
    look(packet, number);
  }
  return examiner;
}

/** The fields and layers of a frame by itself. */
export function anatomy(frame: FuzzFrame): Anatomy {
  const fields: Span[] = [];
  const layers: number[] = [];
  play([frame], [], (packet) => {
    for (const { source, at } of packet.dissection.layers) if (source === 0) layers.push(at);
    collect(packetTree(packet), fields);
  });
  return { fields, layers };
}

function collect(lines: readonly Line[], into: Span[]): void {
  for (const { source, start, end, children } of lines) {
    if (source === 0 && end > start && end - start <= 64 && children.length === 0) into.push({ start, end });
    collect(children, into);
  }
}

/** Plays a conversation and checks every rule. @throws {Broken} for the first that is broken */
export function check(frames: Conversation, secrets: readonly Secret[] = []): void {
  const first = outputs(frames, secrets, true);
  const again = outputs(frames, secrets, false);
  for (const [place, one] of first.entries()) {
    for (const form of ['json', 'line', 'tree', 'hex'] as const) {
      if (one[form] === again[place]?.[form]) continue;
      throw new Broken('the same again', `packet ${place + 1}: its ${form} differs in a second run`);
    }
  }
}

function outputs(frames: Conversation, secrets: readonly Secret[], checks: boolean): readonly Printed[] {
  const all: Printed[] = [];
  let number = 0;
  try {
    play(frames, secrets, (packet) => {
      number = packet.number;
      const tree = packetTree(packet);
      const told = printed(packet, tree);
      all.push(told);
      if (!checks) return;
      checkPlaces(packet, tree);
      checkTexts(told, number);
      for (const passes of FILTERS) passes(packet);
    });
  } catch (error) {
    if (error instanceof Broken) throw error;
    throw new Broken('nothing throws', `packet ${number + 1}: ${firstLine(error)}`, { cause: error });
  }
  return all;
}

/** The message of an error, and where in the program it was thrown. */
function firstLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const where = error.stack?.split('\n').find((line) => /(?:dissectors|analyzer|crafter)\//.test(line));
  return `${error.message}${where ? ` ${where.trim()}` : ''}`;
}

function checkTexts({ json, line, tree, hex }: Printed, number: number): void {
  for (const [name, text] of Object.entries({ json, line, tree, hex })) {
    const found = UNSAFE.exec(text);
    if (!found) continue;
    const code = found[0].codePointAt(0)?.toString(16);
    throw new Broken('no control characters', `packet ${number}: U+${code} in its ${name}`);
  }
  try {
    JSON.parse(json);
  } catch (error) {
    throw new Broken('JSON is JSON', `packet ${number}: ${firstLine(error)}`);
  }
}

/** Checks that every line, layer and finding is about bytes that are there. @throws {Broken} */
export function checkPlaces({ dissection, facts, number }: Packet, tree: readonly Line[]): void {
  const { sources, layers, findings } = dissection;
  const sizes = sources.map(({ view }) => view.byteLength);
  const inside = (what: string, source: number, start: number, end: number): void => {
    const size = sizes[source] ?? -1;
    if (0 <= start && start <= end && end <= size) return;
    throw new Broken('places lie in the packet', `packet ${number}: ${what}: [${start}, ${end}) of ${size}`);
  };
  const walk = (lines: readonly Line[]): void => {
    for (const { path, text, source, start, end, children } of lines) {
      inside(path || text, source, start, end);
      walk(children);
    }
  };
  walk(tree);
  for (const { name, source, at, end, limit } of layers) {
    inside(`layer ${name}`, source, at, end);
    inside(`limit of layer ${name}`, source, 0, limit.captured);
  }
  for (const { code, source, start, end } of [...findings, ...facts.findings]) {
    inside(`finding ${code}`, source, start, end);
  }
}

/** Checks that no packet of a conversation takes too long, the best of three runs. @throws {Broken} */
export function checkTime(frames: Conversation, secrets: readonly Secret[] = []): void {
  const best = frames.map(() => Number.POSITIVE_INFINITY);
  for (let run = 0; run < 3; run++) {
    let since = performance.now();
    play(frames, secrets, (packet, number) => {
      packetTree(packet);
      const now = performance.now();
      best[number - 1] = Math.min(best[number - 1] ?? 0, now - since);
      since = now;
    });
    if (best.every((ms) => ms <= MOST_MS)) return;
  }
  const [number, ms] = [...best.entries()].find(([, one]) => one > MOST_MS) ?? [0, 0];
  throw new Broken('a packet takes little time', `packet ${number + 1}: ${ms.toFixed(0)} ms`);
}
