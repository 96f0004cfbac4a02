import { isLength } from '../../dissectors/ethernet/ether-types.js';
import { ethernetHeader } from '../../dissectors/ethernet/layout.js';
import { ipv4Header } from '../../dissectors/ipv4/layout.js';
import type { Layer } from '../../dissectors/layer.js';
import { udpHeader } from '../../dissectors/udp/layout.js';
import type { Layout } from '../../dissectors/wire/layout.js';
import type { Packet } from './packet.js';

/** The layouts of headers that may be all there is to tell of a layer, but for the verdict on the checksum. */
export const PLAIN_LAYOUTS: readonly Layout[] = [ethernetHeader, ipv4Header, udpHeader];

/** Wireshark's number for a good checksum. */
export const GOOD = 1;

/**
 * The layout whose fields are all that the tree of a layer has, and whose checksum, if it has one, is good; undefined for
 * a layer with anything unusual about it: options, damage, another protocol.
 */
export function plainLayout(
  { dissection }: Packet,
  { name, at, end, source, stop, facts, limit, quoted }: Layer,
): Layout | undefined {
  const view = dissection.sources[source]?.view;
  if (!view || stop || quoted || end > limit.captured) return undefined;
  switch (name) {
    case 'eth':
      return isLength(ethernetHeader.fields.type.read(view, at)) ? undefined : ethernetHeader;
    case 'ip': {
      const { version, hdr_len, len } = ipv4Header.fields;
      const usual =
        version.read(view, at) === 4 && hdr_len.read(view, at) === ipv4Header.size && len.read(view, at) > 0;
      const bad = dissection.findings.some(({ code }) => code === 'ip-checksum-bad');
      return usual && !bad ? ipv4Header : undefined;
    }
    case 'udp':
      return facts?.type === 'checksum' && facts.status === 'good' ? udpHeader : undefined;
    default:
      return undefined;
  }
}
