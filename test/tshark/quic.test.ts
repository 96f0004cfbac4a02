import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { WORDS } from '../../dissectors/quic/words.js';
import { running } from '../analyzer/commands/running.js';
import { tsharkVersion } from './tshark.js';

const FIXTURE = 'fixtures/quic.pcap';
/** Ours alone: Wireshark has no name for the verdict on a Retry. */
const OWN: ReadonlySet<string> = new Set(['quic.retry.status']);
const HELLO = ['tls.handshake.type', 'tls.handshake.extensions_server_name', 'tls.handshake.ciphersuite'];
const FIELDS = [...new Set(Object.values(WORDS).map(({ path }) => path))].filter((path) => !OWN.has(path));

const rowsOf = (text: string): readonly (readonly string[])[] =>
  text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => line.split('\t').map((value) => value.replaceAll(':', '')));

/** Where the two programs differ: the packet, the field. */
async function differences(fields: readonly string[]): Promise<readonly string[]> {
  const asked = ['-E', 'aggregator=|', ...fields.flatMap((field) => ['-e', field])];
  const given = ['-r', FIXTURE, '-n', '-T', 'fields', ...asked];
  const theirs = rowsOf(spawnSync('tshark', given, { encoding: 'utf8' }).stdout);
  const ours = rowsOf((await running(['decode', '-T', 'fields', ...asked, FIXTURE])).stdout);
  expect(ours).toHaveLength(theirs.length);
  return ours.flatMap((row, place) =>
    row.flatMap((value, column) => (value === theirs[place]?.[column] ? [] : [`${place + 1} ${fields[column]}`])),
  );
}

test.skipIf(tsharkVersion() === undefined)(
  'tshark reads the same fields of QUIC, but after a forged Retry',
  async () => {
    // It looks for the connection of packet 24 by the id of the Retry, which the client ignored.
    expect(await differences(FIELDS)).toEqual([
      '24 quic.connection.number',
      '24 quic.dcid',
      '24 quic.remaining_payload',
    ]);
  },
);

test.skipIf(tsharkVersion() === undefined)(
  'tshark reads the same hellos, but not those that are sent again',
  async () => {
    expect(await differences(HELLO)).toEqual([7, 15].flatMap((packet) => HELLO.map((field) => `${packet} ${field}`)));
  },
);
