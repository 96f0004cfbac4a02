import type { Limit } from '../wire/stop.js';
import { ETHERTYPE_NAMES } from './ether-types.js';
import { ethernetHeader } from './layout.js';

/** Whether an Ethernet header at `at` would have an EtherType that is known: for tunnels that do not say what they carry. */
export const looksLikeEthernet = (view: DataView, at: number, { captured }: Limit): boolean =>
  at + ethernetHeader.size <= captured && ETHERTYPE_NAMES[ethernetHeader.fields.type.read(view, at)] !== undefined;
