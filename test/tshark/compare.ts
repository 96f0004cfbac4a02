import { openReading, packetsOf } from '../../analyzer/commands/reading.js';
import { knownFields } from '../../analyzer/print/known-fields.js';
import { fieldValues } from '../analyzer/print/tree-values.js';
import { isOnRequest } from '../on-request.js';
import { tsharkFields, tsharkNames } from './tshark.js';

/** Fields of the same name that mean another thing, and why. */
const OTHERS: readonly RegExp[] = [
  // Our own protocol, tracker and findings.
  /^(chan|channel|expert)\b/,
  // ISO 8601 here, words there; and the layers have other names, such as the inner workings of tshark.
  /^frame\.(time|protocols)$/,
  // Seconds since 1970 here, words there.
  /^(dns\.(rrsig\.signature_(expiration|inception)|tsig\.time_signed)|ceph\.msg\.mon_paxos\.(sent|lease))$/,
  // Text there, nothing at all, and always two bytes.
  /^(ip\.opt\.sec_rfc791_(hr|tcc)|icmpv6\.opt\.reserved|llc\.control)$/,
  // Marks of what is there, without a value.
  /^(wg\.encrypted_(static|timestamp|empty|packet)|udpencap\.(nat_keepalive|non_esp_marker)|isakmp\.enc\.data)$/,
  // Marks of groups, which have no value there.
  /^d?tls\.(record|handshake|change_cipher_spec|alert_message)$/,
  /^d?tls\.handshake\.(ciphersuites|comp_methods|sig_hash_algs|certificates|cert_types|extensions\.psk\.binders)$/,
  /^d?tls\.handshake\.extensions_(alpn_list|supported_groups|ec_point_formats)$/,
  // A time in words; and payloads that are told by others where they are known.
  /^(openvpn\.net_time|isakmp\.datapayload)$/,
];

/** Fields of ours that tshark has as well, with the same meaning. */
export function commonFields(): readonly string[] {
  const theirs = tsharkNames();
  return [...knownFields().keys()].filter(
    (name) => theirs.has(name) && !isOnRequest(name) && !OTHERS.some((other) => other.test(name)),
  );
}

type Values = readonly string[];

/** What else is known of a packet. */
interface Told {
  readonly findings: ReadonlySet<string>;
  readonly layers: Values;
  /** Whether an error message quotes another packet. */
  readonly quoted: boolean;
  /** Whether the capture kept less than was sent. */
  readonly cut: boolean;
  /** Whether it is a fragment that others follow. */
  readonly fragment: boolean;
}

/** One packet: for each field its values. */
export type Row = readonly Values[];

/** The values of fields as we print them, and the codes of the packet's findings and its layers. */
export async function ourFields(path: string, fields: readonly string[]) {
  const reading = await openReading(path, { secrets: [], track: false, field: ['tcp.analysis'], color: 'never' });
  const rows: { readonly values: Row; readonly told: Told }[] = [];
  try {
    for await (const next of packetsOf(reading)) {
      for (let packet = next(); packet; packet = next()) {
        const here = packet;
        const { layers, findings } = packet.dissection;
        rows.push({
          values: fields.map((field) => fieldValues(here, field).map(({ text }) => text)),
          told: {
            findings: new Set(findings.map(({ code }) => code)),
            layers: layers.map(({ name }) => name),
            quoted: layers.some((layer) => layer.quoted),
            cut: packet.captured < packet.wire,
            fragment: fieldValues(packet, 'ip.flags.mf').some(({ value }) => value === true),
          },
        });
        // Every packet is shown, as tshark shows it: the next one's time counts from it.
        packet.timeline?.shown();
      }
    }
  } finally {
    await reading.capture.close();
  }
  return rows;
}

const same = (one: Values, other: Values): boolean =>
  one.length === other.length && one.every((value, place) => value === other[place]);

const startsWith = (one: Values, start: Values): boolean => same(one.slice(0, start.length), start);

/** Whether some values are among others, in their order. */
function isAmong(some: Values, all: Values): boolean {
  let place = 0;
  for (const value of all) if (value === some[place]) place++;
  return place === some.length;
}

/** What ends reading early, or makes others guess: there as much is shown as fits, and here as much as makes sense. */
const BROKEN = ['malformed', 'ip-version-bad', 'too-deep'];

/** Whether values that differ do so on purpose, and why. */
function isMeant(field: string, ours: Values, theirs: Values, told: Told): boolean {
  const { findings, layers, quoted, cut, fragment } = told;
  // In a broken or cut packet one of the two may show more, but neither contradicts the other.
  const broken = cut || BROKEN.some((code) => findings.has(code));
  if (broken && (startsWith(ours, theirs) || startsWith(theirs, ours))) return true;
  // What a session of L2TPv3 carries is not told, and not guessed there.
  if (layers.includes('l2tp') && startsWith(ours, theirs)) return true;
  // Whether a control word comes before a frame under labels is guessed there by the makers of network cards.
  if (layers.some((name, place) => name === 'mpls' && /^(eth|pwethcw)$/.test(layers[place + 1] ?? ''))) return true;
  // There a length of 0 is replaced at once, and nothing is judged.
  const guessed = field.startsWith('data.') || field === 'ip.len' || field.endsWith('checksum.status');
  if (cut && guessed) return true;
  // The numbers in the first fragment of a segment have no stream to be relative to.
  if (cut && fragment && /^tcp\.(seq|ack)$/.test(field)) return true;
  // The control channel of OpenVPN is read on there, and so are names in messages of NetBIOS.
  if (field.startsWith('tls.') && layers.includes('openvpn')) return true;
  if (field.startsWith('dns.') && layers.includes('nbns')) return true;
  // What counts more records than it has room for is no DNS here, whatever the port.
  if (field.startsWith('dns.') && ours.length === 0 && !layers.includes('dns')) return true;
  // A ClientHello that comes again after a Retry is not read there, nor is a packet behind one whose tag is wrong.
  if (/^(tls|quic)\./.test(field) && layers.includes('quic') && startsWith(ours, theirs)) return true;
  // The connection id of that packet is part of its payload there.
  const isTail = (value: string, place: number) => theirs[place]?.replaceAll(':', '').endsWith(value) === true;
  if (field === 'quic.remaining_payload' && ours.length === theirs.length && ours.every(isTail)) return true;
  // Service tags are fields of `ieee8021ad` there, and tags like the others here.
  if (field.startsWith('vlan.') && same(ours.slice(ours.length - theirs.length), theirs)) return true;
  if (field === 'ieee8021ah.etype' && !layers.includes('ieee8021ah')) return true;
  // The direction is taken out of a PPP frame there.
  if (/^frame\.(cap_)?len$/.test(field) && layers[0] === 'ppp' && Number(ours[0]) === Number(theirs[0]) + 1)
    return true;
  // Options of unknown types have no fields there.
  if (/^ip\.opt\.(type|len)|\.unknown\b/.test(field) && isAmong(theirs, ours)) return true;
  // Attributes of unknown types have no fields there.
  if (field.startsWith('stun.') && isAmong(theirs, ours)) return true;
  // The counter of R1 packets has the number of an older draft there.
  if (field.startsWith('hip.tlv.r1_') && theirs.length === 0) return true;
  // A pcapng file that does not name an interface has one of that name there.
  if (field === 'frame.interface_name' && same(theirs, ['unknown'])) return true;
  // What follows a datagram in its packet is part of the payload there, and what an error message quotes is.
  if (
    field === 'udp.payload' &&
    startsWith(
      theirs.map((value, place) => value.slice(0, ours[place]?.length)),
      ours,
    )
  ) {
    return true;
  }
  // What OpenVPN's control packets carry is given to TLS there, whatever piece of it that is.
  if (layers.includes('openvpn') && field.startsWith('tls.')) return true;
  if (field === 'openvpn.data' && theirs.length === 0) return true;
  // Channel packets are plain data there; and what one of the two cannot name is plain data for it.
  if (field.startsWith('data.') && (layers.includes('chan') || ours.length === 0 || theirs.length === 0)) return true;
  if (field === 'icmpv6.data' && ours.length === 0) return true;
  // What an error message quotes is judged less there, and its numbers have no stream to be relative to.
  if (quoted && (field.startsWith('tcp.seq') || field.endsWith('checksum.status'))) return true;
  // Frames of 3 bytes have no LLC header that we would show.
  if (field.startsWith('llc.') && ours.length === 0) return true;
  // A checksum left to the network card is bad there.
  if (/\.checksum\.status$/.test(field) && findings.has('checksum-offloaded')) return true;
  // That a receiver accepts a checksum of zero is not known there.
  if (field === 'sctp.checksum.status' && same(ours, ['3'])) return true;
  // Link-layer addresses of any length are written with colons there.
  return same(
    ours,
    theirs.map((value) => value.replaceAll(':', '')),
  );
}

/** tshark writes out that bytes are none. */
const plain = (values: Values): Values =>
  values.flatMap((value) => (value === '<none>' || value === '<MISSING>' ? [] : [value]));
const known = (values: Values): Values => values.filter((value) => value !== '');

/** Where the two programs differ, one line a field of a packet. */
export async function disagreements(
  path: string,
  fields: readonly string[],
  settings: string,
): Promise<readonly string[]> {
  const [theirs, ours] = await Promise.all([tsharkFields(path, fields, settings), ourFields(path, fields)]);
  const found: string[] = theirs.length === ours.length ? [] : [`${ours.length} packets, tshark has ${theirs.length}`];
  for (const [row, { values, told }] of ours.entries()) {
    for (const [place, field] of fields.entries()) {
      const own = known(values[place] ?? []);
      const other = plain(theirs[row]?.[place] ?? []);
      if (same(own, other) || isMeant(field, own, other, told)) continue;
      found.push(`packet ${row + 1}: ${field}: ${own.join()}; tshark: ${other.join()}`);
    }
  }
  return found;
}
