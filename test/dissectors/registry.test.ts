import { expect, test } from 'vitest';
import type { LayerName, Table } from '../../dissectors/layer.js';
import { DISSECTORS, dissectorFor, dissectorNamed } from '../../dissectors/registry.js';
import { hex } from '../hex.js';

test.each<[Table, number, LayerName]>([
  ['link', 0, 'null'],
  ['link', 1, 'eth'],
  ['link', 108, 'null'],
  ['link', 113, 'sll'],
  ['link', 228, 'ip'],
  ['link', 229, 'ipv6'],
  ['link', 276, 'sll'],
  ['ethertype', 0x0800, 'ip'],
  ['ethertype', 0x0806, 'arp'],
  ['ethertype', 0x8100, 'vlan'],
  ['ethertype', 0x86dd, 'ipv6'],
  ['ethertype', 0x88a8, 'vlan'],
  ['ethertype', 0x9100, 'vlan'],
  ['ip.proto', 1, 'icmp'],
  ['ip.proto', 4, 'ip'],
  ['ip.proto', 6, 'tcp'],
  ['ip.proto', 17, 'udp'],
  ['ip.proto', 41, 'ipv6'],
  ['ip.proto', 58, 'icmpv6'],
  ['ip.proto', 132, 'sctp'],
])('%s %i leads to %s', (table, key, name) => {
  expect(dissectorFor(table, key)?.name).toBe(name);
});

test.each([12, 14, 101])('raw IP, link type %i, tells its version in its first byte', (linkType) => {
  expect(dissectorFor('link', linkType, hex('45'), 0)?.name).toBe('ip');
  expect(dissectorFor('link', linkType, hex('ee60'), 1)?.name).toBe('ipv6');
  expect(dissectorFor('link', linkType, hex(''), 0)?.name).toBe('ip');
});

test.each<[Table, number]>([
  ['link', 147], // USER0: a bare channel packet
  ['link', 65_535],
  ['ethertype', 0],
  ['ip.proto', 60],
  ['payload', 17],
  ['none', 0],
])('%s %i leads to no dissector', (table, key) => {
  expect(dissectorFor(table, key)).toBeUndefined();
});

test('every dissector is found by its name, and no field is declared twice', () => {
  for (const dissector of DISSECTORS) {
    expect(dissectorNamed(dissector.name)).toBe(dissector);
    const paths = dissector.fields.map(({ path }) => path);
    expect(paths.filter((path, index) => paths.indexOf(path) !== index)).toEqual([]);
  }
  expect(dissectorNamed('chan')).toBeUndefined();
  expect(dissectorNamed('data')).toBeUndefined();
});
