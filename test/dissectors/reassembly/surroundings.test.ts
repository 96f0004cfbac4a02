import { expect, test } from 'vitest';
import { dissect } from '../../../dissectors/dissect.js';
import { liveReassembly } from '../../../dissectors/reassembly/reassembly.js';
import { LINK_TYPE_ETHERNET } from '../../../dissectors/registry.js';
import { fromHex, hexOf, viewOf } from '../../../dissectors/wire/view.js';

const MACS = '020000000001020000000002';
const VLAN_7 = '8100 0007';
const VLAN_8 = '8100 0008';
/** The same VLAN at another priority. */
const VLAN_7_URGENT = '8100 e007';
/** An IPv4 header of protocol 4, IPv4 in IPv4; its length is left to the network card. */
const tunnelFrom = (last: string) => `0800 45000000 0000 0000 40 04 0000 0a0000${last} 0a0000ff`;
/** Two fragments of UDP, 8 bytes each: addresses, identification and protocol are those of all others here. */
const FIRST = (text: string) => `45000024 1234 2000 40 11 0000 c0000201 c0000202 00070008 0018 0000 ${text}`;
const SECOND = (text: string) => `4500001c 1234 0002 40 11 0000 c0000201 c0000202 ${text}`;

/** The payloads that are put together of frames, in their order. */
function payloads(frames: readonly string[]): readonly string[] {
  const reassembly = liveReassembly();
  return frames.flatMap((hex, place) => {
    const view = viewOf(fromHex(hex.replaceAll(' ', '')));
    const limit = { captured: view.byteLength, wire: view.byteLength };
    const { sources } = dissect(view, 0, limit, LINK_TYPE_ETHERNET, place + 1, reassembly);
    return sources.slice(1).map((source) => hexOf(source.view, 8, source.view.byteLength));
  });
}

const A = 'aaaaaaaaaaaaaaaa';
const B = 'bbbbbbbbbbbbbbbb';
const C = 'cccccccccccccccc';
const D = 'dddddddddddddddd';

test.each([
  ['two VLANs', `${MACS}${VLAN_7}0800`, `${MACS}${VLAN_8}0800`],
  ['a VLAN and none', `${MACS}${VLAN_7}0800`, `${MACS}0800`],
  ['two customers in service VLANs', `${MACS}88a80009${VLAN_7}0800`, `${MACS}88a8000a${VLAN_7}0800`],
  ['two PPPoE sessions', `${MACS}8864 1100 0001 0026 0021`, `${MACS}8864 1100 0002 0026 0021`],
  ['two services of a provider', `${MACS}88e7 00000001 ${MACS} 0800`, `${MACS}88e7 00000002 ${MACS} 0800`],
  ['two tunnels', `${MACS}${tunnelFrom('01')}`, `${MACS}${tunnelFrom('02')}`],
])('fragments of %s are not joined, however alike they are', (_, one, other) => {
  const frames = [`${one}${FIRST(A)}`, `${other}${FIRST(B)}`, `${one}${SECOND(C)}`, `${other}${SECOND(D)}`];
  expect(payloads(frames)).toEqual([A + C, B + D]);
  expect(payloads([`${one}${FIRST(A)}`, `${other}${SECOND(D)}`])).toEqual([]);
});

test('fragments of one VLAN are joined whatever their priorities', () => {
  expect(payloads([`${MACS}${VLAN_7}0800${FIRST(A)}`, `${MACS}${VLAN_7_URGENT}0800${SECOND(C)}`])).toEqual([A + C]);
});
