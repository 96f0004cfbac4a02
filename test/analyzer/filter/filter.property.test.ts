import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Filter, readFilter } from '../../../analyzer/filter/compile.js';
import { FilterError } from '../../../analyzer/filter/filter-error.js';
import { EITHER } from '../../../analyzer/print/fields.js';
import { knownFields } from '../../../analyzer/print/known-fields.js';
import type { Packet } from '../../../analyzer/print/packet.js';
import { isPresence } from '../../../analyzer/print/tell-segment.js';
import { makeFolder } from '../capture/files.js';
import { eachPacket } from './reading.js';
import { trafficFile } from './traffic.js';

const folder = makeFolder();
const packets: Packet[] = [];
beforeAll(async () => {
  await eachPacket(folder.write('traffic.pcapng', trafficFile()), (packet) => packets.push(packet));
  await eachPacket('fixtures/faults.pcapng', (packet) => packets.push(packet));
});
afterAll(folder.remove);

/** The filter of a text, asked of every packet; nothing where the text is none. */
function tried(text: string): Filter | undefined {
  try {
    const filter = readFilter(text, packets[0]);
    for (const packet of packets) expect(typeof filter.passes(packet)).toBe('boolean');
    return filter;
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    expect(error.message.split('\n')).toHaveLength(3);
    expect(error.at).toBeLessThanOrEqual(text.length);
    return undefined;
  }
}

const PIECES = [
  ...[
    '==',
    '!=',
    '===',
    '!==',
    '~=',
    '>',
    '<=',
    'contains',
    'matches',
    'in',
    'not',
    '!',
    'and',
    '&&',
    'or',
    'xor',
    'any',
    'all',
  ],
  ...[
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    '[0:2]',
    '[-1]',
    '#1',
    ',',
    '..',
    '&',
    '+',
    '-',
    '*',
    '/',
    '%',
    '.',
    ':',
    '$',
    '$' + '{ip.src}',
  ],
  ...[
    '1',
    '0x10',
    '-5',
    '1.5',
    '10.0.0.1',
    '10.0.0.0/8',
    '2001:db8::1',
    '02:00:00:00:00:01',
    '0a:0b',
    '"a"',
    'r"\\d"',
    "'x'",
    '"\\x00"',
  ],
  ...[
    'len(',
    'count(',
    'upper(',
    'string(',
    'max(',
    'abs(',
    'True',
    'new',
    'tcp',
    '"(a+)+$"',
    '"2026-01-02"',
    'ü',
    '\\',
    '"',
  ],
  ...[
    'frame',
    'frame.number',
    'frame.time',
    'frame.time_epoch',
    'eth.src',
    'ip',
    'ip.src',
    'ipv6.dst',
    'udp.port',
    'tcp.flags',
  ],
  ...[
    'tcp.flags.syn',
    'chan',
    'chan.id',
    'chan.sender',
    'chan.msg.type',
    'chan.data',
    'channel.state',
    'handshake.state',
    'expert.severity',
  ],
];

describe('a filter is legal, or refused with its place', () => {
  test('whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => void tried(text)),
      { numRuns: 500 },
    );
  });

  test('made of pieces of the language', () => {
    const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 9 });
    const joined = fc.tuple(pieces, fc.constantFrom(' ', '')).map(([list, blank]) => list.join(blank));
    fc.assert(
      fc.property(joined, (text) => void tried(text)),
      { numRuns: 1000 },
    );
  });

  test('with a relation between any two things', () => {
    const thing = fc.constantFrom(...PIECES.filter((piece) => /^[\w"'.-]/.test(piece) && !piece.endsWith('(')));
    const relation = fc.constantFrom('==', '!=', '>', 'contains', 'matches', '&', '+', '- 1 ==');
    const texts = fc.tuple(thing, relation, thing).map((parts) => parts.join(' '));
    let legal = 0;
    fc.assert(
      fc.property(texts, (text) => {
        if (tried(text)) legal++;
      }),
      { numRuns: 1500 },
    );
    expect(legal).toBeGreaterThan(50);
  });
});

describe('laws', () => {
  const names = [...knownFields().keys(), ...Object.keys(EITHER)];
  const passing = (text: string) => {
    const { passes } = readFilter(text);
    return packets.filter(passes).length;
  };

  test('every field can be asked for, and compared with itself', () => {
    for (const name of names) {
      const there = passing(name);
      expect([name, passing(`not ${name}`)]).toEqual([name, packets.length - there]);
      // What is there or not has no value.
      if (isPresence(name)) continue;
      expect([name, passing(`${name} == ${name}`)]).toEqual([name, there]);
      expect([name, passing(`count(${name}) > 0`)]).toEqual([name, there]);
    }
  });

  test('what is not all is any of the contrary', () => {
    const ports = fc.constantFrom('udp.port', 'tcp.port', 'ip.ttl', 'frame.len', 'chan.size');
    fc.assert(
      fc.property(ports, fc.nat(255), (name, value) => {
        expect(passing(`${name} and not ${name} == ${value}`)).toBe(passing(`${name} != ${value}`));
        expect(passing(`${name} and not all ${name} == ${value}`)).toBe(passing(`${name} !== ${value}`));
        expect(passing(`any ${name} > ${value}`)).toBe(passing(`${name} and not all ${name} <= ${value}`));
        expect(passing(`${name} in {0..${value}}`)).toBe(passing(`${name} <= ${value}`));
      }),
      { numRuns: 20 },
    );
  });
});
