import { expect, test } from 'vitest';
import type { Dissection } from '../../../dissectors/dissect.js';
import type { Association } from '../../../dissectors/layer.js';
import { Associations } from '../../../dissectors/reassembly/associations.js';
import { sctp } from '../../../dissectors/sctp/dissect.js';
import { linesOf, valuesOf } from '../dissecting.js';
import { data, packet, play, word } from './sctp-packets.js';

const init = (type: number, tag: number, parameters: string): string =>
  `${word(type, 2)}00 ${word(20 + parameters.replaceAll(' ', '').length / 2, 4)} ${word(tag)} 00010000 0001 0001 00000064 ${parameters}`;
const ZERO_OK = '8001 0008 00000001';
const COOKIE_ECHO = '0a00 0008 01020304';
const [TO_A, TO_B] = [0xaaaa, 0xbbbb];

const codes = ({ findings }: Dissection): readonly string[] =>
  findings.map(({ code }) => code).filter((code) => code.startsWith('sctp'));

function values({ layers, sources }: Dissection): Record<string, string> {
  const layer = layers.find(({ name }) => name === 'sctp');
  const view = layer && sources[layer.source]?.view;
  return layer && view ? valuesOf(linesOf(sctp, view, layer)) : {};
}

test('a checksum of zero is right where the receiver has said that it accepts it', () => {
  const seen = play([
    packet('a', 0, init(1, TO_A, ZERO_OK)),
    packet('b', TO_A, init(2, TO_B, `0007 0005 01000000 ${ZERO_OK}`), 'zero'),
    packet('a', TO_B, data(1), 'zero'),
    packet('b', TO_A, data(1), 'zero'),
    // Another tag is another association.
    packet('a', TO_B + 1, data(1), 'zero'),
    // The chunks that open an association need a right one.
    packet('a', TO_B, COOKIE_ECHO, 'zero'),
    packet('a', 0, init(1, TO_A, ZERO_OK), 'zero'),
    packet('a', TO_B, data(2)),
  ]);
  const bad = ['sctp-checksum-bad'];
  expect(seen.map(codes)).toEqual([[], [], [], [], bad, bad, bad, []]);
  expect(seen.map((one) => values(one)['sctp.checksum.status'])).toEqual(['1', '3', '3', '3', '0', '0', '0', '1']);
});

test.each([
  ['nobody has opened the association', []],
  ['the receiver did not say so', [packet('a', 0, init(1, TO_A, ZERO_OK)), packet('b', TO_A, init(2, TO_B, ''))]],
  ['a parameter ends the list early', [packet('b', TO_A, init(2, TO_B, `0007 0003 01000000 ${ZERO_OK}`))]],
  ['the receiver has taken it back', [packet('b', TO_A, init(2, TO_B, ZERO_OK)), packet('b', TO_A, init(2, TO_B, ''))]],
])('a checksum of zero is wrong where %s', (_, before) => {
  const seen = play([...before, packet('a', TO_B, data(1), 'zero')]);
  expect(seen.at(-1) && codes(seen.at(-1) as Dissection)).toEqual(['sctp-checksum-bad']);
});

test('numbers are relative to the first one seen of their direction', () => {
  const sack = '0300 0018 00000001 000003e8 0001 0001 0002 0003 00000063';
  const seen = play([
    packet('a', TO_B, data(0xffff_fffe)),
    packet('a', TO_B, data(1)),
    packet('b', TO_A, sack),
    packet('a', TO_B + 7, sack),
    packet('a', 0, data(5)),
  ]);
  expect(seen.map((one) => values(one)['sctp.data_tsn'])).toEqual(['0', '3', undefined, undefined, undefined]);
  expect(seen.map((one) => values(one)['sctp.data_tsn_raw'])).toEqual(['4294967294', '1', undefined, undefined, '5']);
  expect(values(seen[2] as Dissection)).toMatchObject({
    'sctp.sack_cumulative_tsn_ack': '3',
    'sctp.sack_cumulative_tsn_ack_raw': '1',
    'sctp.sack_gap_block_start_tsn': '5',
    'sctp.sack_gap_block_end_tsn': '6',
    'sctp.sack_number_of_tsns_gap_acked': '2',
    'sctp.sack_duplicate_tsn': '99',
  });
  // Nothing is known of the other direction.
  expect(values(seen[3] as Dissection)).toMatchObject({ 'sctp.sack_gap_block_start_tsn': '3' });
  expect(values(seen[3] as Dissection)).not.toHaveProperty('sctp.sack_cumulative_tsn_ack');
});

test('forgets the direction that was quiet longest where there are too many', () => {
  const associations = new Associations(2);
  const said = (key: string, tsn: number): Association => ({
    key,
    from: key,
    to: '',
    tsn,
    opening: { key, acceptsZero: true },
    zero: undefined,
  });
  for (const key of ['one', 'two', 'one', 'three']) associations.add(said(key, 10));
  expect(associations.add(said('one', 15))).toMatchObject({ tsn: 10, acceptsZero: true });
  expect(associations.add(said('two', 20))).toMatchObject({ tsn: 20 });
  for (let turn = 0; turn < 10_000; turn++) associations.add(said(`${turn}`, 1));
  expect(associations.size).toBeLessThanOrEqual(6);
});
