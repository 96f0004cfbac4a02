import { expect, test } from 'vitest';
import { FileHead } from '../../../../analyzer/capture/file-head.js';
import {
  DECRYPTION_SECRETS,
  INTERFACE_DESCRIPTION,
  SECTION_HEADER,
} from '../../../../dissectors/file/pcapng-blocks.js';

const MIB = 1024 * 1024;
const STATISTICS = 5;
const block = (size: number, filling: number): Uint8Array => new Uint8Array(size).fill(filling);
const typesOf = (head: FileHead) => head.begin().types;

test('names and secrets that fill the memory leave room for interfaces', () => {
  const head = new FileHead();
  head.saw(SECTION_HEADER, block(28, 1), true);
  for (let count = 0; count < 9; count++) head.saw(DECRYPTION_SECRETS, block(MIB - 28, 2), true);
  head.saw(INTERFACE_DESCRIPTION, block(20, 3), true);
  for (let count = 0; count < 9; count++) head.saw(STATISTICS, block(MIB, 4), false);
  const secrets = Array(4).fill(DECRYPTION_SECRETS);
  const statistics = Array(4).fill(STATISTICS);
  expect(typesOf(head)).toEqual([SECTION_HEADER, ...secrets, INTERFACE_DESCRIPTION, ...statistics]);
  // What passes is in one file only, and makes room.
  expect(typesOf(head)).toEqual([SECTION_HEADER, ...secrets, INTERFACE_DESCRIPTION]);
  head.saw(STATISTICS, block(MIB, 4), false);
  expect(typesOf(head).at(-1)).toBe(STATISTICS);
});

test('a section forgets the one before', () => {
  const head = new FileHead();
  head.saw(SECTION_HEADER, block(28, 1), true);
  head.saw(INTERFACE_DESCRIPTION, block(20, 2), true);
  head.saw(STATISTICS, block(20, 3), false);
  head.saw(SECTION_HEADER, block(28, 4), false);
  expect(head.begin()).toEqual({ bytes: Buffer.from(block(28, 4)), types: [SECTION_HEADER], ends: [28] });
});
