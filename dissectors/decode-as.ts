import type { Dissector, LayerName, Table } from './layer.js';
import { dissectorNamed, STREAM_APPLICATIONS, type StreamedApplication, streamPlaceOf } from './registry.js';

/** Tables whose keys a user may give another meaning, by their names in Wireshark. */
export const DECODE_AS_TABLES = ['udp.port', 'tcp.port', 'ethertype', 'ip.proto'] as const;
export type DecodeAsTable = (typeof DECODE_AS_TABLES)[number];

/** What the payload behind some keys of a table is to be read as. */
export interface DecodeAs {
  readonly table: DecodeAsTable;
  /** The first and the last key. */
  readonly from: number;
  readonly to: number;
  readonly dissector: Dissector;
}

/** The dissector that a name stands for, if one does. */
export const dissectorCalled = (name: string): Dissector | undefined => dissectorNamed(name as LayerName);

/** The dissector that a user has put in the place of that of a key, if one was. */
export const overrideFor = (rules: readonly DecodeAs[], table: Table, key: number): Dissector | undefined =>
  rules.findLast((rule) => rule.table === table && key >= rule.from && key <= rule.to)?.dissector;

/** The protocols whose PDUs are cut out of TCP streams, with the ports that a user has given them. */
export function streamsWith(rules: readonly DecodeAs[]): readonly StreamedApplication[] {
  const ports = rules.filter(({ table }) => table === 'tcp.port');
  return STREAM_APPLICATIONS.map((application, place) => {
    const { tcpPorts = [] } = application;
    const own = ports.filter(({ dissector }) => streamPlaceOf(dissector) === place);
    const added = own.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, step) => from + step));
    const left = tcpPorts.filter((port) => overrideFor(rules, 'tcp.port', port) === undefined);
    return { ...application, tcpPorts: [...left, ...added] };
  });
}
