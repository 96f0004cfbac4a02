import { ChannelRewriter } from '../channel-rewriter.js';
import { type AddressRule, type End, ipRule, macBytes, macRule } from '../rewrite/address-rule.js';
import { anonymizer } from '../rewrite/anonymizer.js';
import { keyFrom } from '../rewrite/crypto-pan.js';
import { type FieldChange, fieldChange } from '../rewrite/field-change.js';
import type { FrameChanges, PortRule } from '../rewrite/frame-change.js';
import { LINK_NAMES, type LinkChanges, type LinkName, type Tag } from '../rewrite/link-change.js';
import { momentFrom, nanosFrom, type TimeChanges } from '../rewrite/packet-times.js';
import { type Pick, pickFrom, rangesFrom } from '../rewrite/picking.js';
import { at, CraftError } from './craft-error.js';
import { changesOf } from './inject-arguments.js';
import type { RewriteOptions } from './rewrite-options.js';

/** Bytes that are taken out of every packet. */
export interface Chop {
  readonly offset: number;
  /** Below 0: from the end on. */
  readonly count: number;
  readonly adjustsLength: boolean;
}

/** What is to become of a capture, packet by packet. */
export interface RewritePlan {
  readonly frames: FrameChanges;
  readonly links: LinkChanges;
  readonly times: TimeChanges;
  readonly only: Pick | undefined;
  readonly drop: readonly Pick[];
  readonly duplicate: readonly Pick[];
  readonly reorder: readonly Pick[];
  /** How many packets back one that is the same is looked for; 0 for none. */
  readonly window: number;
  readonly snaplen: number | undefined;
  readonly chop: Chop | undefined;
  /** The probability of each byte to be damaged. */
  readonly error: number;
  readonly comments: ReadonlyMap<number, readonly string[]>;
}

/** @throws {CraftError} saying which option is wrong, and what was expected */
export function planOf(options: RewriteOptions): RewritePlan {
  const all = (option: string, texts: readonly string[]) => texts.map((text) => at(option, () => pickFrom(text)));
  const { dedup, packets, snaplen } = options;
  return {
    frames: framesOf(options),
    links: linksOf(options),
    times: timesOf(options),
    only: packets === undefined ? undefined : { by: 'number', ranges: at('--packets', () => rangesFrom(packets)) },
    drop: all('--drop', options.drop),
    duplicate: all('--duplicate', options.duplicate),
    reorder: all('--reorder', options.reorder),
    window: dedup === true ? USUAL_WINDOW : (dedup ?? 0),
    snaplen,
    chop: chopOf(options),
    error: options.error ?? 0,
    comments: commentsOf(options.comment),
  };
}

/** As many as editcap looks at. */
const USUAL_WINDOW = 5;

function framesOf(options: RewriteOptions): FrameChanges {
  const { anonymize, deanonymize, fixChecksums = false, fixLengths = false, repair } = options;
  if (anonymize !== undefined && deanonymize !== undefined) {
    throw new CraftError('--deanonymize: does not go with --anonymize');
  }
  if (fixChecksums && !repair) throw new CraftError('--no-repair: does not go with --fix-checksums');
  const hidden =
    anonymize === undefined
      ? undefined
      : anonymizer(
          at('--anonymize', () => keyFrom(anonymize)),
          'replace',
        );
  const shown =
    deanonymize === undefined
      ? undefined
      : anonymizer(
          at('--deanonymize', () => keyFrom(deanonymize)),
          'restore',
        );
  const secret = hidden ?? shown;
  return {
    addresses: addressesOf(options),
    ports: [
      ...portRules('any', '--port', options.port),
      ...portRules('src', '--src-port', options.srcPort),
      ...portRules('dst', '--dst-port', options.dstPort),
    ],
    fields: [...options.set.map((text) => at('--set', () => fieldChange(text))), ...ttlOf(options.ttl)],
    ...(secret && { anonymizer: secret }),
    channel: new ChannelRewriter(changesOf(options)),
    repair: !repair ? 'none' : fixChecksums ? 'anew' : 'keep',
    fixLengths,
  };
}

function addressesOf(options: RewriteOptions): readonly AddressRule[] {
  const rules = (end: End, option: string, texts: readonly string[], rule: typeof ipRule) =>
    texts.map((text) => at(option, () => rule(end, text)));
  return [
    ...rules('src', '--src', options.src, ipRule),
    ...rules('dst', '--dst', options.dst, ipRule),
    ...rules('any', '--address', options.address, ipRule),
    ...rules('src', '--src-mac', options.srcMac, macRule),
    ...rules('dst', '--dst-mac', options.dstMac, macRule),
    ...rules('any', '--mac', options.mac, macRule),
  ];
}

function portRules(end: End, option: string, texts: readonly string[]): readonly PortRule[] {
  return texts.map((text) => {
    const [, from, to] = /^(?:(\d{1,5})=)?(\d{1,5})$/.exec(text) ?? [];
    if (to === undefined || (from === undefined && end === 'any'))
      throw new CraftError(`${option}: "${text}" is not OLD=NEW`);
    if (Number(from ?? 0) > 0xffff || Number(to) > 0xffff)
      throw new CraftError(`${option}: "${text}": ports end at 65535`);
    return { end, to: Number(to), ...(from !== undefined && { from: Number(from) }) };
  });
}

function ttlOf(text: string | undefined): readonly FieldChange[] {
  if (text === undefined) return [];
  const [, sign = '', number] = /^([+-]?)(\d{1,3})$/.exec(text) ?? [];
  if (number === undefined || Number(number) > 255) throw new CraftError(`--ttl: "${text}" is not a number up to 255`);
  const operator = `${sign}=` as FieldChange['operator'];
  return ['ip.ttl', 'ipv6.hlim'].map((path) => ({ path, operator, text: number }));
}

function linksOf(options: RewriteOptions): LinkChanges {
  const { linkType, dropVlan, encapsulation } = options;
  if (linkType !== undefined && encapsulation !== undefined) {
    throw new CraftError('--encapsulation: does not go with --link-type');
  }
  const macOf = (option: string, texts: readonly string[]) => {
    const text = texts.find((one) => !one.includes('='));
    return text === undefined ? undefined : at(option, () => macBytes(text));
  };
  const [src, dst] = [macOf('--src-mac', options.srcMac), macOf('--dst-mac', options.dstMac)];
  return {
    addTags: options.addVlan.map(tagFrom),
    dropTags: dropVlan === true ? 1 : (dropVlan ?? 0),
    tagIds: new Map(options.vlan.map(tagIdFrom)),
    // The names are those that the option takes.
    ...(linkType !== undefined && { linkType: linkType as LinkName }),
    macs: { ...(src && { src }), ...(dst && { dst }) },
  };
}

/** The largest VLAN id: 12 bits. Source: IEEE 802.1Q, section 9.6. */
const MOST_TAG = 4095;

function tagFrom(text: string): Tag {
  const [, id, priority = '0', type = '8100'] = /^(\d{1,4})(?::([0-7])(?::([0-9a-f]{4}))?)?$/i.exec(text) ?? [];
  if (id === undefined || Number(id) > MOST_TAG) {
    throw new CraftError(`--add-vlan: "${text}" is not ID[:PRIORITY[:TYPE]], such as 7 or 7:5:88a8`);
  }
  return { id: Number(id), priority: Number(priority), type: Number.parseInt(type, 16) };
}

function tagIdFrom(text: string): readonly [number, number] {
  const [, from = '-1', to] = /^(?:(\d{1,4})=)?(\d{1,4})$/.exec(text) ?? [];
  if (to === undefined || Number(to) > MOST_TAG || Number(from) > MOST_TAG) {
    throw new CraftError(`--vlan: "${text}" is not [OLD=]NEW, with ids up to ${MOST_TAG}`);
  }
  return [Number(from), Number(to)];
}

function timesOf({ timeShift, timeScale, timeStart, time, rate, strictTime }: RewriteOptions): TimeChanges {
  return {
    ...(timeScale !== undefined && { scale: timeScale }),
    ...(timeShift !== undefined && { shift: at('--time-shift', () => nanosFrom(timeShift)) }),
    ...(timeStart !== undefined && { start: at('--time-start', () => momentFrom(timeStart)) }),
    ...(time !== undefined && { set: at('--time', () => momentFrom(time)) }),
    ...(rate !== undefined && { every: BigInt(Math.round(1e9 / rate)) }),
    ...(strictTime && { strict: true }),
  };
}

function chopOf({ chop, adjustLength = false }: RewriteOptions): Chop | undefined {
  if (chop === undefined) return undefined;
  const [, offset = '0', count] = /^(?:(\d{1,9}):)?(-?\d{1,9})$/.exec(chop) ?? [];
  if (count === undefined) throw new CraftError(`--chop: "${chop}" is not [OFFSET:]N`);
  return { offset: Number(offset), count: Number(count), adjustsLength: adjustLength };
}

function commentsOf(texts: readonly string[]): ReadonlyMap<number, readonly string[]> {
  const comments = new Map<number, string[]>();
  for (const text of texts) {
    const [, number, comment] = /^(\d{1,15}):(.*)$/s.exec(text) ?? [];
    if (number === undefined || comment === undefined) throw new CraftError(`--comment: "${text}" is not NUMBER:TEXT`);
    const list = comments.get(Number(number)) ?? [];
    comments.set(Number(number), [...list, comment]);
  }
  return comments;
}

/** The link type that all packets of the new capture have, if it is another one. */
export const newLinkType = ({ linkType, encapsulation }: RewriteOptions): number | undefined =>
  linkType === undefined ? encapsulation : LINK_NAMES[linkType as LinkName];
