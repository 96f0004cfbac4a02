import { expect, test } from 'vitest';
import { replay } from '../../../analyzer/index/replay.js';
import { JsonPackets } from '../../../analyzer/print/json.js';
import { jsonText } from '../../../analyzer/print/json-text.js';
import type { Packet } from '../../../analyzer/print/packet.js';
import { layerLine } from '../../../analyzer/print/tree.js';
import { Utf8Text } from '../../../analyzer/print/utf8-text.js';
import { channelPacket, data } from '../../../crafter/channel-part.js';
import { ethernet } from '../../../crafter/link-part.js';
import { ipv4 } from '../../../crafter/network-part.js';
import { build } from '../../../crafter/part.js';
import { type Seeded, seeded } from '../../../crafter/seeded.js';
import { udp } from '../../../crafter/transport-part.js';
import { DIALECTS } from '../../../dissectors/channel/dialects.js';
import { messageValues } from '../../../dissectors/channel/explain.js';
import { dissect } from '../../../dissectors/dissect.js';
import type { Layer } from '../../../dissectors/layer.js';
import { liveReassembly } from '../../../dissectors/reassembly/reassembly.js';
import { type Line, plainText } from '../../../dissectors/wire/line.js';
import { toHex } from '../../../dissectors/wire/view.js';
import { FIXTURES, indexed } from '../pipeline/pipeline.js';

const packets = new JsonPackets();

function written(packet: Packet): string {
  const text = new Utf8Text(8);
  packets.write(packet, text);
  return text.toString();
}

/** The members of an object, by name: several values where a field occurs more often. */
type Members = Map<string, string[]>;

const added = (members: Members, name: string, value: string): unknown =>
  members.get(name)?.push(value) ?? members.set(name, [value]);

/** What JSON must say of a layer, by the lines of its tree: each header in it by its name. */
function headersOf(packet: Packet, layer: Layer): Map<string, string> {
  const headers = new Map<string, Members>([[layer.name, new Map()]]);
  const collect = ({ path, field, value, children }: Line): void => {
    const [, head = '', key = ''] = /^([^.]+)\.(.+)$/s.exec(path) ?? [];
    if (field && value !== undefined && head !== '') {
      const members = headers.get(head) ?? new Map();
      headers.set(head, members);
      const isPlain = typeof value === 'boolean' || (typeof value === 'number' && field.kind === 'uint');
      added(members, key, isPlain ? `${value}` : jsonText(plainText(field, value)));
    }
    for (const child of children) collect(child);
  };
  collect(layerLine(packet, layer));
  const textOf = ([key, values]: [string, string[]]) => `"${key}":${values.length > 1 ? `[${values}]` : values.join()}`;
  return new Map([...headers].map(([name, members]) => [name, `{${[...members].map(textOf)}}`]));
}

/** What JSON must hold of the layers of a packet that are no channel packets, in the order of their names. */
function layersOf(packet: Packet): ReadonlyMap<string, string> {
  const { layers } = packet.dissection;
  const [own, inner]: [Members, Members] = [new Map(), new Map()];
  for (const layer of layers) {
    if (layer.facts?.type === 'channel') continue;
    for (const [name, text] of headersOf(packet, layer)) added(name === layer.name ? own : inner, name, text);
  }
  const names = [...new Set([...own.keys(), ...inner.keys()])].filter((name) => name !== 'chan');
  const listOf = (name: string) => [...(own.get(name) ?? []), ...(inner.get(name) ?? [])];
  return new Map(
    names.map((name) => {
      const list = listOf(name);
      return [name, list.length > 1 || name === 'vlan' ? `[${list}]` : list.join()];
    }),
  );
}

/** Looks for each member in the text, so that the order of fields counts as well. */
function check(packet: Packet, from: string): void {
  const text = written(packet);
  const parsed: Readonly<Record<string, unknown>> = JSON.parse(text);
  const names = packet.dissection.layers.map(({ name }) => name);
  expect(parsed.layers, from).toEqual(names);
  for (const [name, expected] of layersOf(packet)) {
    if (!text.includes(`,"${name}":${expected}`)) expect.fail(`${from}: ${text} has no "${name}":${expected}`);
  }
  checkChannels(packet, parsed, from);
}

interface ChannelJson {
  readonly dialect: string;
  readonly id?: string;
  readonly messages?: readonly Readonly<Record<string, unknown>>[];
}

/** Checks what JSON says of the messages of channel packets. */
function checkChannels({ dissection }: Packet, { chan }: Readonly<Record<string, unknown>>, from: string): void {
  const found = dissection.layers.flatMap(({ facts }) => (facts?.type === 'channel' ? [facts.packet] : []));
  if (found.length === 0) return;
  const told = chan as readonly ChannelJson[];
  expect(told.length, from).toBe(found.length);
  found.forEach((packet, place) => {
    const { dialect, messages = [] } = told[place] as ChannelJson;
    expect(dialect).toBe(packet.dialect.name);
    expect(messages.map(({ code }) => code)).toEqual(
      messages.length > 0 ? packet.messages.map(({ code }) => code) : [],
    );
    messages.forEach((message, which) => {
      for (const [key, value] of messageValues(packet, packet.messages[which] as (typeof packet.messages)[number])) {
        const shown = message[key] as string | number | { readonly bits: number };
        if (value instanceof Uint8Array) expect([key, shown]).toEqual([key, toHex(value)]);
        else if (typeof shown === 'object') expect(shown.bits).toBe(value);
        else expect([key, typeof shown === 'string' ? Number.parseInt(shown, 16) : shown]).toEqual([key, value]);
      }
    });
  });
}

/** The packet that other bytes of the same frame are, on their own. */
function mutated(packet: Packet, random: Seeded): Packet {
  const view = packet.dissection.sources[0]?.view ?? new DataView(new ArrayBuffer(0));
  const bytes = Uint8Array.from(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  for (let count = random.integer(4); count >= 0 && bytes.length > 0; count--) {
    // Most headers lie near the start.
    const at = random.integer(random.chance(0.7) ? Math.min(64, bytes.length) : bytes.length);
    bytes[at] = random.chance(0.5) ? (bytes[at] as number) ^ (1 << random.integer(8)) : random.integer(256);
  }
  const captured = random.chance(0.3) ? random.integer(bytes.length) : bytes.length;
  const limit = { captured, wire: random.chance(0.1) ? captured : bytes.length };
  const cut = new DataView(bytes.buffer, 0, captured);
  const dissection = dissect(cut, 0, limit, packet.on?.linkType ?? 1, packet.number, liveReassembly());
  return { ...packet, dissection, captured, wire: limit.wire, facts: { channels: [], verdicts: [], findings: [] } };
}

const MUTATIONS = 8;
/** Packets of a fixture that are mutated; the long ones repeat themselves. */
const MOST_MUTATED = 60;

test.each(FIXTURES)(
  'JSON of %s, and of what its frames are with other bytes, says what the trees say',
  async (fixture) => {
    const capture = await indexed(`fixtures/${fixture}`);
    const random = seeded(7);
    for (let number = 1; number <= capture.index.length; number++) {
      const packet = replay(capture, number);
      check(packet, `packet ${number}`);
      for (let count = 0; count < MUTATIONS && number <= MOST_MUTATED; count++)
        check(mutated(packet, random), `packet ${number}, mutation ${count}`);
    }
    await capture.close();
  },
);

test('a frame full of small messages is written whole', () => {
  const [dialect] = DIALECTS;
  if (!dialect) return expect.fail('there is no dialect');
  const messages = Array.from({ length: 20_000 }, (_, at) => data(dialect, Uint8Array.of(at)));
  const header = { sender: new Uint8Array(16), recipient: new Uint8Array(16) };
  const bytes = build(ethernet({}, ipv4({}, udp({}, channelPacket(dialect, header, messages)))));
  const size = bytes.length;
  const view = new DataView(bytes.buffer, bytes.byteOffset, size);
  const dissection = dissect(view, 0, { captured: size, wire: size }, 1, 1, liveReassembly());
  const { chan } = JSON.parse(
    written({
      ...{ dissection, number: 1, seconds: 0, nanos: 0, captured: size, wire: size, on: undefined, comments: [] },
      ...{ facts: { channels: [], verdicts: [], findings: [] }, secrets: [], timeline: undefined, links: undefined },
    }),
  );
  expect(chan[0].messages).toHaveLength(20_000);
  expect(chan[0].messages.at(-1)).toEqual({ type: 'DATA', code: 20, length: 1, data: '1f' });
});
