import { bit, bytes, derived, ether, ipv4, ipv6, named, over, part, u8, u16, u32 } from '../wire/field.js';
import { layout } from '../wire/layout.js';
import { tellDerived } from '../wire/sink.js';
import { counted, type Data, domain, fixed, type Item, repeated, restBytes, restText, sized, special } from './data.js';
import { ALGORITHMS, DIGESTS, TYPES } from './numbers.js';
import { SERVICE_PARAMETERS } from './service.js';

/** Seconds since 1970, as they stand in signatures. */
const moment = (label: string) =>
  u32(label, 'dec', (seconds) => new Date(seconds * 1000).toISOString().replace('.000', ''));

const TYPE = named('dns.resp.type', u16('RR type in bit map', 'dec', TYPES));

/** The types that a bit map names, in windows of 256. Source: RFC 4034, section 4.1.2. */
const typeBitMap = special([TYPE], (sink, data) => {
  const { view, end } = data;
  while (data.at + 2 <= end) {
    const window = view.getUint8(data.at);
    const first = data.at + 2;
    const last = Math.min(first + view.getUint8(data.at + 1), end);
    for (let at = first; at < last && sink.wants(TYPE.path); at++) {
      for (let place = 0; place < 8; place++) {
        if ((view.getUint8(at) & (0x80 >>> place)) !== 0) {
          sink.value(TYPE, window * 256 + (at - first) * 8 + place, at, at + 1);
        }
      }
    }
    data.at = last;
  }
});

const KEY_ID = named('dns.dnskey.key_id', derived('Key id'));

/** What tells keys from each other: a sum over the record's data. Source: RFC 4034, appendix B. */
function keyTag({ view, end }: Data, at: number): number {
  let sum = 0;
  for (let place = at; place < end; place++)
    sum += (place - at) % 2 === 0 ? view.getUint8(place) << 8 : view.getUint8(place);
  return (sum + (sum >>> 16)) & 0xffff;
}

const dnskeyHead = layout('dns', {
  'dnskey.flags': over(u16('Flags', 'hex')),
  'dnskey.flags.zone_key': over(bit(u16('Zone key'), 0x0100)),
  'dnskey.flags.key_revoked': over(bit(u16('Key revoked'), 0x0080)),
  'dnskey.flags.secure_entry_point': over(bit(u16('Key signing key'), 0x0001)),
  'dnskey.flags.reserved': part(u16('Reserved', 'hex'), 0xfe7e),
  'dnskey.protocol': u8('Protocol'),
  'dnskey.algorithm': u8('Algorithm', 'dec', ALGORITHMS),
});
const keyId = special([KEY_ID], (sink, data) => {
  const at = data.at - dnskeyHead.size;
  if (data.at < data.end && sink.wants(KEY_ID.path)) tellDerived(sink, KEY_ID, keyTag(data, at), at, data.end);
});
const dnskey = [fixed(dnskeyHead), keyId, restBytes('dns.dnskey.public_key', 'Public key')];

const ds = [
  fixed(
    layout('dns', {
      'ds.key_id': u16('Key id', 'hex'),
      'ds.algorithm': u8('Algorithm', 'dec', ALGORITHMS),
      'ds.digest_type': u8('Digest type', 'dec', DIGESTS),
    }),
  ),
  restBytes('dns.ds.digest', 'Digest'),
];

const signature = [
  fixed(
    layout('dns', {
      'rrsig.type_covered': u16('Type covered', 'dec', TYPES),
      'rrsig.algorithm': u8('Algorithm', 'dec', ALGORITHMS),
      'rrsig.labels': u8('Labels'),
      'rrsig.original_ttl': u32('Original TTL'),
      'rrsig.signature_expiration': moment('Signature expiration'),
      'rrsig.signature_inception': moment('Signature inception'),
      'rrsig.key_tag': u16('Key tag'),
    }),
  ),
  domain('dns.rrsig.signers_name', "Signer's name"),
  restBytes('dns.rrsig.signature', 'Signature'),
];

const algorithm = { 'nsec3.algo': u8('Hash algorithm', 'dec', { 1: 'SHA-1' }) };
const iterations = { 'nsec3.iterations': u16('NSEC3 iterations'), 'nsec3.salt_length': u8('Salt length') };
const nsec3Head = fixed(
  layout('dns', {
    ...algorithm,
    'nsec3.flags': over(u8('NSEC3 flags')),
    'nsec3.flags.opt_out': bit(u8('NSEC3 opt-out'), 0x01),
    ...iterations,
  }),
);
const nsec3Parameters = fixed(layout('dns', { ...algorithm, 'nsec3.flags': u8('NSEC3 flags'), ...iterations }));
const salt = sized('dns.nsec3.salt_value', 'Salt value', 1, 1);
const HASH_LENGTH = named('dns.nsec3.hash_length', { ...derived('Hash length'), size: 1 });
const HASH = named('dns.nsec3.hash_value', derived('Next hashed owner', 'string'));
const DIGITS = '0123456789abcdefghijklmnopqrstuv';

/** Source: RFC 4648, section 7: base 32 with the extended hex alphabet, without padding. */
function base32(view: DataView, at: number, end: number): string {
  let text = '';
  let bits = 0;
  let word = 0;
  for (let place = at; place < end; place++) {
    word = (word << 8) | view.getUint8(place);
    bits += 8;
    for (; bits >= 5; bits -= 5) text += DIGITS[(word >>> (bits - 5)) & 31];
    word &= 31;
  }
  return bits > 0 ? text + DIGITS[(word << (5 - bits)) & 31] : text;
}

const nextHash = special([HASH_LENGTH, HASH], (sink, data) => {
  const { view, at, end } = data;
  if (at >= end) return;
  const size = view.getUint8(at);
  const last = Math.min(at + 1 + size, end);
  sink.value(HASH_LENGTH, size, at, at + 1);
  if (sink.wants(HASH.path)) sink.value(HASH, base32(view, at + 1, last), at + 1, last);
  data.at = last;
});

const service = [
  fixed(layout('dns', { 'svcb.svcpriority': u16('SvcPriority') })),
  domain('dns.svcb.targetname', 'TargetName'),
  SERVICE_PARAMETERS,
];

const TIME_SIGNED = named('dns.tsig.time_signed', derived('Time signed'));
/** In seconds since 1970, in 6 bytes. Source: RFC 8945, section 4.2. */
const timeSigned = special([TIME_SIGNED], (sink, data) => {
  const { view, at, end } = data;
  const last = Math.min(at + 6, end);
  if (last - at === 6) sink.value(TIME_SIGNED, view.getUint16(at) * 2 ** 32 + view.getUint32(at + 2), at, last);
  data.at = last;
});

const mailbox = (path: string, label: string): readonly Item[] => [domain(path, label)];
const preferred = (path: string, label: string, ...after: readonly Item[]): readonly Item[] => [
  fixed(layout('dns', { [path]: u16(label) })),
  ...after,
];
const texts = repeated(counted('dns.txt', 'TXT', 'dns.txt.length', 'TXT length'));

/** The data of records, by type. Sources: RFC 1035, section 3.3, and the RFC of each type, as IANA lists them. */
export const RECORDS: ReadonlyMap<number, readonly Item[]> = new Map<number, readonly Item[]>([
  [1, [fixed(layout('dns', { a: ipv4('Address') }))]],
  [2, mailbox('dns.ns', 'Name server')],
  [3, mailbox('dns.md', 'Mail destination')],
  [4, mailbox('dns.mf', 'Mail forwarder')],
  [5, mailbox('dns.cname', 'CNAME')],
  [
    6,
    [
      domain('dns.soa.mname', 'Primary name server'),
      domain('dns.soa.rname', "Responsible authority's mailbox"),
      fixed(
        layout('dns', {
          'soa.serial_number': u32('Serial number'),
          'soa.refresh_interval': u32('Refresh interval'),
          'soa.retry_interval': u32('Retry interval'),
          'soa.expire_limit': u32('Expire limit'),
          'soa.minimum_ttl': u32('Minimum TTL'),
        }),
      ),
    ],
  ],
  [7, mailbox('dns.mb', 'Mailbox')],
  [8, mailbox('dns.mg', 'Mail group member')],
  [9, mailbox('dns.mr', 'Mail rename domain')],
  [10, [restBytes('dns.null', 'Null (data)')]],
  [12, mailbox('dns.ptr.domain_name', 'Domain name')],
  [
    13,
    [
      counted('dns.hinfo.cpu', 'CPU', 'dns.hinfo.cpu_length', 'CPU length'),
      counted('dns.hinfo.os', 'OS', 'dns.hinfo.os_length', 'OS length'),
    ],
  ],
  [14, [domain('dns.minfo.r', 'Responsible mailbox'), domain('dns.minfo.e', 'Error mailbox')]],
  [15, preferred('mx.preference', 'Preference', domain('dns.mx.mail_exchange', 'Mail exchange'))],
  [16, [texts]],
  [17, [domain('dns.rp.mailbox', 'Mailbox'), domain('dns.rp.txt_rr', 'TXT RR')]],
  [18, preferred('afsdb.subtype', 'Subtype', domain('dns.afsdb.hostname', 'Hostname'))],
  [21, preferred('rt.subtype', 'Preference', domain('dns.rt.intermediate_host', 'Intermediate hostname'))],
  [24, signature],
  [28, [fixed(layout('dns', { aaaa: ipv6('AAAA address') }))]],
  [
    33,
    [
      fixed(layout('dns', { 'srv.priority': u16('Priority'), 'srv.weight': u16('Weight'), 'srv.port': u16('Port') })),
      domain('dns.srv.target', 'Target'),
    ],
  ],
  [
    35,
    [
      fixed(layout('dns', { 'naptr.order': u16('Order'), 'naptr.preference': u16('Preference') })),
      counted('dns.naptr.flags', 'Flags', 'dns.naptr.flags_length', 'Flags length'),
      counted('dns.naptr.service', 'Service', 'dns.naptr.service_length', 'Service length'),
      counted('dns.naptr.regex', 'Regex', 'dns.naptr.regex_length', 'Regex length'),
      domain('dns.naptr.replacement', 'Replacement'),
    ],
  ],
  [36, preferred('kx.preference', 'Preference', domain('dns.kx.key_exchange', 'Key exchange'))],
  [
    37,
    [
      fixed(
        layout('dns', {
          'cert.type': u16('Type'),
          'cert.key_tag': u16('Key tag', 'hex'),
          'cert.algorithm': u8('Algorithm', 'dec', ALGORITHMS),
        }),
      ),
      restBytes('dns.cert.certificate', 'Certificate (or CRL)'),
    ],
  ],
  [39, mailbox('dns.dname', 'Dname')],
  [43, ds],
  [
    44,
    [
      fixed(
        layout('dns', {
          'sshfp.algorithm': u8('Algorithm', 'dec', { 1: 'RSA', 2: 'DSA', 3: 'ECDSA', 4: 'Ed25519', 6: 'Ed448' }),
          'sshfp.fingerprint.type': u8('Fingerprint type', 'dec', { 1: 'SHA-1', 2: 'SHA-256' }),
        }),
      ),
      restBytes('dns.sshfp.fingerprint', 'Fingerprint'),
    ],
  ],
  [46, signature],
  [47, [domain('dns.nsec.next_domain_name', 'Next domain name'), typeBitMap]],
  [48, dnskey],
  [49, [restBytes('dns.dhcid.rdata', 'DHCID data')]],
  [50, [nsec3Head, salt, nextHash, typeBitMap]],
  [51, [nsec3Parameters, salt]],
  [
    52,
    [
      fixed(
        layout('dns', {
          'tlsa.certificate_usage': u8('Certificate usage'),
          'tlsa.selector': u8('Selector'),
          'tlsa.matching_type': u8('Matching type'),
        }),
      ),
      restBytes('dns.tlsa.certificate_association_data', 'Certificate association data'),
    ],
  ],
  [59, ds],
  [60, dnskey],
  [61, [restText('dns.openpgpkey', 'OpenPGP key')]],
  [
    63,
    [
      fixed(
        layout('dns', {
          'zonemd.serial': u32('Serial'),
          'zonemd.scheme': u8('Scheme'),
          'zonemd.hash_algo': u8('Hash algorithm'),
        }),
      ),
      restBytes('dns.zonemd.digest', 'Digest'),
    ],
  ],
  [64, service],
  [65, service],
  [99, [repeated(counted('dns.spf', 'SPF', 'dns.spf.length', 'SPF length'))]],
  [104, preferred('ilnp.nid.preference', 'Preference', restBytes('dns.ilnp.nid', 'Node id'))],
  [105, [fixed(layout('dns', { 'ilnp.l32.preference': u16('Preference'), 'ilnp.l32': ipv4('Locator32') }))]],
  [106, preferred('ilnp.l64.preference', 'Preference', restBytes('dns.ilnp.l64', 'Locator64'))],
  [107, preferred('ilnp.lp.preference', 'Preference', domain('dns.ilnp.lp', 'Locator FQDN'))],
  [108, [fixed(layout('dns', { eui48: ether('EUI-48 address') }))]],
  [109, [fixed(layout('dns', { eui64: bytes('EUI-64 address', 8) }))]],
  [
    250,
    [
      domain('dns.tsig.algorithm_name', 'Algorithm name'),
      timeSigned,
      fixed(
        layout('dns', {
          'tsig.fudge': u16('Fudge'),
          'tsig.mac_size': u16('MAC size'),
        }),
      ),
      sized('dns.tsig.mac', 'MAC', 2, 2),
      fixed(
        layout('dns', {
          'tsig.original_id': u16('Original id'),
          'tsig.error': u16('Error'),
          'tsig.other_len': u16('Other length'),
        }),
      ),
      sized('dns.tsig.other_data', 'Other data', 2, 2),
    ],
  ],
  [
    257,
    [
      fixed(
        layout('dns', {
          'caa.flags': over(u8('CAA flags', 'hex')),
          'caa.flags.issuer_critical': bit(u8('Issuer critical'), 0x80),
        }),
      ),
      counted('dns.caa.tag', 'Tag', 'dns.caa.tag_length', 'Tag length'),
      restText('dns.caa.value', 'Value'),
    ],
  ],
]);

const unknown: readonly Item[] = [restBytes('dns.data', 'Data')];

/** The items that the data of a record of this type is made of. */
export const itemsOf = (type: number): readonly Item[] => RECORDS.get(type) ?? unknown;

export const RECORD_ITEMS: readonly Item[] = [...[...RECORDS.values()].flat(), ...unknown];
