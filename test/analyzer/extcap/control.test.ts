import { expect, test } from 'vitest';
import { ControlReader, controlMessage } from '../../../analyzer/extcap/control.js';
import { fromHex } from '../../../dissectors/wire/view.js';

test('a message is T, the length of what follows, control, command and payload', () => {
  const payload = new TextEncoder().encode('hi');
  // T, 4 bytes follow, control 1, command 6
  expect(Uint8Array.from(controlMessage({ control: 1, command: 6, payload }))).toEqual(
    Uint8Array.from(fromHex('54 000004 01 06 6869')),
  );
});

test('messages come out of whatever pieces they came in', () => {
  const all = fromHex('54 000003 00 01 01  54 000002 07 00');
  for (let size = 1; size <= all.length; size++) {
    const reader = new ControlReader();
    const messages = [];
    for (let at = 0; at < all.length; at += size) messages.push(...reader.took(all.subarray(at, at + size)));
    expect(messages).toEqual([
      { control: 0, command: 1, payload: Uint8Array.of(1) },
      { control: 7, command: 0, payload: new Uint8Array(0) },
    ]);
    expect(reader.isBroken).toBe(false);
  }
});

test.each([
  ['another indication', '53 000002 00 00'],
  ['no room for control and command', '54 000001 00 00'],
  ['a message longer than any', '54 010000 00 00'],
])('what makes no sense ends the reading: %s', (_, bytes) => {
  const reader = new ControlReader();
  expect(reader.took(fromHex(bytes))).toEqual([]);
  expect([reader.isBroken, reader.took(fromHex('54 000002 00 00'))]).toEqual([true, []]);
});
