import { expect, test } from 'vitest';
import { dissectorNamed } from '../../dissectors/registry.js';
import { fromHex, viewOf } from '../../dissectors/wire/view.js';
import { context, layerOf, linesOf, valuesOf } from './dissecting.js';

const stun = dissectorNamed('stun') ?? expect.fail();
const ID = '000102030405060708090a0b';
const HEAD = `2112a442${ID}`;

function dissect(hex: string, key = 3478, wire = hex.length / 2) {
  const bytes = fromHex(hex);
  const limit = { captured: bytes.length, wire };
  return { view: viewOf(bytes), limit, found: stun.dissect(viewOf(bytes), 0, limit, context({ key })) };
}
function values(hex: string) {
  const { view, limit, found } = dissect(hex);
  return valuesOf(linesOf(stun, view, layerOf('stun', 0, limit, found)));
}
const codes = (hex: string): unknown => {
  const { found } = dissect(hex);
  return found?.ok ? found.findings?.map(({ code }) => code) : found;
};

test.each([
  ['a message on its port', `00010000${HEAD}`, 3478, true],
  ['a message on any port', `00010000${HEAD}`, 40_000, true],
  ['one with bytes behind it, on its port', `00010000${HEAD}00`, 3478, true],
  ['one with bytes behind it, on another', `00010000${HEAD}00`, 40_000, false],
  ['another cookie', `000100002112a443${ID}`, 3478, false],
  ['a length that is no multiple of 4', `00010002${HEAD}0000`, 3478, false],
  ['bits that are no STUN', `80010000${HEAD}`, 3478, false],
  ['data of a channel on its port', '4000000568656c6c6f000000', 3478, true],
  ['data of a channel without padding', '4000000568656c6c6f', 3478, true],
  ['data of a channel on another port', '4000000568656c6c6f', 40_000, false],
  ['data of a channel with a length beyond its datagram', '4000000668656c6c6f', 3478, false],
])('takes its own: %s', (_, hex, key, taken) => {
  expect(dissect(hex, key).found !== undefined).toBe(taken);
});

test('addresses are told as they stand and as they were', () => {
  expect(values(`0101000c${HEAD}00200008000125c0ea12d547`)).toMatchObject({
    'stun.type.class': '0x0010',
    'stun.att.port-xord': '25c0',
    'stun.att.port': '1234',
    'stun.att.ipv4-xord': 'ea12d547',
    'stun.att.ipv4': '203.0.113.5',
  });
  expect(values(`01010018${HEAD}00200014000225c00113a9fa000102030405060708090a0c`)).toMatchObject({
    'stun.att.port': '1234',
    'stun.att.ipv6': '2001:db8::7',
  });
});

test('a fingerprint is judged by the bytes before it', () => {
  expect(codes(`00010008${HEAD}8028000494a1e3bc`)).toEqual(['stun-fingerprint-bad']);
  const right = '8028000461286b1a';
  const { found } = dissect(`00010008${HEAD}${right}`);
  const wanted = found?.ok && found.findings?.[0]?.given;
  const corrected = `00010008${HEAD}80280004${Number(Array.isArray(wanted) ? wanted[0] : 0)
    .toString(16)
    .padStart(8, '0')}`;
  expect(codes(corrected)).toEqual([]);
  expect(values(corrected)).toMatchObject({ 'stun.att.crc32.status': '1' });
});

test('an attribute beyond its message is malformed, but not where the capture cut it', () => {
  expect(codes(`00010004${HEAD}00150009`)).toEqual(['malformed']);
  expect(codes(`0001000c${HEAD}0015000500112233`)).toEqual(['packet-sliced']);
  const cut = dissect(`0001000c${HEAD}00150005001122`, 3478, 32);
  expect(cut.found?.ok && cut.found.findings).toEqual([]);
});
