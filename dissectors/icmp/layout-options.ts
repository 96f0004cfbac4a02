import { bit, bytes, derived, ipv6 as ipv6Address, named, over, part, u8, u16, u32 } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';
import { PREFERENCE_NAMES } from './layout-v6.js';

const OPTION_NAMES: Readonly<Record<number, string>> = {
  1: 'source link-layer address',
  2: 'target link-layer address',
  3: 'prefix information',
  4: 'redirected header',
  5: 'MTU',
  7: 'advertisement interval',
  8: 'home agent information',
  9: 'source addresses',
  10: 'target addresses',
  11: 'CGA',
  12: 'RSA signature',
  13: 'timestamp',
  14: 'nonce',
  24: 'route information',
  25: 'recursive DNS servers',
  26: 'flags expansion',
  31: 'DNS search list',
  33: 'address registration',
  34: '6LoWPAN context',
  37: 'captive portal',
  38: 'PREF64',
};

const option = { 'opt.type': u8('Type', 'dec', OPTION_NAMES), 'opt.length': u8('Length') };
const gap = (size: number) => ({ 'opt.reserved': bytes('Reserved', size) });

/** What every option starts with; its length counts words of 8 bytes, this one included. Source: RFC 4861, section 4.6. */
export const optionHead = layout('icmpv6', option);
export const redirectedOption = layout('icmpv6', { ...option, ...gap(6) });
const serversOption = { ...option, ...gap(2), 'opt.rdnss.lifetime': u32('Lifetime') };
const searchOption = { ...option, ...gap(2), 'opt.dnssl.lifetime': u32('Lifetime') };

/** Options of a fixed start, by type; what is left of them is in `DERIVED`. Sources: RFCs 4861, 4191, 6275, 8106, 8781. */
export const OPTIONS: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [
    3,
    layout('icmpv6', {
      ...option,
      'opt.prefix.length': u8('Prefix length'),
      'opt.prefix.flag': over(u8('Flags', 'hex')),
      'opt.prefix.flag.l': over(bit(u8('On link'), 0x80)),
      'opt.prefix.flag.a': over(bit(u8('Autonomous'), 0x40)),
      'opt.prefix.flag.r': over(bit(u8('Router address'), 0x20)),
      'opt.prefix.flag.reserved': part(u8('Reserved'), 0x1f),
      'opt.prefix.valid_lifetime': u32('Valid lifetime'),
      'opt.prefix.preferred_lifetime': u32('Preferred lifetime'),
      ...gap(4),
      'opt.prefix': ipv6Address('Prefix'),
    }),
  ],
  [4, redirectedOption],
  [5, layout('icmpv6', { ...option, ...gap(2), 'opt.mtu': u32('MTU') })],
  [7, layout('icmpv6', { ...option, ...gap(2), 'opt.advertisement_interval': u32('Interval') })],
  [
    8,
    layout('icmpv6', {
      ...option,
      ...gap(2),
      'opt.home_agent_preference': u16('Preference'),
      'opt.home_agent_lifetime': u16('Lifetime'),
    }),
  ],
  [
    24,
    layout('icmpv6', {
      ...option,
      'opt.prefix.length': u8('Prefix length'),
      'opt.route_info.flag': over(u8('Flags', 'hex')),
      'opt.route_info.flag.route_preference': over(part(u8('Preference', 'dec', PREFERENCE_NAMES), 0x18)),
      'opt.route_info.flag.reserved': part(u8('Reserved'), 0xe7),
      'opt.route_lifetime': u32('Lifetime'),
    }),
  ],
  [25, layout('icmpv6', serversOption)],
  [31, layout('icmpv6', searchOption)],
  [
    38,
    layout('icmpv6', {
      ...option,
      'opt.pref64.scaled_lifetime': over(part(u16('Lifetime, in units of 8 s'), 0xfff8)),
      'opt.pref64.plc': part(u16('Prefix length code', 'hex'), 0x0007),
    }),
  ],
]);

/** Fields that only their message can place. */
export const DERIVED = {
  linkAddress: named('icmpv6.opt.linkaddr', derived('Link-layer address', 'bytes', 'hex')),
  prefix: named('icmpv6.opt.prefix', derived('Prefix', 'ipv6')),
  server: named('icmpv6.opt.rdnss', derived('Server', 'ipv6')),
  domain: named('icmpv6.opt.dnssl', derived('Domain', 'string')),
  nonce: named('icmpv6.opt.nonce', derived('Nonce', 'bytes', 'hex')),
  portal: named('icmpv6.opt.captive_portal', derived('Captive portal', 'string')),
  pref64: named('icmpv6.opt.pref64.prefix', derived('Prefix', 'ipv6')),
  data: named('icmpv6.data', derived('Data', 'bytes', 'hex')),
};
