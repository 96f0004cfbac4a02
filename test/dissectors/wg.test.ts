import { expect, test } from 'vitest';
import { dissectorFor, dissectorNamed } from '../../dissectors/registry.js';
import { mac1KeyOf, macOf } from '../../dissectors/wg/macs.js';
import { base64Of, bytesOfBase64 } from '../../dissectors/wire/base64.js';
import { toHex, viewOf } from '../../dissectors/wire/view.js';
import { context, linesOf, valuesOf } from './dissecting.js';
import { INITIATION, RESPONDER_KEY, RESPONSE } from './wg-messages.js';

const wg = dissectorNamed('wg');
const of = (type: number, length: number, reserved = 0): Uint8Array => {
  const bytes = new Uint8Array(length).fill(7);
  bytes.set([type, reserved, 0, 0]);
  return bytes;
};
const isTaken = (bytes: Uint8Array, key: number): boolean =>
  wg?.dissect(viewOf(bytes), 0, { captured: bytes.length, wire: bytes.length }, context({ key })) !== undefined;

test.each([
  // type, length, reserved byte, port, taken
  ['an initiation', 1, 148, 0, 40_000, true],
  ['a longer initiation', 1, 149, 0, 51_820, false],
  ['a shorter initiation', 1, 147, 0, 51_820, false],
  ['a response', 2, 92, 0, 40_000, true],
  ['a longer response', 2, 93, 0, 51_820, false],
  ['a cookie reply', 3, 64, 0, 40_000, true],
  ['a shorter cookie reply', 3, 63, 0, 51_820, false],
  ['a keep-alive', 4, 32, 0, 40_000, true],
  ['data shorter than that', 4, 31, 0, 51_820, false],
  ['padded data', 4, 48, 0, 40_000, true],
  ['data without padding', 4, 49, 0, 51_820, false],
  ['a full packet of data', 4, 1452, 0, 40_000, true],
  ['type 0', 0, 148, 0, 51_820, false],
  ['type 5', 5, 148, 0, 51_820, false],
  ['reserved bytes on the usual port', 1, 148, 9, 51_820, true],
  ['reserved bytes on the port of WARP', 4, 48, 9, 2408, true],
  ['reserved bytes on any port', 1, 148, 9, 40_000, false],
])('takes only what has the type and length of a message: %s', (_, type, length, reserved, port, taken) => {
  expect(isTaken(of(type, length, reserved), port)).toBe(taken);
});

test('an initiation whose end the capture cut is known by the length that was sent', () => {
  const found = wg?.dissect(viewOf(INITIATION), 0, { captured: 60, wire: 148 }, context({ key: 40_000 }));
  expect(found).toMatchObject({ ok: false, why: 'truncated', what: 'wg', need: 148, have: 60 });
});

test('tells the fields of a response as Wireshark names them, keys in base64', () => {
  expect(dissectorFor('udp.port', 51_820)).toBe(wg);
  const view = viewOf(RESPONSE);
  const found = wg?.dissect(view, 0, { captured: 92, wire: 92 }, context());
  if (!wg || !found?.ok) throw new Error('not taken');
  const layer = { name: 'wg', source: 0, at: 0, end: 92, limit: found.limit, facts: undefined, stop: undefined };
  const values = valuesOf(linesOf(wg, view, { ...layer, quoted: undefined }));
  expect(values).toMatchObject({
    'wg.type': '2',
    'wg.sender': '0x97225dbe',
    'wg.receiver': '0x881a375b',
    'wg.ephemeral': 'qGHagG1M81xm+BE3EiAHpPws3jZZoJpnwLvCdEkz6D0=',
    'wg.mac1': '29879fe0de57d5db1c5e82ad6c0493a8',
    'wg.mac2': '0'.repeat(32),
  });
});

test('mac1 of an initiation of wireguard-go is what the public key of its responder makes', () => {
  const key = mac1KeyOf(bytesOfBase64(RESPONDER_KEY) ?? new Uint8Array(0));
  expect(toHex(macOf(key, INITIATION.subarray(0, 116)))).toBe(toHex(INITIATION.subarray(116, 132)));
});

test.each(['', 'Zg==', 'Zm8=', 'Zm9v', 'Zm9vYg==', RESPONDER_KEY])('reads and writes %j', (text) => {
  const bytes = bytesOfBase64(text) ?? Uint8Array.of(1);
  expect(base64Of(viewOf(bytes), 0, bytes.length)).toBe(text);
});

test.each(['Zg', 'Zg=', 'Z===', 'Zm9-', 'Zm 9'])('%j is not base64', (text) => {
  expect(bytesOfBase64(text)).toBe(undefined);
});
