import { bridged } from './bcp/dissect.js';
import { chdlc } from './chdlc/dissect.js';
import { LINK_TYPE_CHDLC } from './chdlc/link-type.js';
import { enc } from './enc/dissect.js';
import {
  ETHERTYPE_JUMBO_LLC,
  ETHERTYPE_PPPOE_DISCOVERY,
  ETHERTYPE_PPPOE_SESSION,
  ETHERTYPE_SERVICE_INSTANCE,
  ETHERTYPE_VN_TAG,
} from './ethernet/ether-types.js';
import { frameRelay } from './frame-relay/dissect.js';
import { ieee8021ah } from './ieee8021ah/dissect.js';
import type { Dissector } from './layer.js';
import { llc } from './llc/dissect.js';
import { LINK_TYPE_LLC } from './llc/link-type.js';
import { nflog } from './nflog/dissect.js';
import { pflog } from './pflog/dissect.js';
import { ppi } from './ppi/dissect.js';
import { ppp } from './ppp/dissect.js';
import {
  LINK_TYPE_PPP,
  LINK_TYPE_PPP_BARE,
  LINK_TYPE_PPP_ETHER,
  LINK_TYPE_PPP_PPPD,
  LINK_TYPE_PPP_SERIAL,
  LINK_TYPE_PPP_WITH_DIR,
} from './ppp/link-types.js';
import { pppoed, pppoes } from './pppoe/dissect.js';
import { avs, prism } from './prism/dissect.js';
import { radiotap } from './radiotap/dissect.js';
import { vntag } from './vntag/dissect.js';
import { wlanAggregate } from './wlan/aggregate.js';
import { wlan } from './wlan/dissect.js';
import {
  LINK_TYPE_AGGREGATE,
  LINK_TYPE_AVS,
  LINK_TYPE_PPI,
  LINK_TYPE_PRISM,
  LINK_TYPE_RADIOTAP,
  WLAN_KEYS,
} from './wlan/link-types.js';

type Lead = readonly [key: number, dissector: Dissector];

/** What the link types of lines other than Ethernet lead to. Source: tcpdump.org, "Link-Layer Header Types". */
export const LINES: readonly Lead[] = [
  [LINK_TYPE_PPP, ppp],
  [LINK_TYPE_PPP_SERIAL, ppp],
  [LINK_TYPE_PPP_ETHER, pppoes],
  [LINK_TYPE_LLC, llc],
  [LINK_TYPE_CHDLC, chdlc],
  [107, frameRelay],
  [109, enc],
  [117, pflog],
  [LINK_TYPE_PRISM, prism],
  [LINK_TYPE_RADIOTAP, radiotap],
  [LINK_TYPE_AVS, avs],
  [LINK_TYPE_PPP_PPPD, ppp],
  [LINK_TYPE_PPI, ppi],
  [LINK_TYPE_PPP_WITH_DIR, ppp],
  [239, nflog],
  [LINK_TYPE_PPP_BARE, ppp],
  [LINK_TYPE_AGGREGATE, wlanAggregate],
  ...WLAN_KEYS.map((key) => [key, wlan] as const),
];

/** What the EtherTypes of tags and of PPP lead to. */
export const TAGS: readonly Lead[] = [
  [ETHERTYPE_PPPOE_DISCOVERY, pppoed],
  [ETHERTYPE_PPPOE_SESSION, pppoes],
  [ETHERTYPE_JUMBO_LLC, llc],
  [ETHERTYPE_SERVICE_INSTANCE, ieee8021ah],
  [ETHERTYPE_VN_TAG, vntag],
];

/** The dissectors of both, lowest layer first. */
export const LINK_DISSECTORS: readonly Dissector[] = [
  radiotap,
  prism,
  avs,
  ppi,
  wlan,
  wlanAggregate,
  llc,
  vntag,
  ieee8021ah,
  pppoed,
  pppoes,
  ppp,
  bridged,
  chdlc,
  frameRelay,
  nflog,
  pflog,
  enc,
];
