import { type Dissector, type LayerName, NOT_MINE } from '../layer.js';
import { type AnnouncedFlow, FLOW_KEYS } from './announced.js';
import type { Tells } from './first-bytes.js';
import { type NamedProtocol, namedDissector } from './protocol.js';
import { NAMED_PROTOCOLS } from './protocols.js';

type Lead = readonly [key: number, dissector: Dissector];

const made: ReadonlyMap<LayerName, Dissector> = new Map(
  NAMED_PROTOCOLS.map((protocol) => [protocol.name, namedDissector(protocol)]),
);

const leadsOf = (keysOf: (protocol: NamedProtocol) => readonly number[] | undefined): readonly Lead[] =>
  NAMED_PROTOCOLS.flatMap((protocol) => {
    const dissector = made.get(protocol.name);
    return dissector ? (keysOf(protocol) ?? []).map((key) => [key, dissector] as const) : [];
  });

/** The same dissector, for bytes that must tell themselves whose they are. @param stream what their stream then carries */
const guessing = (dissector: Dissector, tells: Tells, stream?: AnnouncedFlow): Dissector => ({
  ...dissector,
  dissect: (view, at, limit, context) => {
    if (!tells(view, at, limit)) return NOT_MINE;
    const found = dissector.dissect(view, at, limit, context);
    if (!found?.ok || !stream) return found;
    return { ...found, announced: [...(found.announced ?? []), { flow: stream, endpoint: undefined }] };
  },
});

const guessesOf = (
  tellsOf: (protocol: NamedProtocol) => Tells | undefined,
  streamOf: (protocol: NamedProtocol) => AnnouncedFlow | undefined = () => undefined,
): readonly Dissector[] =>
  NAMED_PROTOCOLS.flatMap((protocol) => {
    const dissector = made.get(protocol.name);
    const tells = tellsOf(protocol);
    return dissector && tells ? [guessing(dissector, tells, streamOf(protocol))] : [];
  });

export const NAMED_DISSECTORS: readonly Dissector[] = [...made.values()];
export const NAMED_UDP_PORTS = leadsOf(({ udp }) => udp);
export const NAMED_TCP_PORTS = leadsOf(({ tcp }) => tcp);
export const NAMED_IP_PROTOCOLS = leadsOf(({ ip }) => ip);
/** What a message of another protocol has announced. */
export const NAMED_FLOWS = leadsOf(({ flow, stream }) => [
  ...(flow === undefined ? [] : [flow]),
  ...(stream === undefined ? [] : [FLOW_KEYS[stream]]),
]);
export const NAMED_TYPES = leadsOf(({ type }) => type);
export const NAMED_ON_ANY_UDP_PORT = guessesOf(({ anyUdp }) => anyUdp);
export const NAMED_ON_ANY_TCP_PORT = guessesOf(
  ({ anyTcp }) => anyTcp,
  ({ stream }) => stream,
);
