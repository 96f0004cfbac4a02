import { describe, expect, test } from 'vitest';
import { raw } from '../../../crafter/part.js';
import { DEFAULT_CHANNEL } from '../../../dissectors/channel/packet.js';
import { ALICE, BOTH, establish, Kit, Watch } from './watch.js';

const hmac = new Kit();
const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte));
/** A packet whose payload size ends it inside its last message. */
const cut = (kit: Kit, message: Parameters<Kit['packet']>[1][number], id: number): Uint8Array =>
  kit.packet('initiator', [message], { id, payload_size: message.size - 1 });

/** Packets that a peer drops before anything in them takes effect, with how an observer lists them. */
const DROPPED: readonly (readonly [string, Uint8Array, string])[] = [
  ['a NEW with a bad checksum', flip(new Kit({ id: 0x77770001 }).new()), '- = valid'],
  ['a FINALIZE with a bad checksum', flip(hmac.finalize({ caps: 0 })), '- = valid'],
  ['DATA with a bad checksum', flip(hmac.data('initiator', 1)), '-'],
  ['a CLOSE with a bad checksum', flip(hmac.close('initiator', 1, 1)), '-'],
  ['a NEW to its own sender', new Kit({ id: 0x77770001, responder: ALICE }).new(), '- = valid'],
  ['DATA to its own sender', new Kit({ responder: ALICE }).data('initiator', 1), '-'],
  ['an encrypted packet', hmac.packet('initiator', [hmac.dataMessage()], { flags: 1 }), '1a2b3c4d established'],
  ['an encrypted packet of an unknown channel', hmac.packet('initiator', [], { flags: 1, id: 0x99990001 }), '-'],
  ['an id with one reserved half', hmac.packet('initiator', [hmac.dataMessage()], { id: 0xf0f03c4d }), '-'],
  ['an id with the other half reserved', hmac.packet('initiator', [hmac.dataMessage()], { id: 0x1a2bf0f0 }), '-'],
  ['a NEW with the reserved half', new Kit({ id: 0xf0f00001 }).new(), '- = valid'],
  ['an ACKNOWLEDGE with a reserved half', new Kit({ id: 0x1a2bf0f0 }).acknowledge(), '- = valid valid'],
  ['a FINALIZE with a reserved half', new Kit({ id: 0x1a2bf0f0 }).finalize(), '- = valid'],
  ['a FINALIZE for the default channel', new Kit({ id: DEFAULT_CHANNEL }).finalize(), '- = valid'],
  ['a size below 52', hmac.packet('initiator', [hmac.dataMessage()], { size: 51 }), '-'],
  ['a size beyond the datagram', hmac.packet('initiator', [hmac.dataMessage()], { size: 65 }), '-'],
  ['a payload beyond the packet', hmac.packet('initiator', [hmac.dataMessage()], { payload_size: 13 }), '-'],
  ['a NEW cut off by its payload', cut(hmac, new Kit({ id: 0x77770001 }).newMessage(), DEFAULT_CHANNEL), '-'],
  ['DATA cut off by its payload', cut(hmac, hmac.dataMessage(), hmac.id), '-'],
  ['a CLOSE before a message cut off', cutSecond(), '-'],
  ['a broken message type', hmac.packet('initiator', [raw(new Uint8Array(6).fill(0xff))]), '-'],
];

function cutSecond(): Uint8Array {
  const messages = [hmac.message('CHANNEL_CLOSE', { reason: 1 }), hmac.dataMessage()];
  return hmac.packet('initiator', messages, { payload_size: 3 + 11, sequence: hmac.start('initiator') });
}

describe('changes nothing:', () => {
  test.each(DROPPED)('%s', (_what, bytes, listed) => {
    const watch = new Watch(BOTH);
    establish(watch, hmac);
    watch.see(50, hmac.data('initiator', 0));
    const before = watch.rows;
    expect(watch.see(60, bytes)).toBe(listed);
    expect(watch.rows).toEqual(before);
  });

  test('a whole packet that names an id with one reserved half', () => {
    const watch = new Watch(BOTH);
    const bad = new Kit({ id: 0x1a2bf0f0 });
    const all = [hmac.newMessage(), bad.finalizeMessage()];
    expect(watch.see(0, hmac.packet('initiator', all, { id: DEFAULT_CHANNEL }))).toBe('- = valid valid');
    // A half by itself is no id: the NEW is passed over, the rest counts.
    const some = [new Kit({ id: 0xf0f00001 }).newMessage(), hmac.newMessage()];
    expect(watch.see(1, hmac.packet('initiator', some, { id: DEFAULT_CHANNEL }))).toBe('1a2b new = valid valid');
  });

  test('a message where it does not count, though its packet does', () => {
    const other = new Kit({ id: 0x77770001 });
    const watch = new Watch(BOTH);
    establish(watch, hmac);
    expect(watch.see(50, hmac.packet('initiator', [other.newMessage(), other.finalizeMessage()]))).toBe(
      '1a2b3c4d established = valid valid',
    );
    expect(watch.see(50, hmac.packet('responder', [other.acknowledgeMessage()]))).toBe(
      '1a2b3c4d established = valid valid',
    );
    expect(watch.see(51, hmac.packet('initiator', [hmac.dataMessage()], { id: DEFAULT_CHANNEL }))).toBe('-');
    expect(watch.rows.map(({ id, state, out }) => [id, state, out?.packets])).toEqual([['1a2b3c4d', 'established', 1]]);
  });

  test('a COOKIE that is not first, or on the default channel', () => {
    const watch = new Watch(BOTH);
    establish(watch, hmac);
    const bad = hmac.cookieMessage('initiator', { cookie: new Uint8Array(16) });
    const before = watch.rows.map(({ cookies }) => cookies);
    expect(watch.see(50, hmac.numbered('initiator', 0, hmac.dataMessage(), bad))).toBe(
      '1a2b3c4d established ! cookie-invalid 2 = invalid',
    );
    expect(watch.see(51, hmac.packet('initiator', [bad], { id: DEFAULT_CHANNEL }))).toBe('- = unknown');
    expect(watch.rows.map(({ cookies }) => cookies)).toEqual(before);
  });

  test('a packet of another dialect with the same id', () => {
    const watch = new Watch(BOTH);
    establish(watch, hmac);
    const before = watch.rows;
    watch.see(50, new Kit({ dialect: 'seqno' }).data('initiator', 0));
    expect(watch.rows.slice(0, 1)).toEqual(before);
  });
});

test('verdicts come in the order of the cookies, also where the first leads the packet', () => {
  const watch = new Watch(BOTH);
  establish(watch, hmac);
  const messages = [hmac.cookieMessage('initiator'), hmac.cookieMessage('initiator', { cookie: new Uint8Array(16) })];
  expect(watch.see(50, hmac.numbered('initiator', 0, ...messages))).toBe(
    '1a2b3c4d established ! cookie-invalid 2 = valid invalid',
  );
});

test('reserved bits, spin, padding and trailing bytes are ignored', () => {
  const watch = new Watch(BOTH);
  watch.see(0, hmac.new({}, { flags: 0xfffe }));
  watch.see(20, hmac.acknowledge());
  watch.see(21, hmac.finalize({ caps: 0xfffd }));
  expect(watch.rows.map(({ state, mode }) => [state, mode])).toEqual([['established', 'sctp']]);
  const trailing = Uint8Array.from([...hmac.data('initiator', 0), 1, 2, 3]);
  expect(watch.see(30, trailing)).toBe('1a2b3c4d established');
});

test('messages before one of an unknown type count', () => {
  const watch = new Watch(BOTH);
  establish(watch, hmac);
  const unknown = raw(Uint8Array.of(0x63, 1, 2, 3));
  expect(watch.see(50, hmac.numbered('initiator', 0, hmac.dataMessage(), unknown))).toBe('1a2b3c4d established');
  expect(watch.rows.map(({ out }) => out)).toEqual([{ packets: 1, bytes: 68, data: 1, dataBytes: 10 }]);
});

test('a DATA of the reference that claims more than there is counts with what is there', () => {
  const kit = new Kit({ dialect: 'channeler' });
  const watch = new Watch(BOTH);
  establish(watch, kit);
  watch.see(50, kit.packet('initiator', [kit.message('DATA', { length: 40, data: new Uint8Array(9) })]));
  expect(watch.rows.map(({ out }) => out)).toEqual([{ packets: 1, bytes: 63, data: 1, dataBytes: 9 }]);
});
