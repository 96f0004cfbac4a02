import { expect, test } from 'vitest';
import { DIALECTS } from '../../../dissectors/channel/dialects.js';
import { isPlausible } from '../../../dissectors/reassembly/plausible.js';
import { hex } from '../../hex.js';

/** The start of a packet of the first dialect: flags, size, number and payload size, and what there is of the messages. */
const start = (flags: string, size: string, payload: string, messages: string) =>
  hex(`99838caa ${'11'.repeat(16)} ${'22'.repeat(16)} 1a2b3c4d ${flags} ${size} 0007 ${payload} ${messages}`);

test.each<[string, DataView, boolean]>([
  ['nothing of its payload', start('0000', '0100', '00cc', ''), true],
  ['a reserved flag', start('0004', '0100', '00cc', ''), false],
  ['the spin bit', start('0002', '0100', '00cc', ''), true],
  ['an encrypted one, whose sizes nobody knows', start('0001', '0100', 'ffff', 'ff'), true],
  ['the largest payload that its size allows', start('0000', '0100', '00cc', '14'), true],
  ['a larger payload', start('0000', '0100', '00cd', '14'), false],
  ['a message that goes on to the end of its payload', start('0000', '0100', '00cc', '14 8049 aa'), true],
  ['a message that goes on one byte farther', start('0000', '0100', '00cc', '14 804a aa'), false],
  ['a message that goes beyond its payload', start('0000', '0100', '0003', '14 02'), false],
  ['one that ends with its payload', start('0000', '0100', '0003', '14 01'), true],
  ['an unknown message', start('0000', '0100', '00cc', '63'), false],
  ['an unknown message after a known one', start('0000', '0100', '00cc', '14 02 aaaa 63'), false],
  ['a fixed message, and an unknown one', start('0000', '0100', '00cc', '16 0040 63'), false],
  ['a fixed message that does not fit', start('0000', '0100', '0002', '16 00'), false],
  ['a length that goes on', start('0000', '0100', '00cc', '14 80'), true],
  ['a length that goes on for ever', start('0000', '0100', '00cc', '14 8080808080'), false],
  ['a length of four bytes that goes on', start('0000', '0100', '00cc', '14 80808080'), true],
  ['a length that its payload cuts off', start('0000', '0100', '0002', '14 80 00'), false],
  ['a type that goes on', start('0000', '0100', '00cc', '80'), true],
  ['a type that goes on for ever', start('0000', '0100', '00cc', '8080808080'), false],
  ['a type that its payload cuts off', start('0000', '0100', '0001', '80 00'), false],
  ['padding like anything', start('0000', '0100', '0002', '14 00 63 63'), true],
])('what is a packet so far: %s', (_, view, expected) => {
  const [dialect] = DIALECTS;
  if (!dialect) throw new Error('there are dialects');
  expect(isPlausible(view, 0, view.byteLength, dialect)).toBe(expected);
});
