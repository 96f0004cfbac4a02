import { ETHERTYPE_BRIDGED, ETHERTYPE_IPV4 } from '../ethernet/ether-types.js';
import { headerDissector } from '../header.js';
import type { Dissector, Tell } from '../layer.js';
import type { Layout } from '../wire/layout.js';
import type { Limit } from '../wire/stop.js';
import { otherPlatform, PLATFORMS, typeThreeRest, typeThreeStart, typeTwoRest, typeTwoStart } from './layout.js';

const { version, spanid } = typeTwoStart.fields;
const TYPE_TWO = 1;
const TYPE_THREE = 2;
/** The frame type of a mirrored IP packet. */
const IP_FRAME = 2;

function partsOf(view: DataView, at: number, limit: Limit): readonly Layout[] {
  if (version.read(view, at) === TYPE_TWO) return [typeTwoRest];
  const rest = at + typeThreeStart.size;
  const more = rest + typeThreeRest.size;
  // The platform that tells the form of the optional part may be cut off; how long it is is known.
  if (more > limit.captured || typeThreeRest.fields.o.read(view, rest) === 0) return [typeThreeRest];
  if (more + otherPlatform.size > limit.captured) return [typeThreeRest, otherPlatform];
  return [typeThreeRest, PLATFORMS.get(otherPlatform.fields.platid.read(view, more)) ?? otherPlatform];
}

/** Frames that a switch mirrors, of types II and III. */
const declared = headerDissector({
  name: 'erspan',
  title: 'Encapsulated Remote Switch Packet Analysis',
  short: 'ERSPAN',
  layout: typeTwoStart,
  forms: {
    all: [typeThreeStart],
    of: (view, at) => (version.read(view, at) === TYPE_TWO ? typeTwoStart : typeThreeStart),
  },
  parts: { all: [typeTwoRest, typeThreeRest, otherPlatform, ...PLATFORMS.values()], of: partsOf },
  isMine: (view, at) => version.read(view, at) === TYPE_TWO || version.read(view, at) === TYPE_THREE,
  next: (view, at) => {
    const rest = at + typeThreeStart.size;
    const isIp = version.read(view, at) === TYPE_THREE && typeThreeRest.fields.ft.read(view, rest) === IP_FRAME;
    return { table: 'ethertype', key: isIp ? ETHERTYPE_IPV4 : ETHERTYPE_BRIDGED };
  },
  note: (view, at) => `session ${spanid.read(view, at)}`,
});

/** A layer of type I has no bytes: only GRE tells that the frame in it is a mirrored one. */
const isBare = ({ at, end }: { readonly at: number; readonly end: number }): boolean => at === end;

const tell: Tell = (view, layer, sink) => {
  if (!isBare(layer)) return declared.tell(view, layer, sink);
  sink.open('erspan', `${declared.title}, type I`, layer.at, layer.at);
  sink.close();
};

export const erspan: Dissector = {
  ...declared,
  tell,
  summary: (view, layer) => (isBare(layer) ? 'ERSPAN type I' : declared.summary(view, layer)),
};

/** Frames that a switch mirrors without a header of their own: type I. */
export const erspanBare: Dissector = {
  ...erspan,
  dissect: (_view, at, limit) => ({ ok: true, at, limit, table: 'ethertype', key: ETHERTYPE_BRIDGED }),
};
