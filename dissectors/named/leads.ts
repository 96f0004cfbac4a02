import { type Dissector, type LayerName, NOT_MINE } from '../layer.js';
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

/** The same dissector, for bytes that must tell themselves whose they are. */
const guessing = (dissector: Dissector, tells: Tells): Dissector => ({
  ...dissector,
  dissect: (view, at, limit, context) =>
    tells(view, at, limit) ? dissector.dissect(view, at, limit, context) : NOT_MINE,
});

const guessesOf = (tellsOf: (protocol: NamedProtocol) => Tells | undefined): readonly Dissector[] =>
  NAMED_PROTOCOLS.flatMap((protocol) => {
    const dissector = made.get(protocol.name);
    const tells = tellsOf(protocol);
    return dissector && tells ? [guessing(dissector, tells)] : [];
  });

export const NAMED_DISSECTORS: readonly Dissector[] = [...made.values()];
export const NAMED_UDP_PORTS = leadsOf(({ udp }) => udp);
export const NAMED_TCP_PORTS = leadsOf(({ tcp }) => tcp);
export const NAMED_IP_PROTOCOLS = leadsOf(({ ip }) => ip);
/** What a message of another protocol has announced. */
export const NAMED_FLOWS = leadsOf(({ flow }) => (flow === undefined ? undefined : [flow]));
export const NAMED_TYPES = leadsOf(({ type }) => type);
export const NAMED_ON_ANY_UDP_PORT = guessesOf(({ anyUdp }) => anyUdp);
export const NAMED_ON_ANY_TCP_PORT = guessesOf(({ anyTcp }) => anyTcp);
