import { expect, test } from 'vitest';
import { dissect } from '../../dissectors/dissect.js';
import { encapsulationName, encapsulationOf } from '../../dissectors/encapsulations.js';
import { linkTypeText } from '../../dissectors/link-types.js';
import { liveReassembly } from '../../dissectors/reassembly/reassembly.js';
import { textOf } from '../../dissectors/wire/finding.js';
import { hex } from '../hex.js';

const dissected = (bytes: string, linkType: number, wire?: number) => {
  const view = hex(bytes);
  const limit = { captured: view.byteLength, wire: wire ?? view.byteLength };
  return dissect(view, 0, limit, linkType, 1, liveReassembly());
};

test.each([
  [190, '190 (CAN20B)'],
  [147, '147 (USER0)'],
  [60_000, '60000'],
])('a link type that is not dissected is named: %i', (linkType, text) => {
  const { layers, findings } = dissected('01020304', linkType);
  expect(layers).toMatchObject([{ name: 'data', at: 0, end: 4, facts: { type: 'link', linkType } }]);
  expect(findings.map(textOf)).toEqual([`link type ${text} is not dissected`]);
});

test('it is named for a frame of which nothing was captured, and beside what was cut', () => {
  expect(dissected('', 190, 4).findings.map(({ code }) => code)).toEqual(['link-type-unknown', 'truncated']);
  expect(dissected('', 190).findings.map(({ code }) => code)).toEqual(['link-type-unknown']);
});

test('a bare channel packet needs no link type', () => {
  const { layers, findings } = dissected('99838caa', 147, 100);
  expect(layers.map(({ name }) => name)).toEqual(['chan']);
  expect(findings.map(({ code }) => code)).toEqual(['truncated']);
});

test('data in a frame that is dissected has nothing to do with its link type', () => {
  const { layers, findings } = dissected('020000000002 020000000001 88b5 01020304', 1);
  expect(layers.map(({ name, facts }) => [name, facts])).toEqual([
    ['eth', undefined],
    ['data', undefined],
  ]);
  expect(findings).toEqual([]);
});

test.each([
  [1, '1 (ETHERNET)', 1, 'Ethernet'],
  [101, '101 (RAW)', 7, 'Raw IP'],
  [127, '127 (IEEE802_11_RADIOTAP)', 23, 'IEEE 802.11 plus radiotap radio header'],
  [276, '276 (LINUX_SLL2)', 210, 'Linux cooked-mode capture v2'],
  [301, '301 (DECT_NR)', 0, 'Unknown'],
  [60_000, '60000', 0, 'Unknown'],
])('link type %i has its registered name, and a number and a name in Wireshark', (linkType, text, number, name) => {
  expect(linkTypeText(linkType)).toBe(text);
  expect(encapsulationOf(linkType)).toBe(number);
  expect(encapsulationName(number)).toBe(name);
});
