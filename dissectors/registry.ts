import { ethernet } from './ethernet/dissect.js';
import {
  ETHERTYPE_IPV4,
  ETHERTYPE_OLD_SERVICE_VLAN,
  ETHERTYPE_SERVICE_VLAN,
  ETHERTYPE_VLAN,
} from './ethernet/ether-types.js';
import { ipv4 } from './ipv4/dissect.js';
import { PROTOCOL_IPV4, PROTOCOL_UDP } from './ipv4/protocols.js';
import type { Dissector, LayerName, Table } from './layer.js';
import { udp } from './udp/dissect.js';
import { vlan } from './vlan/dissect.js';

type Leads = ReadonlyMap<number, Dissector>;

/** Source: tcpdump.org, "Link-Layer Header Types". */
const LINK_TYPES: Leads = new Map([
  [1, ethernet],
  [228, ipv4],
]);

const ETHERTYPES: Leads = new Map([
  [ETHERTYPE_IPV4, ipv4],
  [ETHERTYPE_VLAN, vlan],
  [ETHERTYPE_SERVICE_VLAN, vlan],
  [ETHERTYPE_OLD_SERVICE_VLAN, vlan],
]);

const PROTOCOLS: Leads = new Map([
  [PROTOCOL_IPV4, ipv4],
  [PROTOCOL_UDP, udp],
]);

/** The dissectors of this registry. */
export const DISSECTORS: readonly Dissector[] = [ethernet, vlan, ipv4, udp];

/** The dissector of that name, if it is one of this registry's: channel packets and plain data have none. */
export const dissectorNamed = (name: LayerName): Dissector | undefined =>
  DISSECTORS.find((dissector) => dissector.name === name);

/** The dissector that a table's key leads to, if any does; `payload` and `none` lead to none. */
export function dissectorFor(table: Table, key: number): Dissector | undefined {
  switch (table) {
    case 'link':
      return LINK_TYPES.get(key);
    case 'ethertype':
      return ETHERTYPES.get(key);
    case 'ip.proto':
      return PROTOCOLS.get(key);
    case 'payload':
    case 'none':
      return undefined;
  }
}
