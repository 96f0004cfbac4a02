import { ETHERTYPE_BRIDGED, ETHERTYPE_PPP } from '../ethernet/ether-types.js';
import { looksLikeEthernet } from '../ethernet/guess.js';
import { headerDissector, type Next, type Tail } from '../header.js';
import { PROTOCOL_L2TP } from '../ipv4/protocols.js';
import type { Dissector, Layer } from '../layer.js';
import { fieldsOf, type Layout } from '../wire/layout.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
import { type Limit, within } from '../wire/stop.js';
import { tellAttributes } from './attributes.js';
import {
  attributeHead,
  connectionPart,
  l2tpFlags,
  lengthPart,
  longCookie,
  offsetPart,
  reservedPart,
  sequencePart,
  sessionPart,
  shortCookie,
  tunnelPart,
  versionThreeFlags,
} from './layout.js';

/** Its port. Source: RFC 2661, section 8.1. */
export const PORT_L2TP = 1701;

const { type, version, length_bit, seq_bit, offset_bit } = l2tpFlags.fields;
const VERSION_TWO = 2;
const VERSION_THREE = 3;

const isControl = (view: DataView, flags: number): boolean => type.read(view, flags) === 1;
const isThree = (view: DataView, flags: number): boolean => version.read(view, flags) === VERSION_THREE;

/** The parts that follow the flags at `flags`. */
function partsOf(view: DataView, flags: number): readonly Layout[] {
  const has = length_bit.read(view, flags);
  const numbered = seq_bit.read(view, flags);
  if (isThree(view, flags) && !isControl(view, flags)) return [reservedPart, sessionPart];
  const parts: Layout[] = has ? [lengthPart] : [];
  parts.push(isThree(view, flags) ? connectionPart : tunnelPart);
  if (numbered) parts.push(sequencePart);
  if (!isThree(view, flags) && offset_bit.read(view, flags)) parts.push(offsetPart);
  return parts;
}

/** The limit of the message whose flags are at `flags`: its length may be left out. */
const messageLimit = (view: DataView, flags: number, limit: Limit): Limit =>
  length_bit.read(view, flags) && !(isThree(view, flags) && !isControl(view, flags))
    ? within(flags, lengthPart.fields.length.read(view, flags + l2tpFlags.size), limit)
    : limit;

/**
 * In bytes: the cookie before the frame at `at`, whose size the two ends agreed on when they set the session up. An
 * Ethernet header of a known EtherType behind it is what gives it away.
 */
function cookieSize(view: DataView, at: number, limit: Limit): number {
  const sizes = [0, shortCookie.size, longCookie.size];
  return sizes.find((size) => looksLikeEthernet(view, at + size, limit)) ?? 0;
}

/** What follows the parts of a header whose flags are at `flags`; without flags a session id stands before it. */
function tailEnd(view: DataView, flags: number | undefined, start: number, limit: Limit): number {
  if (flags === undefined) return start + cookieSize(view, start, limit);
  if (isControl(view, flags)) return Math.max(start, messageLimit(view, flags, limit).wire);
  if (isThree(view, flags)) return start + cookieSize(view, start, limit);
  // Padding follows the field that counts it.
  return offset_bit.read(view, flags) ? start + offsetPart.fields.offset.read(view, start - offsetPart.size) : start;
}

function tellTail(view: DataView, flags: number | undefined, start: number, limit: Limit, sink: FieldSink): void {
  if (flags !== undefined && isControl(view, flags)) return tellAttributes(view, start, limit, sink);
  if (flags !== undefined && !isThree(view, flags)) return;
  const size = limit.captured - start;
  if (size > 0) tellLayout(sink, size === longCookie.size ? longCookie : shortCookie, view, start, limit);
}

const tailOf = (flagsAt: (view: DataView, at: number) => number | undefined): Tail => ({
  fields: fieldsOf(longCookie, attributeHead),
  end: (view, at, start, limit) => tailEnd(view, flagsAt(view, at), start, limit),
  tell: (view, at, start, limit, sink) => tellTail(view, flagsAt(view, at), start, limit, sink),
});

function nextOf(view: DataView, flags: number | undefined, end: number, limit: Limit): Next {
  const inside = flags === undefined ? limit : messageLimit(view, flags, limit);
  if ((flags !== undefined && isControl(view, flags)) || end >= inside.wire) {
    return { at: Math.min(end, limit.captured), limit: inside, table: 'none', key: 0 };
  }
  if (flags !== undefined && !isThree(view, flags)) return { limit: inside, table: 'ethertype', key: ETHERTYPE_PPP };
  // What a session of version 3 carries is told when it is set up; mostly it is Ethernet.
  if (looksLikeEthernet(view, end, inside)) return { limit: inside, table: 'ethertype', key: ETHERTYPE_BRIDGED };
  return { limit: inside, table: 'payload', key: 0 };
}

const TITLE = { name: 'l2tp', title: 'Layer 2 Tunneling Protocol', short: 'L2TP' };
const ALL_PARTS = [lengthPart, tunnelPart, sequencePart, offsetPart, connectionPart, reservedPart, sessionPart];

const overUdp = headerDissector({
  ...TITLE,
  layout: l2tpFlags,
  forms: { all: [versionThreeFlags], of: (view, at) => (isThree(view, at) ? versionThreeFlags : l2tpFlags) },
  parts: { all: ALL_PARTS, of: partsOf },
  tail: tailOf((_view, at) => at),
  isMine: (view, at) => isThree(view, at) || version.read(view, at) === VERSION_TWO,
  next: (view, at, end, limit) => nextOf(view, at, end, limit),
  note: (view, at) => `version ${version.read(view, at)}, ${type.names(type.read(view, at))}`,
});

const { sid } = sessionPart.fields;
/** The session id of control messages over IP, behind which the flags follow. */
const flagsBehind = (view: DataView, at: number): number | undefined =>
  sid.read(view, at) === 0 ? at + sessionPart.size : undefined;

const direct = headerDissector({
  ...TITLE,
  layout: sessionPart,
  parts: {
    all: [versionThreeFlags, ...ALL_PARTS],
    of: (view, at, limit) => {
      const flags = flagsBehind(view, at);
      if (flags === undefined) return [];
      return flags + l2tpFlags.size > limit.captured
        ? [versionThreeFlags]
        : [versionThreeFlags, lengthPart, connectionPart, sequencePart];
    },
  },
  tail: tailOf(flagsBehind),
  next: (view, at, end, limit) => nextOf(view, flagsBehind(view, at), end, limit),
  note: (view, at) => `session 0x${sid.read(view, at).toString(16).padStart(8, '0')}`,
});

/** What stops in a header without UDP beneath it says so: the two headers have nothing in common. */
const isDirect = ({ facts, stop }: Layer): boolean =>
  facts?.type === 'form' ? facts.key === PROTOCOL_L2TP : stop?.what === sid.path;

export const l2tp: Dissector = {
  ...overUdp,
  fields: [...new Map([...overUdp.fields, ...direct.fields].map((field) => [field.path, field])).values()],
  tell: (view, layer, sink) => (isDirect(layer) ? direct : overUdp).tell(view, layer, sink),
  summary: (view, layer) => (isDirect(layer) ? direct : overUdp).summary(view, layer),
};

/** L2TP of version 3 right over IP. Source: RFC 3931, section 4.1.1. */
export const l2tpDirect: Dissector = {
  ...l2tp,
  dissect: (view, at, limit, context) => {
    const found = direct.dissect(view, at, limit, context);
    if (!found) return found;
    return found.ok ? { ...found, facts: { type: 'form', key: PROTOCOL_L2TP } } : { ...found, what: sid.path };
  },
};
