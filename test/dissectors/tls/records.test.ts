import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NOT_MINE } from '../../../dissectors/layer.js';
import {
  contentOf,
  isEncrypted,
  learn,
  messagesIn,
  recordsLength,
  startsHello,
} from '../../../dissectors/tls/records.js';
import { agreedVersion, NO_STATE, withChange, withVersion } from '../../../dissectors/tls/state.js';
import { toHex, viewOf } from '../../../dissectors/wire/view.js';
import {
  alert,
  applicationData,
  changeCipherSpec,
  chosenVersion,
  clientHello,
  message,
  noise,
  records,
  serverHello,
  serverName,
  together,
  withoutHead,
} from '../../../fixtures/tls-messages.js';

const all = (bytes: Uint8Array) => ({ captured: bytes.length, wire: bytes.length });
const lengthOf = (bytes: Uint8Array, state = NO_STATE) => recordsLength(viewOf(bytes), 0, all(bytes), state);
const hello = clientHello({ of: 'test', extensions: [serverName('example.org')] });
const changed = (version: number) => ({ own: withChange(0), other: withVersion(0, version) });

test.each<[string, Uint8Array, number | undefined]>([
  ['a record of data is alone', together(applicationData('x', 30), applicationData('y', 5)), 35],
  ['an empty record of data', applicationData('x', 0), 5],
  ['an alert', together(alert(2, 40), hello), 7],
  ['a whole hello', together(hello, hello), hello.length],
  ['a head that is cut', hello.subarray(0, 3), -5],
  ['a head alone', hello.subarray(0, 5), -6],
  ['a hello that is cut', hello.subarray(0, 60), hello.length],
  ['no record', Uint8Array.of(0x17, 3, 5, 0, 1), NOT_MINE],
  ['an HTTP request', new TextEncoder().encode('GET / HTTP/1.1'), NOT_MINE],
  ['a record that is too long', Uint8Array.of(0x17, 3, 3, 0x50, 0), NOT_MINE],
  ['an empty record of anything else', Uint8Array.of(0x16, 3, 3, 0, 0), NOT_MINE],
])('%s', (_, bytes, length) => {
  expect(lengthOf(bytes)).toBe(length);
});

test('a handshake message in records of any size is one PDU, whatever is at hand', () => {
  const long = message(11, noise('certificates', 3000));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1500 }), fc.nat(20_000), (most, at) => {
      const bytes = records(together(withoutHead(hello), long), most);
      expect(lengthOf(together(bytes, applicationData('x', 9)))).toBe(bytes.length > 0 ? lengthOf(bytes) : 0);
      const cut = bytes.subarray(0, Math.min(at, bytes.length));
      const length = lengthOf(cut);
      // What is asked for is more than there is, and never more than the whole.
      if (length === undefined) return expect(cut.length).toBe(0);
      if (length < 0) {
        expect(-length).toBeGreaterThan(cut.length);
        expect(-length).toBeLessThanOrEqual(bytes.length);
      }
    }),
  );
});

test('a hello of 64 kB in records of one byte costs no more than its bytes', () => {
  const bytes = records(message(1, noise('long hello', 65_000)), 1);
  let asked = 0;
  let have = 5;
  for (; have < bytes.length; asked++) {
    const length = lengthOf(bytes.subarray(0, have)) ?? 0;
    if (length > 0) break;
    have = Math.max(have + 1, -length);
  }
  expect(asked).toBeLessThan(100);
});

test('handshake messages are put together from their records', () => {
  const bytes = records(together(withoutHead(hello), message(14, new Uint8Array(0))), 50);
  const content = contentOf(viewOf(bytes), 0, bytes.length);
  expect(messagesIn(content).map(({ type, length }) => [type, length])).toEqual([
    [1, hello.length - 9],
    [14, 0],
  ]);
  const [first] = messagesIn(content);
  expect(toHex(new Uint8Array(content.view.buffer, first?.at, (first?.end ?? 0) - (first?.at ?? 0)))).toBe(
    toHex(withoutHead(hello)),
  );
});

test('knows which handshake records are encrypted', () => {
  const finished = records(noise('finished', 40), 100);
  const known = records(message(20, noise('x', 12)), 100);
  const check = (bytes: Uint8Array, state = NO_STATE) => isEncrypted(viewOf(bytes), 0, bytes.length, state);
  expect([check(hello), check(known)]).toEqual([false, false]);
  expect([check(finished, changed(0x0303)), check(known, changed(0x0303))]).toEqual([true, true]);
  // The ChangeCipherSpec of TLS 1.3 means nothing: a second ClientHello follows it.
  expect([check(hello, changed(0x0304)), check(hello, changed(0)), check(known, changed(0))]).toEqual([
    false,
    false,
    true,
  ]);
});

test('learns the version from the ServerHello, and that a side has changed its cipher', () => {
  const answer = serverHello({ of: 'server', extensions: [chosenVersion(0x0304)] });
  const own = learn(viewOf(answer), 0, answer.length, NO_STATE);
  expect(agreedVersion({ own: 0, other: own })).toBe(0x0304);
  const change = changeCipherSpec();
  expect(learn(viewOf(change), 0, change.length, { own, other: 0 })).toBe(withChange(own));
});

test('recognizes a hello on any port, and nothing that only looks like a record', () => {
  const starts = (bytes: Uint8Array) => startsHello(viewOf(bytes), 0, all(bytes));
  expect(starts(hello)).toBe(true);
  expect(starts(serverHello({ of: 'x', extensions: [] }))).toBe(true);
  expect(starts(applicationData('x', 100))).toBe(false);
  expect(starts(hello.with(9, 0x16))).toBe(false);
  expect(starts(hello.subarray(0, 10))).toBe(false);
});
