import { ETHERTYPE_BRIDGED, ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from '../ethernet/ether-types.js';
import { looksLikeEthernet } from '../ethernet/guess.js';
import { headerDissector, type Next } from '../header.js';
import type { Context } from '../layer.js';
import { finding } from '../wire/finding.js';
import { fieldsOf } from '../wire/layout.js';
import { type Limit, within } from '../wire/stop.js';
import { optionalEnd, tellOptional } from './extensions.js';
import {
  CONTENTS,
  downlinkContainer,
  EXTENSION,
  extensionHead,
  gtpHeader,
  nextField,
  numberField,
  pagingPolicy,
  sequenceField,
  uplinkContainer,
} from './layout.js';

/** The port of its user plane. Source: 3GPP TS 29.281, section 4.4.2. */
export const PORT_GTP_USER = 2152;

const { fields, size } = gtpHeader;
const USER_DATA = 255;
/** The version, and the protocol type that is not that of GTP'. */
const VERSION_ONE = 0x30;

function next(view: DataView, at: number, end: number, limit: Limit, context: Context): Next {
  const length = fields.length.read(view, at);
  const inside = within(at + size, length, limit);
  const have = limit.wire - at - size;
  const findings =
    length > have && !context.quoted && !context.partial
      ? [finding('malformed', at + 2, at + 4, ['gtp.length', length, have], context.source)]
      : undefined;
  // What other messages carry are information elements, not a packet.
  if (fields.message.read(view, at) !== USER_DATA || end >= inside.wire) {
    return { at: limit.captured, table: 'none', key: 0, findings };
  }
  return { limit: inside, ...packetAt(view, end, inside), findings };
}

/** What a tunnel carries is told when it is set up: here its first bytes must do, as in Wireshark. */
function packetAt(view: DataView, at: number, limit: Limit): Next {
  const version = at < limit.captured ? view.getUint8(at) >>> 4 : 0;
  if (version === 4) return { table: 'ethertype', key: ETHERTYPE_IPV4 };
  if (version === 6) return { table: 'ethertype', key: ETHERTYPE_IPV6 };
  if (looksLikeEthernet(view, at, limit)) return { table: 'ethertype', key: ETHERTYPE_BRIDGED };
  return { table: 'payload', key: 0 };
}

export const gtp = headerDissector({
  name: 'gtp',
  title: 'GPRS Tunnelling Protocol',
  short: 'GTP',
  layout: gtpHeader,
  isMine: (view, at) => (view.getUint8(at) & 0xf0) === VERSION_ONE,
  tail: {
    fields: [
      ...fieldsOf(
        sequenceField,
        numberField,
        nextField,
        extensionHead,
        downlinkContainer,
        pagingPolicy,
        uplinkContainer,
        ...CONTENTS.values(),
      ),
      EXTENSION,
    ],
    end: optionalEnd,
    tell: tellOptional,
  },
  next,
  networkOf: (view, { at }) => `${fields.teid.read(view, at)}`,
  note: (view, at) => {
    const message = fields.message.read(view, at);
    return `${fields.message.names(message) ?? `message ${message}`}, TEID 0x${fields.teid.read(view, at).toString(16).padStart(8, '0')}`;
  },
});
