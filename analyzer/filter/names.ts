import { CODES } from '../../dissectors/channel/messages.js';
import { DISSECTORS } from '../../dissectors/registry.js';
import type { Field } from '../../dissectors/wire/field.js';
import { SEVERITIES } from '../../dissectors/wire/finding.js';
import { pathsOf } from '../print/fields.js';
import { isHeading, knownFields, nearestField } from '../print/known-fields.js';
import { isDuration, isPresence } from '../print/tell-segment.js';
import { ownValues } from './own-values.js';
import { plain, type Type } from './types.js';

/** A field or a layer that a filter names. */
export interface Named {
  readonly name: string;
  /** The fields that it stands for; a layer has itself. */
  readonly paths: readonly string[];
  readonly type: Type;
}

/** The names of layers without a dissector of their own. */
const MORE_LAYERS: ReadonlySet<string> = new Set(['frame', 'chan', 'data']);

/** Looks up the names of one filter. */
export class Names {
  private readonly fields = knownFields();

  /** What a name stands for, if it stands for anything. */
  find(name: string): Named | undefined {
    if (MORE_LAYERS.has(name) || DISSECTORS.some((dissector) => dissector.name === name)) {
      return { name, paths: [name], type: plain('layer') };
    }
    if (isHeading(name)) return { name, paths: [name], type: plain('heading') };
    const paths = pathsOf(name);
    const [path = name] = paths;
    const field = this.fields.get(path);
    return field && { name, paths, type: typeOf(path, field) };
  }

  /** The name that may have been meant by one that is not known. */
  nearest(name: string): string | undefined {
    return nearestField(name);
  }
}

const isOwn = (path: string): boolean => /^(?:chan|channel|handshake|expert)\./.test(path);

/** The type of a field's values. */
function typeOf(path: string, field: Field): Type {
  const own = isOwn(path);
  if (path === 'frame.time') return plain('time');
  if (isDuration(path)) return plain('duration');
  if (isPresence(path)) return plain('heading');
  switch (field.kind) {
    case 'uint':
      return {
        kind: 'uint',
        size: numberSize(path, field),
        own,
        named: enumerated(path, field),
        ...(path === MESSAGE_TYPE && { values: [...SHORT_CODES.keys()] }),
      };
    case 'id':
      return { kind: 'id', size: idSize(field), own };
    case 'bool':
      return { kind: 'bool', size: 0, own, named: (name) => truth(path, name) };
    case 'string':
      return stringType(path, own);
    default:
      return { kind: field.kind, size: 0, own };
  }
}

function stringType(path: string, own: boolean): Type {
  const values = ownValues(path);
  return {
    kind: 'string',
    size: 0,
    own,
    ...(values && { values }),
    ...(path === 'expert.severity' && { order: SEVERITIES }),
  };
}

/** The bytes of a number; one that is worked out has as many as in Wireshark. */
function numberSize(path: string, { size }: Field): number {
  if (typeof size !== 'number') return 8;
  if (size > 0) return size;
  if (path.endsWith('.checksum.status')) return 1;
  return path.endsWith('.len_oct') ? 2 : (DERIVED_SIZES.get(path) ?? 4);
}

const DERIVED_SIZES: ReadonlyMap<string, number> = new Map([
  ['icmp.length.original_datagram', 1],
  ['tcp.options.sack.count', 1],
  ['tcp.options.wscale.multiplier', 2],
]);

const idSize = ({ size, mask }: Field): number =>
  mask === 0
    ? typeof size === 'number'
      ? size
      : 4
    : Math.ceil((32 - Math.clz32(mask >>> (31 - Math.clz32(mask & -mask)))) / 8);

const MESSAGE_TYPE = 'chan.msg.type';

const SHORT_CODES: ReadonlyMap<string, number> = new Map(
  Object.entries(CODES).flatMap(([name, code]) => [
    [name.toLowerCase(), code],
    [name.toLowerCase().replace(/^(?:channel|data)_/, ''), code],
  ]),
);

/** The most values that are asked for their name. */
const MOST_VALUES = 0x1_0000;

/** What finds the number of a name; the names are gathered when one is first asked for. */
function enumerated(path: string, field: Field): (name: string) => number | undefined {
  if (path === MESSAGE_TYPE) return (name) => SHORT_CODES.get(name);
  let known: Map<string, number> | undefined;
  return (name) => {
    if (!known) {
      known = new Map();
      const most = Math.min(MOST_VALUES, 2 ** (8 * numberSize(path, field)));
      for (let value = most - 1; value >= 0; value--) {
        const text = field.names(value);
        if (text !== undefined) known.set(text.toLowerCase(), value);
      }
    }
    return known.get(name);
  };
}

/** What Wireshark calls the two values of a flag. */
function truth(path: string, name: string): number | undefined {
  const [yes, no] = TRUTHS.find(([paths]) => paths.test(path))?.[1] ?? SET;
  return name === yes ? 1 : name === no ? 0 : undefined;
}

const SET = ['set', 'not set'] as const;

const TRUTHS: readonly (readonly [paths: RegExp, names: readonly [yes: string, no: string]])[] = [
  [/\.ig$/, ['group address (multicast/broadcast)', 'individual address (unicast)']],
  [
    /\.lg$/,
    ['locally administered address (this is not the factory default)', 'globally unique address (factory default)'],
  ],
  [/^(?:arp\.|ipv6\.opt\.rpl\.|shim6\.p$|icmpv6\.mld\.)/, ['true', 'false']],
  [/^(?:ip\.opt\.type\.copy|ipv6\.opt\.type\.change|ipv6\.fraghdr\.more)$/, ['yes', 'no']],
  [/^vlan\.dei$/, ['eligible', 'ineligible']],
  [/^tcp\.options\.user_to_granularity$/, ['minutes', 'seconds']],
  [/^sctp\..*_t_bit$/, ['tag reflected', 'tag not reflected']],
  [/^sctp\.data_b_bit$/, ['first segment', 'subsequent segment']],
  [/^sctp\.data_e_bit$/, ['last segment', 'not the last segment']],
  [/^sctp\.data_i_bit$/, ['send sack immediately', 'possibly delay sack']],
  [/^sctp\.data_u_bit$/, ['unordered delivery', 'ordered delivery']],
  [/^sctp\.i_forward_tsn_u_bit$/, ['unordered messages', 'ordered messages']],
];
